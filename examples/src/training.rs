//! Settings of a training as options of a program.

use std::path::{Path, PathBuf};

use ai4fashion_dcgan::{Augment, Condition, DcganConfig, Loss};
use anyhow::Context as _;
use clap::{Args, ValueEnum};

/// Settings of a run; those that are not given are the run's own, those of --config, or the PyTorch DCGAN tutorial's.
#[derive(Debug, Args)]
#[command(next_help_heading = "Settings [default: the PyTorch DCGAN tutorial's]")]
pub struct TrainingOptions {
    /// How often the data set is gone through, in all [default: 25]
    #[arg(long)]
    epochs: Option<usize>,
    /// Train on the first LIMIT pictures only
    #[arg(long)]
    limit: Option<usize>,
    /// The number that weights, noise and order are drawn from [default: 999]
    #[arg(long)]
    seed: Option<u64>,
    /// Pictures of one step [default: 128]
    #[arg(long, alias = "batch")]
    batch_size: Option<usize>,
    /// Side length of the pictures in pixels: 8, 16, 32, 64 or 128 [default: 64]
    #[arg(long, alias = "size")]
    image_size: Option<usize>,
    /// Colour channels: 3, or 1 for grey [default: 3]
    #[arg(long)]
    channels: Option<usize>,
    /// Length of the noise vector [default: 100]
    #[arg(long)]
    nz: Option<usize>,
    /// Width of the generator in channels [default: 64]
    #[arg(long)]
    ngf: Option<usize>,
    /// Width of the discriminator in channels [default: 64]
    #[arg(long)]
    ndf: Option<usize>,
    /// Adam's learning rate [default: 0.0002]
    #[arg(long)]
    lr: Option<f64>,
    /// Adam's decay of the first moment [default: 0.5]
    #[arg(long)]
    beta1: Option<f64>,
    /// Threads that decode pictures [default: 2]
    #[arg(long)]
    workers: Option<usize>,
    /// The discriminator's own learning rate, where one network wins outright [default: LR]
    #[arg(long, help_heading = BEYOND)]
    lr_discriminator: Option<f64>,
    /// What both rates are multiplied by after each epoch, in (0, 1]; below 1 calms a long training down [default: 1]
    #[arg(long, help_heading = BEYOND)]
    lr_decay: Option<f64>,
    /// What the networks minimize; hinge is steadier with --spectral-norm [default: bce]
    #[arg(long, value_enum, help_heading = BEYOND)]
    loss: Option<LossName>,
    /// How far below 1 the label of real pictures is, in [0, 0.5); 0.1 keeps the discriminator from being too sure
    /// [default: 0]
    #[arg(long, help_heading = BEYOND)]
    label_smoothing: Option<f64>,
    /// Draw with a generator averaged over the steps, with this decay in (0, 1); 0.99 to 0.999 gives steadier pictures
    #[arg(long, help_heading = BEYOND)]
    ema: Option<f64>,
    /// Change real and drawn pictures before the discriminator sees them; helps with fewer than some ten thousand
    /// pictures; several with commas, e.g. translation,cutout
    #[arg(long, value_enum, value_delimiter = ',', help_heading = BEYOND)]
    augment: Option<Vec<AugmentName>>,
    /// Weight of the penalty on the discriminator's slope, like R1 by finite differences; 1 to 10 keep a training from
    /// swinging, for another pass through the discriminator [default: 0]
    #[arg(long, help_heading = BEYOND)]
    slope_penalty: Option<f64>,
    /// Divide the discriminator's weights by their largest singular value, in place of its batch norm
    #[arg(long, num_args = 0..=1, default_missing_value = "true", help_heading = BEYOND)]
    spectral_norm: Option<bool>,
    /// Learn to draw pictures of a colour, a type, or both [default: none]
    #[arg(long, value_enum, help_heading = BEYOND)]
    condition: Option<ConditionName>,
    /// Read settings from a JSON file like a run's config.json; those it leaves out are the tutorial's
    #[arg(long, help_heading = "Settings [default: the PyTorch DCGAN tutorial's]")]
    config: Option<PathBuf>,
}

