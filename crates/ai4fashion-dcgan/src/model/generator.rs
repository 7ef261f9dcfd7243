//! The tutorial's generator.

use ai4fashion_kernels::{
    Activation,
    nn::{Conv2d, ConvTranspose2d},
};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};

use crate::{
    config::DcganConfig,
    error::Error,
    model::{
        classes::{check_classes, classes_mismatch},
        layers::{batch_norm::BatchNorm, conv, init::Init},
        network::{Draw, Network, block_names},
    },
    random::Stream,
};

/// Length of the vector that stands for a picture's classes beside the noise.
const EMBEDDING: usize = 32;

/// Draws pictures from noise.
///
/// Transposed 4x4 convolutions without bias, each but the last followed by batch norm and `ReLU`, a
/// tanh at the end: 3,576,704 parameters at 64x64 with `nz` 100 and `ngf` 64.
#[derive(Module, Debug)]
pub struct Generator {
    embedding: Option<Param<Tensor<2>>>,
    blocks: Vec<Upward>,
    output: ConvTranspose2d,
}

#[derive(Module, Debug)]
struct Upward {
    conv: ConvTranspose2d,
    norm: BatchNorm,
}

impl Generator {
    /// A generator with the initial weights that the configuration's seed draws.
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
            conv: conv::opening(input, width, init, device),
            norm: BatchNorm::new(width, init, device),
        }];
        for _ in 1..doublings {
            let conv = conv::doubling(width, width / 2, init, device);
            blocks.push(Upward {
                conv,
                norm: BatchNorm::new(width / 2, init, device),
            });
            width /= 2;
        }
        Ok(Self {
            embedding,
            blocks,
            output: conv::doubling(width, config.channels, init, device),
        })
    }

    /// Length of its noise vectors.
    #[must_use]
    pub fn nz(&self) -> usize {
        let first = self.blocks.first().map_or(&self.output, |block| &block.conv);
        first.weight.val().dims()[0] - self.embedding.as_ref().map_or(0, |_| EMBEDDING)
    }

    /// How many classes it draws on request; 0 if it takes no request.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.embedding.as_ref().map_or(0, |classes| classes.dims()[0])
    }

    /// The device that its weights are on.
    #[must_use]
    pub fn device(&self) -> Device {
        self.output.weight.val().device()
    }

    /// How many blocks of convolution and batch norm stand before the last convolution.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Draws a picture for each noise vector. On an autodiff device it trains: batch norm uses the
    /// batch's own statistics; on a plain one (see [`Module::valid`]) it uses the running ones.
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
        self.forward_as(noise, None)
    }

    /// The same of the classes asked for, as [`Condition::one_hot`](crate::Condition::one_hot) gives them.
    ///
    /// # Shapes
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch, channels, size, size]`, in `[-1, 1]`
    ///
    /// # Panics
    /// If the shapes are others, or `classes` are given where the network has none, or the other way round.
    #[must_use]
    #[track_caller]
    pub fn forward_as(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        let ([batch, found, _, _], nz) = (noise.dims(), self.nz());
        assert_eq!(found, nz, "length of the noise vectors, and the network's `nz`");
        let input = match (&self.embedding, classes) {
            (None, None) => noise,
            (Some(embedding), Some(classes)) => {
                check_classes(&classes, [batch, self.classes()]);
                let embedded = classes.matmul(embedding.val()).reshape([0, -1, 1, 1]);
                Tensor::cat(vec![noise, embedded], 1)
            }
            (has, given) => classes_mismatch(has.is_some(), given.is_some()),
        };
        let hidden = self.blocks.iter().fold(input, |x, block| {
            block.norm.forward(block.conv.forward(x), Activation::Relu)
        });
        self.output.forward(hidden).tanh()
    }
}

impl Network for Generator {
    fn file_names(&self) -> Vec<(String, String)> {
        block_names(0, self.blocks())
    }
}

impl Draw for Generator {
    fn draw(&self, noise: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<4> {
        self.forward_as(noise, classes)
    }
}
