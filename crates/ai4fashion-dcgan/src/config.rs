//! What makes a training run.

use std::{collections::BTreeSet, fmt};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    data::condition::Condition,
    error::Error,
    objective::{augment::Augment, loss::Loss},
};

/// The side lengths that the networks can be built for.
pub const IMAGE_SIZES: [usize; 5] = [8, 16, 32, 64, 128];

// Far beyond what is of use, and near enough that nothing overflows. Memory grows with the square of the widths: the
// largest layer of networks of 1024 takes 2 GiB at 64x64, 8 GiB at 128x128.
const MAX_NZ: usize = 4096;
const MAX_WIDTH: usize = 1024;
const MAX_BATCH_SIZE: usize = 65_536;
const MAX_EPOCHS: usize = 1_000_000;
const MAX_WORKERS: usize = 256;

/// The settings of a run. The defaults are those of the PyTorch DCGAN tutorial
/// (N. Inkawhich, DCGAN Tutorial, pytorch.org), which follow A. Radford, L. Metz, S. Chintala,
/// Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks,
/// 2015.
///
/// Made with [`DcganConfig::tutorial`] and the `with_` setters; checked where it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct DcganConfig {
    /// Side length of the pictures in pixels, one of [`IMAGE_SIZES`]. Default 64.
    pub image_size: usize,
    /// Colour channels of the pictures: 3, or 1 for grey. Default 3.
    pub channels: usize,
    /// Length of the noise vector, 1 to 4096. Default 100.
    pub nz: usize,
    /// Width of the generator's last hidden layer in channels, 1 to 1024. Memory grows with its square. Default 64.
    pub ngf: usize,
    /// Width of the discriminator's first layer in channels, 1 to 1024. Memory grows with its square. Default 64.
    pub ndf: usize,
    /// Pictures of one step, 1 to 65,536. Default 128.
    pub batch_size: usize,
    /// Times that the whole data set is gone through, 1 to 1,000,000. Default 25.
    pub epochs: usize,
    /// Adam's learning rate for both networks, above 0. Default 0.0002.
    pub lr: f64,
    /// Adam's decay of the first moment, in `[0, 1)`. Default 0.5.
    pub beta1: f64,
    /// Threads that decode pictures, 1 to 256. Default 2.
    pub workers: usize,
    /// The number from which weights, noise and order are drawn. Default 999, the tutorial's.
    pub seed: u64,
    /// Train on the first so many pictures only, at least 1; `None` for all. Default `None`.
    pub limit: Option<usize>,
    /// The discriminator's own learning rate, above 0; `None` for `lr`. Helps where one network wins outright (M. Heusel
    /// et al., GANs Trained by a Two Time-Scale Update Rule, 2017). Default `None`.
    pub lr_discriminator: Option<f64>,
    /// What both rates are multiplied by after each epoch, in `(0, 1]`. Below 1 it calms a long training down; it does not
    /// depend on `epochs`, so that a run can be extended. Default 1.
    pub lr_decay: f64,
    /// What the networks minimize. Default the tutorial's binary cross-entropy.
    pub loss: Loss,
    /// How far below 1 the label of real pictures is, in `[0, 0.5)`, with binary cross-entropy only. About 0.1 keeps the
    /// discriminator from being too sure (T. Salimans et al., Improved Techniques for Training GANs, 2016, section 3.4).
    /// Default 0.
    pub label_smoothing: f64,
    /// Decay a step of the averaged generator that draws samples and is saved beside the other, in `(0, 1)`; `None` for
    /// none. After `t` steps it is at most `(1 + t) / (10 + t)`. 0.99 to 0.999 gives steadier, better pictures (Y. Yazici et al., The Unusual Effectiveness of Averaging in
    /// GAN Training, 2019). Default `None`.
    pub ema: Option<f64>,
    /// How real and drawn pictures are changed before the discriminator sees them, each kind at most once. Helps with
    /// fewer than some ten thousand pictures (S. Zhao et al., Differentiable Augmentation for Data-Efficient GAN
    /// Training, 2020). Without `color` where colours are learnt. Default none.
    pub augment: Vec<Augment>,
    /// Weight of the penalty on the discriminator's slope at real pictures, at least 0: R1 of L. Mescheder, A. Geiger,
    /// S. Nowozin, Which Training Methods for GANs do actually Converge?, 2018, by finite differences (see the docs). 1 to
    /// 10 keep a training from swinging; costs one more pass. Default 0.
    pub slope_penalty: f64,
    /// Whether the weights of the discriminator's convolutions are divided by their largest singular value (T. Miyato et al., Spectral
    /// Normalization for Generative Adversarial Networks, 2018), in place of its batch norm, as there. Steadier, above all
    /// with the hinge loss. Default `false`.
    pub spectral_norm: bool,
    /// What is drawn on request: pictures of a colour, of a type, or both. Default none.
    pub condition: Condition,
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
            slope_penalty: 0.0,
            spectral_norm: false,
            condition: Condition::default(),
        }
    }

    setters! {
        with_image_size image_size: usize, "the side length of the pictures in pixels";
        with_channels channels: usize, "the colour channels of the pictures";
        with_nz nz: usize, "the length of the noise vector";
        with_ngf ngf: usize, "the generator's width in channels";
        with_ndf ndf: usize, "the discriminator's width in channels";
        with_batch_size batch_size: usize, "the pictures of one step";
        with_epochs epochs: usize, "how often the data set is gone through";
        with_lr lr: f64, "Adam's learning rate";
        with_beta1 beta1: f64, "Adam's decay of the first moment";
        with_workers workers: usize, "the threads that decode pictures";
        with_seed seed: u64, "the number from which all is drawn";
        with_limit limit: Option<usize>, "how many pictures to train on";
        with_lr_discriminator lr_discriminator: Option<f64>, "the discriminator's own learning rate";
        with_lr_decay lr_decay: f64, "what the rates are multiplied by after each epoch";
        with_loss loss: Loss, "what the networks minimize";
        with_label_smoothing label_smoothing: f64, "how far below 1 the label of real pictures is";
        with_ema ema: Option<f64>, "the decay of the averaged generator";
        with_augment augment: Vec<Augment>, "how pictures are changed before the discriminator sees them";
        with_slope_penalty slope_penalty: f64, "the weight of the penalty on the discriminator's slope";
        with_spectral_norm spectral_norm: bool, "whether the discriminator's weights are spectrally normalized";
        with_condition condition: Condition, "what is drawn on request";
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for the first field outside its interval.
    pub fn validate(&self) -> Result<(), Error> {
        if !IMAGE_SIZES.contains(&self.image_size) {
            return Err(Error::setting(
                "image_size",
                self.image_size,
                "8, 16, 32, 64 or 128",
            ));
        }
        for (field, value, most) in [
            ("nz", self.nz, MAX_NZ),
            ("ngf", self.ngf, MAX_WIDTH),
            ("ndf", self.ndf, MAX_WIDTH),
            ("batch_size", self.batch_size, MAX_BATCH_SIZE),
            ("epochs", self.epochs, MAX_EPOCHS),
            ("workers", self.workers, MAX_WORKERS),
        ] {
            if !(1..=most).contains(&value) {
                return Err(Error::setting(field, value, format!("1 to {most}")));
            }
        }
        if self.limit == Some(0) {
            return Err(Error::setting("limit", 0, "at least 1"));
        }
        if ![1, 3].contains(&self.channels) {
            return Err(Error::setting("channels", self.channels, "1 or 3"));
        }
        let positive = |rate: f64| rate.is_finite() && rate > 0.0;
        let checks = [
            ("lr", self.lr, positive(self.lr), "a number above 0"),
            ("beta1", self.beta1, (0.0..1.0).contains(&self.beta1), "in [0, 1)"),
            (
                "lr_discriminator",
                self.lr_discriminator(),
                positive(self.lr_discriminator()),
                "a number above 0",
            ),
            (
                "lr_decay",
                self.lr_decay,
                self.lr_decay > 0.0 && self.lr_decay <= 1.0,
                "in (0, 1]",
            ),
            (
                "label_smoothing",
                self.label_smoothing,
                (0.0..0.5).contains(&self.label_smoothing),
                "in [0, 0.5)",
            ),
            (
                "slope_penalty",
                self.slope_penalty,
                self.slope_penalty.is_finite() && self.slope_penalty >= 0.0,
                "a number of at least 0",
            ),
        ];
        for (field, value, is_legal, legal) in checks {
            if !is_legal {
                return Err(Error::setting(field, value, legal));
            }
        }
        if let Some(decay) = self.ema
            && !(decay > 0.0 && decay < 1.0)
        {
            return Err(Error::setting("ema", decay, "in (0, 1)"));
        }
        if self.loss != Loss::BinaryCrossEntropy && self.label_smoothing > 0.0 {
            let legal = "0 with the hinge loss, which has no labels";
            return Err(Error::setting("label_smoothing", self.label_smoothing, legal));
        }
        let kinds: BTreeSet<_> = self.augment.iter().collect();
        if kinds.len() < self.augment.len() {
            return Err(Error::setting("augment", join(&self.augment), "each kind once"));
        }
        if self.condition.has_color() && kinds.contains(&Augment::Color) {
            let legal = "translation and cutout where the condition is on colour";
            return Err(Error::setting("augment", join(&self.augment), legal));
        }
        Ok(())
    }

    /// The discriminator's learning rate.
    #[must_use]
    pub fn lr_discriminator(&self) -> f64 {
        self.lr_discriminator.unwrap_or(self.lr)
    }

    /// How this configuration differs from `before` in what makes a run what it is: not in `epochs`, which may be raised,
    /// nor in `workers`, which change nothing.
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

    /// How often a network doubles or halves the picture between 4x4 and its full size.
    pub(crate) fn doublings(&self) -> usize {
        (self.image_size / 4).ilog2() as usize
    }
}

