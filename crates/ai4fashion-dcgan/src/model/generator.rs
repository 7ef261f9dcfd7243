//! The tutorial's generator.

use ai4fashion_kernels::{Activation, Precision, tanh};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};

use crate::{
    config::DcganConfig,
    error::Error,
    model::{
        classes::{check_classes, classes_mismatch},
        layers::{batch_norm::BatchNorm, init::Init, upsample::Upsample},
        network::{GeneratorModel, NamedWeights, block_names},
    },
    random::Stream,
};

/// Length of the embedding of an image's classes.
const EMBEDDING: usize = 32;

/// The generator: it generates images from noise.
///
/// Transposed 4x4 convolutions without bias, each except the last followed by batch norm and
/// `ReLU`, and a tanh at the end: 3,576,704 parameters at 64x64 with `nz` 100 and `ngf` 64.
///
/// With [`Upsampling::Nearest`](crate::model::Upsampling::Nearest) all but the first are
/// nearest-neighbour upsampling and 3x3 convolutions: 2,371,136 parameters.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, burn::tensor::Tensor, cpu, data::to_images};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4);
/// let generator = Generator::new(&config, &cpu())?;
/// let images = to_images(generator.forward(Tensor::ones([2, 4, 1, 1], &cpu())));
/// assert_eq!((images.len(), images[0].dimensions()), (2, (8, 8)));
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Module, Debug)]
pub struct Generator {
    embedding: Option<Param<Tensor<2>>>,
    pub(super) blocks: Vec<Upward>,
    pub(super) output: Upsample,
}

/// A convolution and its batch norm.
#[derive(Module, Debug)]
pub(super) struct Upward {
    pub(super) conv: Upsample,
    pub(super) norm: BatchNorm,
}

impl Generator {
    /// Creates a generator with random weights from the configuration's seed.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        let init = &mut Init::new(config.seed, Stream::GeneratorWeights);
        let doublings = config.doublings();
        let mut width = config.ngf << (doublings - 1);
        let classes = config.condition.classes();
        let embedding = (classes > 0).then(|| init.matrix([classes, EMBEDDING], device));
        let input = config.nz + if classes > 0 { EMBEDDING } else { 0 };
        let mut blocks = vec![Upward {
            conv: Upsample::opening(input, width, init, device),
            norm: BatchNorm::new(width, init, device),
        }];
        for _ in 1..doublings {
            let channels = [width, width / 2];
            blocks.push(Upward {
                conv: Upsample::doubling(config.upsampling, channels, init, device),
                norm: BatchNorm::new(width / 2, init, device),
            });
            width /= 2;
        }
        let channels = [width, config.channels];
        let generator = Self {
            embedding,
            blocks,
            output: Upsample::doubling(config.upsampling, channels, init, device),
        };
        Ok(generator.with_precision(config.precision))
    }

    /// Sets the precision of the generator's convolutions, forward and backward; default the
    /// configuration's.
    #[must_use]
    pub fn with_precision(mut self, precision: Precision) -> Self {
        let set_block = |Upward { conv, norm }| Upward {
            conv: conv.with_precision(precision),
            norm,
        };
        self.blocks = self.blocks.into_iter().map(set_block).collect();
        self.output = self.output.with_precision(precision);
        self
    }

    /// Returns the length of the generator's noise vectors.
    #[must_use]
    pub fn nz(&self) -> usize {
        let first = self.blocks.first().map_or(&self.output, |block| &block.conv);
        first.weight.val().dims()[0] - self.embedding.as_ref().map_or(0, |_| EMBEDDING)
    }

    /// Returns the number of classes that the generator is conditioned on; 0 without a condition.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.embedding.as_ref().map_or(0, |classes| classes.dims()[0])
    }

    /// Returns the device of the generator's weights.
    #[must_use]
    pub fn device(&self) -> Device {
        self.output.weight.val().device()
    }

    /// The number of blocks of convolution and batch norm before the last convolution.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Generates an image for each noise vector.
    ///
    /// On an autodiff device it trains: batch norm uses the statistics of the batch. On a plain
    /// device, see [`Module::valid`], it uses the running statistics.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    ///
    /// # Panics
    /// If the second dimension of `noise` is not the configured `nz`, or the network has classes.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, noise: Tensor<4>) -> Tensor<4> {
        self.forward_conditional(noise, None)
    }

    /// Generates an image of the given classes for each noise vector.
    ///
    /// [`Condition::one_hot`](crate::Condition::one_hot) encodes classes.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    ///
    /// # Panics
    /// If a shape differs, `classes` are given to a network without classes, or are missing for one
    /// with classes.
    #[must_use]
    #[track_caller]
    pub fn forward_conditional(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        let input = self.input(noise, classes);
        let hidden = self.blocks.iter().fold(input, |x, block| {
            block.norm.forward(block.conv.forward(x), Activation::Relu)
        });
        tanh(self.output.forward(hidden))
    }

    /// What the first convolution takes: noise, and the embedding of classes.
    #[track_caller]
    pub(super) fn input(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        let ([batch, found, _, _], nz) = (noise.dims(), self.nz());
        assert_eq!(found, nz, "length of the noise vectors, and the network's `nz`");
        match (&self.embedding, classes) {
            (None, None) => noise,
            (Some(embedding), Some(classes)) => {
                check_classes(&classes, [batch, self.classes()]);
                let embedded = classes.matmul(embedding.val()).reshape([0, -1, 1, 1]);
                Tensor::cat(vec![noise, embedded], 1)
            }
            (has, given) => classes_mismatch(has.is_some(), given.is_some()),
        }
    }
}

impl NamedWeights for Generator {
    fn weight_prefixes(&self) -> Vec<(String, String)> {
        // Convolution, batch norm and activation; nearest-neighbour upsampling is one more entry.
        let entries = if self.output.is_nearest() { 4 } else { 3 };
        let mut names = block_names(0, self.blocks(), entries);
        names.push(("output.".into(), format!("main.{}.", entries * self.blocks())));
        names
    }
}

impl GeneratorModel for Generator {
    fn generate(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        self.forward_conditional(noise, classes)
    }
}
