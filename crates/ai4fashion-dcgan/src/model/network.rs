//! The traits that the trainer and the files of weights ask of a network.

use burn::{module::Module, tensor::Tensor};

/// A network whose weights can be saved, under names of its own choice.
///
/// ```
/// use ai4fashion_dcgan::model::NamedWeights;
/// use ai4fashion_dcgan::burn::{self, module::Module, nn::Linear};
///
/// #[derive(Module, Debug)]
/// struct Encoder {
///     inner: Linear,
/// }
///
/// impl NamedWeights for Encoder {
///     fn weight_prefixes(&self) -> Vec<(String, String)> {
///         vec![("inner.".to_owned(), "encoder.0.".to_owned())]
///     }
/// }
/// ```
pub trait NamedWeights: Module {
    /// Pairs of prefixes of tensor names: in the module and in files, such as `("output.",
    /// "main.12.")`.
    ///
    /// They are taken literally; the longest prefix that fits a tensor counts, and other tensors
    /// keep their names. Modules whose prefix ends in `.norm.` are saved as batch norms, like
    /// PyTorch's `BatchNorm2d`.
    fn weight_prefixes(&self) -> Vec<(String, String)> {
        Vec::new()
    }
}

/// A network that generates images from noise.
///
/// ```rust
/// use ai4fashion_dcgan::{
///     DcganConfig, Discriminator, Error, Generator, TrainState, Trainer,
///     burn::{self, module::Module, tensor::Tensor},
///     cpu,
///     image::{Rgb, RgbImage},
///     model::{GeneratorModel, NamedWeights},
/// };
///
/// /// A generator of symmetric images.
/// #[derive(Module, Debug)]
/// struct Symmetric {
///     inner: Generator,
/// }
///
/// impl NamedWeights for Symmetric {}
///
/// impl GeneratorModel for Symmetric {
///     fn generate(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
///         let images = self.inner.generate(noise, classes);
///         (images.clone() + images.flip([3])).div_scalar(2.0)
///     }
/// }
///
/// fn main() -> Result<(), Error> {
///     let images: Vec<_> = (0..8).map(|i| RgbImage::from_pixel(8, 8, Rgb([i * 30, 80, 200]))).collect();
///     let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_epochs(2);
///     let device = cpu().autodiff();
///     let generator = Symmetric { inner: Generator::new(&config, &device)? };
///     let discriminator = Discriminator::new(&config, &device)?;
///     let state = TrainState::with_networks(&config, generator, discriminator, &device)?;
///     let trainer = Trainer::new(config, device)?;
///     let output = trainer.prepare(&images)?.train(state, &mut [])?;
///     assert_eq!(output.state.steps_done(), 2);
///     Ok(())
/// }
/// ```
pub trait GeneratorModel: NamedWeights {
    /// Generates an image for each noise vector.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - `classes`: `[batch, classes]`, see [`Condition::one_hot`](crate::Condition::one_hot);
    ///   `None` without a condition
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    fn generate(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4>;
}

/// A network that discriminates real from generated images.
pub trait DiscriminatorModel: NamedWeights {
    /// Computes the logit of each image being real.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - `classes`: as in [`GeneratorModel::generate`]
    /// - returns: `[batch]`, any value
    fn discriminate(&self, images: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1>;
}

/// Prefixes of the blocks in an `nn.Sequential` like the tutorial's: the convolution of the first
/// one is its entry `first`, and `entries` of them further on is that of the next one. Batch norm
/// follows the convolution.
pub(super) fn block_names(first: usize, blocks: usize, entries: usize) -> Vec<(String, String)> {
    let names = (0..blocks).flat_map(|block| {
        let at = first + entries * block;
        [
            (format!("blocks.{block}.conv."), format!("main.{at}.")),
            (format!("blocks.{block}.norm."), format!("main.{}.", at + 1)),
        ]
    });
    names.collect()
}
