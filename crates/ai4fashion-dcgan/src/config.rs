//! What makes a training run.

use serde::{Deserialize, Serialize};

use crate::{Error, ErrorKind};

/// The side lengths that the networks can be built for.
pub const IMAGE_SIZES: [usize; 5] = [8, 16, 32, 64, 128];

/// The settings of a run. The defaults are those of the PyTorch DCGAN tutorial
/// (N. Inkawhich, DCGAN Tutorial, pytorch.org), which follow A. Radford, L. Metz, S. Chintala,
/// Unsupervised Representation Learning with Deep Convolutional Generative Adversarial Networks,
/// 2015.
///
/// Made with [`DcganConfig::tutorial`] and the `with_` setters; checked where it is used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct DcganConfig {
    /// Side length of the pictures in pixels, one of [`IMAGE_SIZES`]. Default 64.
    pub image_size: usize,
    /// Length of the noise vector, at least 1. Default 100.
    pub nz: usize,
    /// Width of the generator's last hidden layer in channels, at least 1. Default 64.
    pub ngf: usize,
    /// Width of the discriminator's first layer in channels, at least 1. Default 64.
    pub ndf: usize,
    /// Pictures of one step, at least 1. Default 128.
    pub batch_size: usize,
    /// Times that the whole data set is gone through, at least 1. Default 25.
    pub epochs: usize,
    /// Adam's learning rate for both networks, above 0. Default 0.0002.
    pub lr: f64,
    /// Adam's decay of the first moment, in `[0, 1)`. Default 0.5.
    pub beta1: f64,
    /// Threads that decode pictures, at least 1. Default 2.
    pub workers: usize,
    /// The number from which weights, noise and order are drawn. Default 999, the tutorial's.
    pub seed: u64,
    /// Train on the first so many pictures only, at least 1; `None` for all. Default `None`.
    pub limit: Option<usize>,
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
        }
    }

    setters! {
        with_image_size image_size: usize, "the side length of the pictures in pixels";
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
    }

    /// Checks every field.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`] for the first field outside its interval.
    pub fn validate(&self) -> Result<(), Error> {
        if !IMAGE_SIZES.contains(&self.image_size) {
            return Err(setting("image_size", self.image_size, "8, 16, 32, 64 or 128"));
        }
        for (field, value) in [
            ("nz", self.nz),
            ("ngf", self.ngf),
            ("ndf", self.ndf),
            ("batch_size", self.batch_size),
            ("epochs", self.epochs),
            ("workers", self.workers),
            ("limit", self.limit.unwrap_or(1)),
        ] {
            if value == 0 {
                return Err(setting(field, value, "at least 1"));
            }
        }
        if !(self.lr.is_finite() && self.lr > 0.0) {
            return Err(setting("lr", self.lr, "a number above 0"));
        }
        if !(0.0..1.0).contains(&self.beta1) {
            return Err(setting("beta1", self.beta1, "in [0, 1)"));
        }
        Ok(())
    }

    /// How often a network doubles or halves the picture between 4x4 and its full size.
    pub(crate) fn doublings(&self) -> usize {
        (self.image_size / 4).ilog2() as usize
    }
}

fn setting(field: &'static str, value: impl ToString, legal: &'static str) -> Error {
    Error::new(ErrorKind::Setting {
        field,
        value: value.to_string(),
        legal,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("lr", good().with_lr(f64::NAN)),
            ("lr", good().with_lr(-1.0)),
            ("beta1", good().with_beta1(1.0)),
        ] {
            let error = config.validate().unwrap_err();
            let ErrorKind::Setting {
                field: found, legal, ..
            } = error.kind()
            else {
                panic!("{error} is not about a setting")
            };
            assert_eq!(*found, field);
            assert!(!legal.is_empty() && error.to_string().contains(legal), "{error}");
        }
    }
}
