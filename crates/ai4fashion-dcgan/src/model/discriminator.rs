//! The tutorial's discriminator.

use ai4fashion_kernels::{Activation, Precision, activate, fan_out, global_avg_pool, nn::Conv2d};
use burn::{
    module::{Module, Param},
    tensor::{Device, Tensor},
};

use crate::{
    config::DcganConfig,
    error::Error,
    model::{
        classes::{check_classes, classes_mismatch},
        layers::{
            batch_norm::BatchNorm, conv, init::Init, minibatch_std::minibatch_std,
            spectral_norm::spectral_norm,
        },
        network::{DiscriminatorModel, NamedWeights, block_names},
    },
    random::Stream,
};

/// The discriminator's `LeakyReLU` (Radford et al. 2015, section 3).
const LEAKY: Activation = Activation::LeakyRelu(0.2);

/// The discriminator: it tells real from generated images.
///
/// 4x4 convolutions without bias, the first followed by `LeakyReLU`, the others by batch norm and
/// `LeakyReLU`, the last to a single logit: 2,765,568 parameters at 64x64 with `ndf` 64. The
/// tutorial's sigmoid is in the loss and in [`Discriminator::probability`].
///
/// With [`minibatch_std`](DcganConfig::minibatch_std) the last convolution has one more channel,
/// the deviation between the images of a group: each logit then depends on the other images of the
/// batch, in evaluation too.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Discriminator, burn::tensor::Tensor, cpu};
///
/// let config = DcganConfig::tutorial().with_image_size(8).with_ndf(4);
/// let discriminator = Discriminator::new(&config, &cpu())?;
/// let probability = discriminator.probability(Tensor::zeros([2, 3, 8, 8], &cpu()));
/// assert_eq!(probability.dims(), [2]);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Module, Debug)]
pub struct Discriminator {
    input: Conv2d,
    blocks: Vec<Downward>,
    output: Conv2d,
    projection: Option<Param<Tensor<2>>>,
    #[module(skip)]
    has_deviation: bool,
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
    /// Creates a discriminator with random weights from the configuration's seed.
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
            // Batch norm would cancel the division by the singular value.
            blocks.push(Downward {
                conv: normalized(conv, init),
                norm: (!config.spectral_norm).then(|| BatchNorm::new(width, init, device)),
            });
        }
        let has_deviation = config.minibatch_std;
        let output = conv::closing(width + usize::from(has_deviation), 1, init, device);
        let classes = config.condition.classes();
        let discriminator = Self {
            input,
            blocks,
            output: normalized(output, init),
            projection: (classes > 0).then(|| init.matrix([classes, width], device)),
            has_deviation,
        };
        Ok(discriminator.with_precision(config.precision))
    }

    /// Sets the precision of the discriminator's convolutions, forward and backward; default the
    /// configuration's.
    #[must_use]
    pub fn with_precision(mut self, precision: Precision) -> Self {
        let set = |conv: Conv2d| conv.with_precision(precision);
        let set_block = |Downward { conv, norm }| Downward {
            conv: set(conv),
            norm,
        };
        self.blocks = self.blocks.into_iter().map(set_block).collect();
        self.input = set(self.input);
        self.output = set(self.output);
        self
    }

    /// The number of blocks of convolution and batch norm between the first and the last
    /// convolution.
    pub(crate) fn blocks(&self) -> usize {
        self.blocks.len()
    }

    /// Whether batch norm follows the convolutions: not with spectral normalization.
    pub(crate) fn has_batch_norm(&self) -> bool {
        self.blocks.iter().all(|block| block.norm.is_some())
    }

    /// The shape of a batch of images.
    fn shape_of(&self, batch: usize) -> [usize; 4] {
        // Not the weight itself: reading a spectrally normalized weight changes it.
        let channels = self.input.weight.lazy_shape()[1];
        // The first convolution and each block halve it, to 4x4 for the last one.
        let size = 8 << self.blocks.len();
        [batch, channels, size, size]
    }

    /// Computes the logit of each image being real.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - returns: `[batch]`, any value
    ///
    /// # Panics
    /// If size or channels of the images differ from the configured ones, or the network has
    /// classes.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, images: Tensor<4>) -> Tensor<1> {
        self.forward_conditional(images, None)
    }

    /// Computes the logit of each image being a real one of its classes.
    ///
    /// It is the logit of [`forward`](Self::forward) plus the inner product of the last features,
    /// summed over the pixels, with the vectors of the classes (Miyato and Koyama 2018, equation
    /// 3).
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - `classes`: `[batch, classes]`
    /// - returns: `[batch]`, any value
    ///
    /// # Panics
    /// If a shape differs, `classes` are given to a network without classes, or are missing for one
    /// with classes.
    #[must_use]
    #[track_caller]
    pub fn forward_conditional(&self, images: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1> {
        let batch = images.dims()[0];
        assert_eq!(
            images.dims(),
            self.shape_of(batch),
            "shape of the images, and the network's"
        );
        let first = activate(self.input.forward(images), LEAKY);
        let hidden = self.blocks.iter().fold(first, |x, block| block.forward(x));
        let [hidden, of_classes] = fan_out(hidden);
        let seen = match self.has_deviation {
            true => minibatch_std(hidden),
            false => hidden,
        };
        let logits = self.output.forward(seen).reshape([batch]);
        match (&self.projection, classes) {
            (None, None) => logits,
            (Some(projection), Some(classes)) => {
                check_classes(&classes, [batch, projection.dims()[0]]);
                let [.., height, width] = of_classes.dims();
                let features = global_avg_pool(of_classes).mul_scalar((height * width) as f64);
                let match_of_classes = (classes.matmul(projection.val()) * features).sum_dim(1);
                logits + match_of_classes.reshape([batch])
            }
            (has, given) => classes_mismatch(has.is_some(), given.is_some()),
        }
    }

    /// Computes the probability of each image being real: the sigmoid of
    /// [`Discriminator::forward`].
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, size, size]`, in `[-1, 1]`
    /// - returns: `[batch]`, in `[0, 1]`
    ///
    /// # Panics
    /// As [`forward`](Self::forward).
    #[must_use]
    #[track_caller]
    pub fn probability(&self, images: Tensor<4>) -> Tensor<1> {
        burn::tensor::activation::sigmoid(self.forward(images))
    }
}

impl NamedWeights for Discriminator {
    fn weight_prefixes(&self) -> Vec<(String, String)> {
        // In front of the blocks stand the first convolution and its `LeakyReLU`.
        let mut names = block_names(2, self.blocks(), 3);
        if !self.has_batch_norm() {
            names.retain(|(ours, _)| !ours.ends_with(".norm."));
        }
        // The deviation between images is an entry, too.
        let output = 2 + 3 * self.blocks() + usize::from(self.has_deviation);
        names.push(("input.".into(), "main.0.".into()));
        names.push(("output.".into(), format!("main.{output}.")));
        names
    }
}

impl DiscriminatorModel for Discriminator {
    fn discriminate(&self, images: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1> {
        self.forward_conditional(images, classes)
    }
}
