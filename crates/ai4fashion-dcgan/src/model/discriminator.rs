//! The tutorial's discriminator.

use ai4fashion_kernels::{Activation, activate, nn::Conv2d};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};

use crate::{
    config::DcganConfig,
    error::Error,
    model::{
        classes::{check_classes, classes_mismatch},
        layers::{batch_norm::BatchNorm, conv, init::Init, spectral_norm::spectral_norm},
        network::{Judge, Network, block_names},
    },
    random::Stream,
};

/// The discriminator's `LeakyReLU` (Radford et al. 2015, section 3).
const LEAKY: Activation = Activation::LeakyRelu(0.2);

/// Tells real pictures from drawn ones.
///
/// 4x4 convolutions without bias, the first followed by `LeakyReLU`, the others by batch norm and
/// `LeakyReLU`, the last to a single logit: 2,765,568 parameters at 64x64 with `ndf` 64. The
/// tutorial's sigmoid is in the loss and in [`Discriminator::probability`].
#[derive(Module, Debug)]
pub struct Discriminator {
    input: Conv2d,
    blocks: Vec<Downward>,
    output: Conv2d,
    projection: Option<Param<Tensor<2>>>,
}

#[derive(Module, Debug)]
struct Downward {
    conv: Conv2d,
    norm: Option<BatchNorm>,
}

impl Downward {
    fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let x = self.conv.forward(x);
        match &self.norm {
            Some(norm) => norm.forward(x, LEAKY),
            None => activate(x, LEAKY),
        }
    }
}

impl Discriminator {
    /// A discriminator with the initial weights that the configuration's seed draws.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        config.validate()?;
        let init = &mut Init::new(config.seed, Stream::DiscriminatorWeights);
        let mut width = config.ndf;
        let normalized = |conv, init: &mut Init| match config.spectral_norm {
            true => spectral_norm(conv, init),
            false => conv,
        };
        let input = conv::halving(config.channels, width, init, device);
        let input = normalized(input, init);
        let mut blocks = Vec::new();
        for _ in 1..config.doublings() {
            let conv = conv::halving(width, width * 2, init, device);
            width *= 2;
            // Batch norm would take out what spectral norm divides by.
            blocks.push(Downward {
                conv: normalized(conv, init),
                norm: (!config.spectral_norm).then(|| BatchNorm::new(width, init, device)),
            });
        }
        let output = conv::closing(width, 1, init, device);
        let classes = config.condition.classes();
        Ok(Self {
            input,
            blocks,
            output: normalized(output, init),
            projection: (classes > 0).then(|| init.matrix([classes, width], device)),
        })
    }

    /// How many blocks of convolution and batch norm stand between first and last convolution.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Whether batch norm stands behind the convolutions: not with spectral normalization.
    pub(crate) fn has_batch_norm(&self) -> bool {
        self.blocks.iter().all(|block| block.norm.is_some())
    }

    /// The shape of so many pictures.
    fn shape_of(&self, batch: usize) -> [usize; 4] {
        // Not the weight itself: where it is spectrally normalized, looking at it changes it.
        let channels = self.input.weight.lazy_shape()[1];
        // The first convolution and each block halve it, to 4x4 for the last one.
        let size = 8 << self.blocks.len();
        [batch, channels, size, size]
    }

    /// The logit of each picture being real.
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - returns: `[batch]`, any value
    ///
    /// # Panics
    /// If the pictures have not the configured size and channels, or the network has classes.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, pictures: Tensor<4>) -> Tensor<1> {
        self.forward_as(pictures, None)
    }

    /// The logit of each picture being a real one of its classes: to the logit of [`forward`](Self::forward) the inner
    /// product of the last features, summed over the pixels, and the classes' vectors is added (Miyato and Koyama 2018,
    /// equation 3).
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch]`, any value
    ///
    /// # Panics
    /// If the shapes are others, or `classes` are given where the network has none, or the other way round.
    #[must_use]
    #[track_caller]
    pub fn forward_as(&self, pictures: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1> {
        let batch = pictures.dims()[0];
        assert_eq!(
            pictures.dims(),
            self.shape_of(batch),
            "shape of the pictures, and the network's"
        );
        let first = activate(self.input.forward(pictures), LEAKY);
        let hidden = self.blocks.iter().fold(first, |x, block| block.forward(x));
        let logits = self.output.forward(hidden.clone()).reshape([batch]);
        match (&self.projection, classes) {
            (None, None) => logits,
            (Some(projection), Some(classes)) => {
                check_classes(&classes, [batch, projection.dims()[0]]);
                let features = hidden.sum_dim(3).sum_dim(2).reshape([batch as i64, -1]);
                let match_of_classes = (classes.matmul(projection.val()) * features).sum_dim(1);
                logits + match_of_classes.reshape([batch])
            }
            (has, given) => classes_mismatch(has.is_some(), given.is_some()),
        }
    }

    /// The probability of each picture being real: the sigmoid of [`Discriminator::forward`].
    ///
    /// # Shapes
    /// - `pictures`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - returns: `[batch]`, in `[0, 1]`
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    #[must_use]
    #[track_caller]
    pub fn probability(&self, pictures: Tensor<4>) -> Tensor<1> {
        burn::tensor::activation::sigmoid(self.forward(pictures))
    }
}

impl Network for Discriminator {
    fn file_names(&self) -> Vec<(String, String)> {
        // In front of the blocks stand the first convolution and its `LeakyReLU`.
        let mut names = block_names(2, self.blocks());
        if !self.has_batch_norm() {
            names.retain(|(ours, _)| !ours.ends_with(".norm."));
        }
        names.push(("input.".into(), "main.0.".into()));
        names
    }
}

impl Judge for Discriminator {
    fn judge(&self, pictures: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1> {
        self.forward_as(pictures, classes)
    }
}
