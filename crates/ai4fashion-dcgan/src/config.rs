//! Settings of a training run.

mod checks;
mod display;
mod precision;
pub(crate) mod preset;
pub(crate) mod upsampling;

use ai4fashion_kernels::Precision;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use self::upsampling::Upsampling;
use crate::{
    data::condition::Condition,
    difference::Difference,
    objective::{augment::Augment, loss::Loss},
};

/// The side lengths that the networks can be built for.
pub const IMAGE_SIZES: [usize; 5] = [8, 16, 32, 64, 128];

/// The settings of a run.
///
/// The defaults are those of the PyTorch DCGAN tutorial (N. Inkawhich, DCGAN Tutorial,
/// pytorch.org), which follow A. Radford, L. Metz, S. Chintala, Unsupervised Representation
/// Learning with Deep Convolutional Generative Adversarial Networks, 2015. Settings are checked
/// where they are used.
///
/// Burn's `Config` derive would accept unknown fields in a file; here a misspelled setting is an
/// error.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Loss};
///
/// let config = DcganConfig::tutorial().with_image_size(32).with_loss(Loss::Hinge).with_spectral_norm(true);
/// config.validate()?;
/// assert_eq!((config.image_size, config.batch_size, config.lr), (32, 128, 0.0002));
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DcganConfig {
    /// Side length of the images in pixels, one of [`IMAGE_SIZES`]. Default 64.
    pub image_size: usize,
    /// Colour channels of the images: 3, or 1 for grey. Default 3.
    pub channels: usize,
    /// Length of the noise vector, 1 to 4096. Default 100.
    pub nz: usize,
    /// Width of the generator's last hidden layer in channels, 1 to 1024. Memory grows with its
    /// square. Default 64.
    pub ngf: usize,
    /// Width of the discriminator's first layer in channels, 1 to 1024. Memory grows with its
    /// square. Default 64.
    pub ndf: usize,
    /// Images in a step, 1 to 65,536. Default 128.
    pub batch_size: usize,
    /// Number of epochs, 1 to 1,000,000. Default 25.
    pub epochs: usize,
    /// Adam's learning rate for both networks, above 0. Default 0.0002.
    pub lr: f64,
    /// Adam's decay of the first moment, in `[0, 1)`. Default 0.5.
    pub beta1: f64,
    /// Threads that decode images, 1 to 256. Default 2.
    pub workers: usize,
    /// Random seed of weights, noise and order. Default 999, the tutorial's.
    pub seed: u64,
    /// Number of images to train on, from the first, at least 1; `None` for all. Default `None`.
    pub limit: Option<usize>,
    /// The discriminator's own learning rate, above 0; `None` for `lr`. Default `None`.
    ///
    /// It helps if one network dominates (M. Heusel et al., GANs Trained by a Two Time-Scale Update
    /// Rule, 2017).
    pub lr_discriminator: Option<f64>,
    /// Factor of both learning rates after each epoch, in `(0, 1]`. Default 1.
    ///
    /// Below 1 it steadies the end of a long training. It does not depend on `epochs`, so that a
    /// run can be extended.
    pub lr_decay: f64,
    /// The loss function. Default binary cross-entropy, the tutorial's.
    pub loss: Loss,
    /// How far below 1 the label of real images is, in `[0, 0.5)`, with binary cross-entropy only.
    /// Default 0.
    ///
    /// About 0.1 keeps the discriminator from overconfidence (T. Salimans et al., Improved
    /// Techniques for Training GANs, 2016, section 3.4).
    pub label_smoothing: f64,
    /// Decay of the moving average of the generator's weights, in `(0, 1)`; `None` for no average.
    /// Default `None`.
    ///
    /// Samples come from the averaged generator, which is saved beside the other. After `t` steps
    /// the decay is at most `(1 + t) / (10 + t)`. 0.99 to 0.999 gives steadier and better images
    /// (Y. Yazici et al., The Unusual Effectiveness of Averaging in GAN Training, 2019).
    pub ema: Option<f64>,
    /// Augmentation of real and generated images before the discriminator, each kind at most once.
    /// Default none.
    ///
    /// It helps with fewer than about ten thousand images (S. Zhao et al., Differentiable
    /// Augmentation for Data-Efficient GAN Training, 2020). [`Augment::Color`] is refused where the
    /// networks are conditioned on colour.
    pub augment: Vec<Augment>,
    /// Weight of the R1 gradient penalty on the discriminator at real images, at least 0. Default
    /// 0.
    ///
    /// The penalty (L. Mescheder, A. Geiger, S. Nowozin, Which Training Methods for GANs do
    /// actually Converge?, 2018) is computed by finite differences. 1 to 10 keep a training run
    /// from oscillating, at the cost of one more pass.
    pub r1_gamma: f64,
    /// Weight of the R2 gradient penalty on the discriminator at generated images, at least 0.
    /// Default 0.
    ///
    /// The same penalty as R1, from the same paper, at the images of the generator. With
    /// [`Loss::Relativistic`] both are needed (N. Huang et al., The GAN is dead; long live the
    /// GAN!, 2024, section 2).
    pub r2_gamma: f64,
    /// Number of steps from one gradient penalty to the next, 1 to 1000. Default 1, every step.
    ///
    /// Both penalties are computed in the first step and in every `penalty_every`-th after it, with
    /// `penalty_every` times their weight: lazy regularization (T. Karras et al., Analyzing and
    /// Improving the Image Quality of `StyleGAN`, 2020, section 3.1). At 8 they cost an eighth.
    pub penalty_every: usize,
    /// Weight of the `LeCam` regularization of the discriminator, at least 0. Default 0.
    ///
    /// Logits of real images are held near the moving average of those of generated images, and
    /// those of generated images near that of real ones (H.-Y. Tseng et al., Regularizing
    /// Generative Adversarial Networks under Limited Data, 2021). The averages, of decay 0.99, are
    /// part of a checkpoint.
    ///
    /// It is meant for few images, and for losses of single logits: binary cross-entropy and
    /// hinge. With [`Loss::Relativistic`] it still bounds how far both kinds of images are apart,
    /// which nobody has published. The authors take 0.3 for `BigGAN` with the hinge loss on 10% to
    /// 100% of CIFAR-10, and 3e-7 or 1e-6 for `StyleGAN2`.
    pub lecam: f64,
    /// Whether the discriminator's convolutions are spectrally normalized, instead of its batch
    /// norm. Default `false`.
    ///
    /// Their weights are divided by their largest singular value (T. Miyato et al., Spectral
    /// Normalization for Generative Adversarial Networks, 2018). Training is steadier, above all
    /// with the hinge loss.
    pub spectral_norm: bool,
    /// Whether the discriminator sees the deviation between the images of a group of four.
    /// Default `false`.
    ///
    /// The mean standard deviation over a group is one more channel before the last convolution
    /// (T. Karras et al., Progressive Growing of GANs, 2018, section 3), so that a generator whose
    /// images are all alike is recognized.
    pub minibatch_std: bool,
    /// How the generator doubles the side of its feature maps. Default transposed convolutions,
    /// the tutorial's.
    pub upsampling: Upsampling,
    /// The labels that both networks are conditioned on. Default none.
    pub condition: Condition,
    /// The precision of convolutions, `f32` or `mixed`; the name in a file. Default `f32`.
    ///
    /// `mixed` rounds factors to bfloat16 and sums in `f32`: faster on CPUs with AVX512-BF16,
    /// no different on others.
    #[serde(with = "precision")]
    pub precision: Precision,
}

