//! A generator whose weights are packed.

use ai4fashion_kernels::{Activation, has_kernels, nn::PackedConv, tanh};
use burn::{module::Module, tensor::Tensor};

use super::{generator::Generator, layers::upsample::Upsample};

/// A generator for inference: its weights are packed once, for many images.
///
/// Its images are those of the generator in evaluation mode ([`Module::valid`]), byte by byte;
/// single ones take less time. It holds the weights once more (those of nearest-neighbour
/// upsampling as 4x4 kernels). Later changes of the generator do not reach it.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, Generator, burn::tensor::Tensor, cpu, model::PackedGenerator,
/// };
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let generator = Generator::new(&config, &cpu())?;
/// let packed = PackedGenerator::new(&generator);
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
    /// Packs the weights of `generator` as they are now.
    #[must_use]
    pub fn new(generator: &Generator) -> Self {
        let generator = if generator.device().is_autodiff() {
            generator.valid()
        } else {
            generator.clone()
        };
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
            generator,
            convolutions,
        }
    }

    /// The generator in evaluation mode that this one was packed from.
    pub(crate) fn generator(&self) -> &Generator {
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
        let has_kernels = has_kernels(&input.device());
        let layers = || {
            let convolved = self.convolutions.iter();
            tanh(convolved.fold(input, |x, convolution| convolution.forward(x)))
        };
        if has_kernels {
            // Enters the thread pool once, not for each product.
            rayon::join(layers, || ()).0
        } else {
            layers()
        }
    }
}
