//! Checks of the settings.

use std::collections::BTreeSet;

use super::{DcganConfig, IMAGE_SIZES};
use crate::{
    error::Error,
    objective::{augment::Augment, loss::Loss},
};

// Far beyond useful values, and small enough that nothing overflows. Memory grows with the square
// of the widths: the largest layer of networks of width 1024 takes 2 GiB at 64x64, 8 GiB at
// 128x128.
const MAX_NZ: usize = 4096;
const MAX_WIDTH: usize = 1024;
const MAX_BATCH_SIZE: usize = 65_536;
const MAX_EPOCHS: usize = 1_000_000;
const MAX_WORKERS: usize = 256;
const MAX_PENALTY_EVERY: usize = 1000;

impl DcganConfig {
    /// Checks every setting.
    ///
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for the first one outside its interval.
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
            ("penalty_every", self.penalty_every, MAX_PENALTY_EVERY),
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
        let weight = |weight: f64| weight.is_finite() && weight >= 0.0;
        let any_weight = "a number of at least 0";
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
            ("r1_gamma", self.r1_gamma, weight(self.r1_gamma), any_weight),
            ("r2_gamma", self.r2_gamma, weight(self.r2_gamma), any_weight),
            ("lecam", self.lecam, weight(self.lecam), any_weight),
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
            let legal = format!("0 with the loss {}, which has no labels", self.loss);
            return Err(Error::setting("label_smoothing", self.label_smoothing, legal));
        }
        let kinds: BTreeSet<_> = self.augment.iter().collect();
        if kinds.len() < self.augment.len() {
            return Err(Error::setting("augment", join(&self.augment), "each kind once"));
        }
        if self.condition.has_color() && kinds.contains(&Augment::Color) {
            let legal = "translation and cutout with a condition on colour";
            return Err(Error::setting("augment", join(&self.augment), legal));
        }
        Ok(())
    }
}

fn join(kinds: &[Augment]) -> String {
    let names: Vec<String> = kinds.iter().map(Augment::to_string).collect();
    names.join(",")
}