const BEYOND: &str = "Beyond the tutorial (docs/training.md says when each helps)";

/// Losses by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum LossName {
    /// Binary cross-entropy
    Bce,
    /// Hinge loss
    Hinge,
}

/// Augmentations by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum AugmentName {
    /// Brightness, saturation and contrast
    Color,
    /// Moved by up to an eighth of the side
    Translation,
    /// A square of half the side taken out
    Cutout,
}

/// Conditions by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConditionName {
    /// Any picture
    None,
    /// By colour
    Color,
    /// By product type
    Type,
    /// By both
    Both,
}

/// The settings in a JSON file like a run's `config.json`; those it leaves out are the tutorial's.
///
/// # Errors
/// If the file cannot be read or understood.
pub fn read_settings(path: &Path) -> anyhow::Result<DcganConfig> {
    let text = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("cannot understand the settings in `{}`", path.display()))
}

impl TrainingOptions {
    /// The settings of --config, or the tutorial's, with all options that were given.
    ///
    /// # Errors
    /// If the file of --config cannot be read or understood.
    pub fn fresh(&self) -> anyhow::Result<DcganConfig> {
        let Some(path) = &self.config else {
            return Ok(self.over(DcganConfig::tutorial()));
        };
        Ok(self.over(read_settings(path)?))
    }

    /// `config`, or the settings of --config if it is given, with all options that were given.
    ///
    /// # Errors
    /// If the file of --config cannot be read or understood.
    pub fn of_run(&self, config: &DcganConfig) -> anyhow::Result<DcganConfig> {
        if self.config.is_some() {
            return self.fresh();
        }
        Ok(self.over(config.clone()))
    }

    fn over(&self, mut config: DcganConfig) -> DcganConfig {
        fn set<T: Clone>(field: &mut T, given: Option<&T>) {
            if let Some(given) = given {
                field.clone_from(given);
            }
        }
        set(&mut config.epochs, self.epochs.as_ref());
        set(&mut config.seed, self.seed.as_ref());
        set(&mut config.batch_size, self.batch_size.as_ref());
        set(&mut config.image_size, self.image_size.as_ref());
        set(&mut config.channels, self.channels.as_ref());
        set(&mut config.nz, self.nz.as_ref());
        set(&mut config.ngf, self.ngf.as_ref());
        set(&mut config.ndf, self.ndf.as_ref());
        set(&mut config.lr, self.lr.as_ref());
        set(&mut config.beta1, self.beta1.as_ref());
        set(&mut config.workers, self.workers.as_ref());
        set(&mut config.lr_decay, self.lr_decay.as_ref());
        set(&mut config.label_smoothing, self.label_smoothing.as_ref());
        set(&mut config.slope_penalty, self.slope_penalty.as_ref());
        set(&mut config.spectral_norm, self.spectral_norm.as_ref());
        config.limit = self.limit.or(config.limit);
        config.lr_discriminator = self.lr_discriminator.or(config.lr_discriminator);
        config.ema = self.ema.or(config.ema);
        if let Some(loss) = self.loss {
            config.loss = match loss {
                LossName::Bce => Loss::BinaryCrossEntropy,
                LossName::Hinge => Loss::Hinge,
            };
        }
        if let Some(kinds) = &self.augment {
            let kinds = kinds.iter().map(|kind| match kind {
                AugmentName::Color => Augment::Color,
                AugmentName::Translation => Augment::Translation,
                AugmentName::Cutout => Augment::Cutout,
            });
            config.augment = kinds.collect();
        }
        if let Some(condition) = self.condition {
            config.condition = match condition {
                ConditionName::None => Condition::None,
                ConditionName::Color => Condition::Color,
                ConditionName::Type => Condition::Type,
                ConditionName::Both => Condition::Both,
            };
        }
        config
    }
}