fn join(kinds: &[Augment]) -> String {
    let names: Vec<String> = kinds.iter().map(Augment::to_string).collect();
    names.join(",")
}

/// A setting's value, for people: `none` for one that is not set.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "none".to_owned(),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => values.iter().map(shown).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

/// Networks that take no time, of 8x8 pictures, trained for two epochs.
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
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn defaults_are_the_tutorials() {
        let config = DcganConfig::default();
        config.validate().unwrap();
        assert_eq!(
            (config.nz, config.ngf, config.ndf, config.batch_size),
            (100, 64, 64, 128)
        );
        assert_eq!((config.epochs, config.workers, config.image_size), (25, 2, 64));
        assert_eq!((config.lr, config.beta1), (0.0002, 0.5));
        assert_eq!(config.doublings(), 4);
    }

    #[test]
    fn each_illegal_setting_is_named() {
        let good = DcganConfig::tutorial;
        for (field, config) in [
            ("image_size", good().with_image_size(63)),
            ("nz", good().with_nz(0)),
            ("ngf", good().with_ngf(0)),
            ("ndf", good().with_ndf(0)),
            ("batch_size", good().with_batch_size(0)),
            ("epochs", good().with_epochs(0)),
            ("workers", good().with_workers(0)),
            ("limit", good().with_limit(Some(0))),
            ("nz", good().with_nz(4097)),
            ("ngf", good().with_ngf(1 << 61)),
            ("ndf", good().with_ndf(1_000_000)),
            ("batch_size", good().with_batch_size(usize::MAX)),
            ("epochs", good().with_epochs(usize::MAX)),
            ("workers", good().with_workers(1_000_000)),
            ("lr", good().with_lr(f64::NAN)),
            ("lr", good().with_lr(-1.0)),
            ("beta1", good().with_beta1(1.0)),
            ("channels", good().with_channels(2)),
            ("lr_discriminator", good().with_lr_discriminator(Some(0.0))),
            ("lr_decay", good().with_lr_decay(1.01)),
            ("label_smoothing", good().with_label_smoothing(0.5)),
            (
                "label_smoothing",
                good().with_label_smoothing(0.1).with_loss(Loss::Hinge),
            ),
            ("ema", good().with_ema(Some(1.0))),
            ("augment", good().with_augment(vec![Augment::Cutout; 2])),
            (
                "augment",
                good()
                    .with_augment(vec![Augment::Color])
                    .with_condition(Condition::Both),
            ),
            ("slope_penalty", good().with_slope_penalty(f64::INFINITY)),
        ] {
            let error = config.validate().unwrap_err();
            let ErrorKind::Setting {
                option: found, legal, ..
            } = error.kind()
            else {
                panic!("{error} is not about a setting")
            };
            assert_eq!(*found, field);
            assert!(
                !legal.is_empty() && error.to_string().contains(&**legal),
                "{error}"
            );
        }
    }

    #[test]
    fn differences_name_what_makes_another_run() {
        let before = DcganConfig::tutorial();
        let now = before
            .clone()
            .with_lr(0.1)
            .with_epochs(50)
            .with_workers(7)
            .with_ema(Some(0.5))
            .with_condition(Condition::Color)
            .with_augment(vec![Augment::Translation, Augment::Cutout]);
        let lines: Vec<String> = now
            .differences(&before)
            .iter()
            .map(Difference::to_string)
            .collect();
        assert_eq!(
            lines,
            [
                "augment was none and is translation,cutout now",
                "condition was none and is color now",
                "ema was none and is 0.5 now",
                "lr was 0.0002 and is 0.1 now"
            ]
        );
    }

    #[test]
    fn settings_that_a_file_leaves_out_are_the_tutorials() {
        let read: DcganConfig = serde_json::from_str(r#"{"lr": 0.1, "augment": ["cutout"]}"#).unwrap();
        let expected = DcganConfig::tutorial()
            .with_lr(0.1)
            .with_augment(vec![Augment::Cutout]);
        assert_eq!(read, expected);
        assert!(serde_json::from_str::<DcganConfig>(r#"{"rate": 0.1}"#).is_err());
    }
}