impl Default for DcganConfig {
    fn default() -> Self {
        Self::tutorial()
    }
}

macro_rules! setters {
    ($($set:ident $field:ident: $type:ty, $what:literal;)*) => {$(
        #[doc = concat!("Sets ", $what, ".")]
        #[must_use]
        pub fn $set(mut self, $field: $type) -> Self {
            self.$field = $field;
            self
        }
    )*};
}

impl DcganConfig {
    /// The tutorial's settings.
    #[must_use]
    pub fn tutorial() -> Self {
        Self {
            image_size: 64,
            channels: 3,
            nz: 100,
            ngf: 64,
            ndf: 64,
            batch_size: 128,
            epochs: 25,
            lr: 0.0002,
            beta1: 0.5,
            workers: 2,
            seed: 999,
            limit: None,
            lr_discriminator: None,
            lr_decay: 1.0,
            loss: Loss::default(),
            label_smoothing: 0.0,
            ema: None,
            augment: Vec::new(),
            r1_gamma: 0.0,
            r2_gamma: 0.0,
            penalty_every: 1,
            lecam: 0.0,
            spectral_norm: false,
            minibatch_std: false,
            upsampling: Upsampling::default(),
            condition: Condition::default(),
            precision: Precision::default(),
        }
    }

    /// Settings for 2,000 to 20,000 catalogue photos and an evening on a CPU: better images in the
    /// time of the tutorial's settings.
    ///
    /// Smaller batches, so nearly three times the steps, at twice the rate; images from a moving
    /// average of the weights; nearest-neighbour upsampling, which makes no checkerboard. 17
    /// epochs, because small batches take longer. Measured beside the tutorial's in
    /// `docs/results.md`.
    #[must_use]
    pub fn small() -> Self {
        Self {
            batch_size: 32,
            epochs: 17,
            lr: 0.0004,
            ema: Some(0.99),
            upsampling: Upsampling::Nearest,
            ..Self::tutorial()
        }
    }

