//! Settings of a training run as options of the command line.

use std::path::{Path, PathBuf};

use ai4fashion_dcgan::{
    Augment, Condition, DcganConfig, Loss,
    model::{Precision, Upsampling},
    train::Preset,
};
use anyhow::Context as _;
use clap::Args;

use crate::values::one_of;

/// Settings of a run. Those that are not given are the run's own, those of --config, or the PyTorch
/// DCGAN tutorial's.
#[derive(Debug, Args)]
#[command(next_help_heading = TUTORIAL)]
pub(crate) struct TrainingOptions {
    /// Number of epochs in all [default: 25]
    #[arg(long)]
    epochs: Option<usize>,
    /// Train only on the first LIMIT images
    #[arg(long)]
    limit: Option<usize>,
    /// Random seed of weights, noise and order [default: 999]
    #[arg(long)]
    seed: Option<u64>,
    /// Images in a step [default: 128]
    #[arg(long, alias = "batch")]
    batch_size: Option<usize>,
    /// Side length of the images in pixels: 8, 16, 32, 64 or 128 [default: 64]
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
    /// Learning rate of Adam [default: 0.0002]
    #[arg(long)]
    lr: Option<f64>,
    /// Decay of Adam's first moment [default: 0.5]
    #[arg(long)]
    beta1: Option<f64>,
    /// Threads that decode images [default: 2]
    #[arg(long)]
    workers: Option<usize>,
    /// Settings to begin with: the tutorial's, or small, for 2,000 to 20,000 photos, with far
    /// better images in the same time [default: tutorial]
    #[arg(long, value_parser = one_of(Preset::ALL), conflicts_with_all = ["config", "resume"])]
    preset: Option<Preset>,
    /// JSON file of settings, like a run's config.json; those it leaves out are the tutorial's
    #[arg(long, value_name = "JSON")]
    config: Option<PathBuf>,
    /// Learning rate of the discriminator, if one network dominates [default: LR]
    #[arg(long, value_name = "LR", help_heading = BEYOND)]
    lr_discriminator: Option<f64>,
    /// Factor of both learning rates after each epoch, in (0, 1] [default: 1]
    #[arg(long, value_name = "FACTOR", help_heading = BEYOND)]
    lr_decay: Option<f64>,
    /// Loss function; hinge is steadier with --spectral-norm, relativistic with --r1-gamma and
    /// --r2-gamma [default: bce]
    #[arg(long, value_parser = one_of(Loss::ALL), help_heading = BEYOND)]
    loss: Option<Loss>,
    /// How far below 1 the label of real images is, in [0, 0.5); 0.1 keeps the discriminator from
    /// overconfidence [default: 0]
    #[arg(long, value_name = "AMOUNT", help_heading = BEYOND)]
    label_smoothing: Option<f64>,
    /// Generate with a moving average of the generator's weights, with this decay in (0, 1); 0.99
    /// to 0.999 gives steadier images
    #[arg(long, value_name = "DECAY", help_heading = BEYOND)]
    ema: Option<f64>,
    /// Augment real and generated images before the discriminator; helps with fewer than about ten
    /// thousand images; several with commas, for example translation,cutout
    #[arg(long, value_parser = one_of(Augment::ALL), value_delimiter = ',', help_heading = BEYOND)]
    augment: Option<Vec<Augment>>,
    /// Weight of the R1 gradient penalty, by finite differences; 1 to 10 stabilise a training run,
    /// at the cost of another pass of the discriminator [default: 0]
    #[arg(long, value_name = "GAMMA", help_heading = BEYOND)]
    r1_gamma: Option<f64>,
    /// Weight of the R2 gradient penalty, the same at generated images [default: 0]
    #[arg(long, value_name = "GAMMA", help_heading = BEYOND)]
    r2_gamma: Option<f64>,
    /// Compute both gradient penalties in every STEPS-th step alone, with STEPS times their weight,
    /// 1 to 1000; 8 costs an eighth [default: 1]
    #[arg(long, value_name = "STEPS", help_heading = BEYOND)]
    penalty_every: Option<usize>,
    /// Weight of the LeCam regularization of the discriminator, for few images; the paper's is 0.3
    /// with the hinge loss [default: 0]
    #[arg(long, value_name = "WEIGHT", help_heading = BEYOND)]
    lecam: Option<f64>,
    /// Spectral normalization of the discriminator's weights, instead of its batch norm
    #[arg(long, num_args = 0..=1, default_missing_value = "true", help_heading = BEYOND)]
    spectral_norm: Option<bool>,
    /// Show the discriminator how much the images of a group of four differ, against mode collapse
    #[arg(long, num_args = 0..=1, default_missing_value = "true", help_heading = BEYOND)]
    minibatch_std: Option<bool>,
    /// How the generator enlarges: transposed 4x4 convolutions, or nearest-neighbour upsampling and
    /// 3x3 convolutions, which make no checkerboard [default: transposed]
    #[arg(long, value_parser = one_of(Upsampling::ALL), help_heading = BEYOND)]
    upsampling: Option<Upsampling>,
    /// Condition both networks on colour, type, or both [default: none]
    #[arg(long, value_parser = one_of(Condition::ALL.iter().copied()), help_heading = BEYOND)]
    condition: Option<Condition>,
    /// Precision of convolutions: f32, or factors in bfloat16 and sums in f32 [default: f32]
    #[arg(long, value_parser = one_of(Precision::ALL), help_heading = BEYOND)]
    precision: Option<Precision>,
}

const TUTORIAL: &str = "Settings [default: the PyTorch DCGAN tutorial's]";
const BEYOND: &str = "Beyond the tutorial";

/// Reads settings from a JSON file like a run's `config.json`; those it leaves out are the
/// tutorial's.
///
/// # Errors
/// If the file cannot be read or parsed.
pub(crate) fn read_settings(path: &Path) -> anyhow::Result<DcganConfig> {
    let text = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    serde_json::from_slice(&text)
        .with_context(|| format!("cannot parse the settings in `{}`", path.display()))
}

impl TrainingOptions {
    /// The settings of --config or --preset, or the tutorial's, with all options that were given.
    ///
    /// # Errors
    /// If the file of --config cannot be read or parsed.
    pub(crate) fn fresh(&self) -> anyhow::Result<DcganConfig> {
        let Some(path) = &self.config else {
            return Ok(self.over(self.preset.unwrap_or_default().config()));
        };
        Ok(self.over(read_settings(path)?))
    }

    /// `config`, or the settings of --config if it is given, with all options that were given.
    ///
    /// # Errors
    /// If the file of --config cannot be read or parsed.
    pub(crate) fn of_run(&self, config: &DcganConfig) -> anyhow::Result<DcganConfig> {
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
        set(&mut config.r1_gamma, self.r1_gamma.as_ref());
        set(&mut config.r2_gamma, self.r2_gamma.as_ref());
        set(&mut config.penalty_every, self.penalty_every.as_ref());
        set(&mut config.lecam, self.lecam.as_ref());
        set(&mut config.minibatch_std, self.minibatch_std.as_ref());
        set(&mut config.upsampling, self.upsampling.as_ref());
        set(&mut config.spectral_norm, self.spectral_norm.as_ref());
        config.limit = self.limit.or(config.limit);
        config.lr_discriminator = self.lr_discriminator.or(config.lr_discriminator);
        config.ema = self.ema.or(config.ema);
        set(&mut config.loss, self.loss.as_ref());
        set(&mut config.augment, self.augment.as_ref());
        set(&mut config.condition, self.condition.as_ref());
        set(&mut config.precision, self.precision.as_ref());
        config
    }
}
