//! A generator whose weights are packed.

use ai4fashion_kernels::{Activation, nn::PackedConv, tanh};
use burn::tensor::Tensor;

use super::{generator::Generator, layers::upsample::Upsample};

/// A generator for inference: its weights are packed once, for many images.
///
/// Its images are those of a [`Generator`] in evaluation mode, byte by byte; single ones come about
/// twice as fast. It holds as much memory again as the weights take. Later changes of the generator
/// do not reach it.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, burn::tensor::Tensor, cpu};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let generator = Generator::new(&config, &cpu())?;
/// let packed = generator.packed();
/// let noise = Tensor::ones([1, 4, 1, 1], &cpu());
/// let image = packed.forward(noise.clone(), None);
/// assert_eq!(image.into_data(), generator.forward(noise).into_data());
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PackedGenerator {
    generator: Generator,
    /// With their batch norms; the last one has none.
    convolutions: Vec<PackedConv>,
}

impl PackedGenerator {
    pub(super) fn new(generator: &Generator) -> Self {
        let mut side = 1;
        let mut pack = |layer: &Upsample| {
            let packed = layer.packed(side);
            side = layer.enlarged(side);
            packed
        };
        let blocks = generator.blocks.iter();
        let mut convolutions: Vec<_> = blocks
            .map(|block| block.norm.after(pack(&block.conv), Activation::Relu))
            .collect();
        convolutions.push(pack(&generator.output));
        Self {
            generator: generator.clone(),
            convolutions,
        }
    }

    /// Returns the generator that this one was packed from.
    #[must_use]
    pub fn generator(&self) -> &Generator {
        &self.generator
    }

    /// Generates an image for each noise vector, of the given classes if the network has classes.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    ///
    /// # Panics
    /// As [`Generator::forward_conditional`].
    #[must_use]
    #[track_caller]
    pub fn forward(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        let input = self.generator.input(noise, classes);
        let layers = || {
            let convolved = self.convolutions.iter();
            tanh(convolved.fold(input, |x, convolution| convolution.forward(x)))
        };
        // In the thread pool at once: coming to it anew for each product takes longer than some.
        rayon::join(layers, || ()).0
    }
}