    setters! {
        with_image_size image_size: usize, "the side length of the images in pixels";
        with_channels channels: usize, "the colour channels of the images";
        with_nz nz: usize, "the length of the noise vector";
        with_ngf ngf: usize, "the generator's width in channels";
        with_ndf ndf: usize, "the discriminator's width in channels";
        with_batch_size batch_size: usize, "the number of images in a step";
        with_epochs epochs: usize, "the number of epochs";
        with_lr lr: f64, "Adam's learning rate";
        with_beta1 beta1: f64, "Adam's decay of the first moment";
        with_workers workers: usize, "the number of threads that decode images";
        with_seed seed: u64, "the random seed";
        with_limit limit: Option<usize>, "the number of images to train on";
        with_lr_discriminator lr_discriminator: Option<f64>, "the discriminator's own learning rate";
        with_lr_decay lr_decay: f64, "the factor of both learning rates after each epoch";
        with_loss loss: Loss, "the loss function";
        with_label_smoothing label_smoothing: f64, "how far below 1 the label of real images is";
        with_ema ema: Option<f64>, "the decay of the moving average of the generator's weights";
        with_augment augment: Vec<Augment>, "the augmentation before the discriminator";
        with_r1_gamma r1_gamma: f64, "the weight of the R1 gradient penalty, at real images";
        with_r2_gamma r2_gamma: f64, "the weight of the R2 gradient penalty, at generated images";
        with_penalty_every penalty_every: usize, "the number of steps from one gradient penalty to the next";
        with_lecam lecam: f64, "the weight of the `LeCam` regularization";
        with_spectral_norm spectral_norm: bool, "whether the discriminator's convolutions are spectrally normalized";
        with_minibatch_std minibatch_std: bool, "whether the discriminator sees the deviation between images";
        with_upsampling upsampling: Upsampling, "how the generator doubles the side of its feature maps";
        with_condition condition: Condition, "the labels that both networks are conditioned on";
        with_precision precision: Precision, "the precision of convolutions";
    }

    /// The discriminator's learning rate.
    #[must_use]
    pub fn lr_discriminator(&self) -> f64 {
        self.lr_discriminator.unwrap_or(self.lr)
    }

    /// Lists the differences from `before` that make it another run.
    ///
    /// `epochs` may be raised and `workers` change nothing: they are not compared.
    ///
    /// ```
    /// use ai4fashion_dcgan::DcganConfig;
    ///
    /// let before = DcganConfig::tutorial();
    /// let now = before.clone().with_lr(0.1).with_epochs(50);
    /// let differences = now.differences(&before);
    /// assert_eq!(differences[0].to_string(), "lr was 0.0002 and is 0.1 now");
    /// assert_eq!(differences.len(), 1);
    /// ```
    #[must_use]
    pub fn differences(&self, before: &Self) -> Vec<Difference> {
        let fields = |config: &Self| match serde_json::to_value(config) {
            Ok(Value::Object(fields)) => fields,
            _ => serde_json::Map::new(),
        };
        let (before, now) = (fields(before), fields(self));
        now.into_iter()
            .filter(|(field, _)| !["epochs", "workers"].contains(&field.as_str()))
            .filter_map(|(field, now)| {
                let before = before.get(&field).cloned().unwrap_or_default();
                (before != now).then(|| Difference::new(field, shown(&before), shown(&now)))
            })
            .collect()
    }

    /// The number of layers that double or halve the side between 4x4 and the full size.
    pub(crate) fn doublings(&self) -> usize {
        (self.image_size / 4).ilog2() as usize
    }
}

/// A setting's value as text; `none` if it is not set.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Networks that take no time, of 8x8 images, trained for two epochs.
#[cfg(test)]
pub(crate) fn tiny() -> DcganConfig {
    DcganConfig::tutorial()
        .with_image_size(8)
        .with_nz(4)
        .with_ngf(4)
        .with_ndf(4)
        .with_epochs(2)
}

#[cfg(test)]
mod tests;
