//! Metrics of a step: losses, probabilities, timing.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::train::run_info::RunInfo;

/// The five numbers of the tutorial's log line.
///
/// With [`Loss::Relativistic`](crate::Loss::Relativistic) a logit means nothing by itself. The
/// probabilities are then those of the pairs: D(x) that the real image is more real than its
/// generated one, D(G(z)) the opposite, so that D(x) and the first D(G(z)) add up to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Losses {
    /// Loss of the discriminator on the real and on the generated images, summed; without
    /// regularization.
    pub loss_d: f32,
    /// Loss of the generator.
    pub loss_g: f32,
    /// Mean probability that the discriminator gives the real images: D(x).
    pub d_x: f32,
    /// Mean probability of the generated images before the discriminator's update: the first
    /// D(G(z)).
    pub d_g_z1: f32,
    /// Mean probability of the generated images after that update: the second D(G(z)).
    pub d_g_z2: f32,
}

impl Losses {
    /// Creates the losses of discriminator and generator, with probabilities of 0, for example to
    /// test an [`Observer`](crate::Observer).
    #[must_use]
    pub fn new(loss_d: f32, loss_g: f32) -> Self {
        Self {
            loss_d,
            loss_g,
            d_x: 0.0,
            d_g_z1: 0.0,
            d_g_z2: 0.0,
        }
    }

    /// Sets the mean probabilities of real images, and of generated images before and after the
    /// discriminator's update.
    #[must_use]
    pub fn with_probabilities(mut self, real: f32, [before, after]: [f32; 2]) -> Self {
        (self.d_x, self.d_g_z1, self.d_g_z2) = (real, before, after);
        self
    }
}

/// The metrics of a step, as a line of `log.jsonl` holds them.
///
/// Its text is the tutorial's log line.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, train::{Losses, RunInfo, StepMetrics}};
///
/// let info = RunInfo::new(DcganConfig::tutorial(), 300);
/// let losses = Losses::new(1.75, 5.5).with_probabilities(0.55, [0.625, 0.0078]);
/// let step = StepMetrics::new(&info, 2, 1, losses);
/// let line = "[2/25][1/3] Loss_D: 1.7500 Loss_G: 5.5000 D(x): 0.5500 D(G(z)): 0.6250 / 0.0078";
/// assert_eq!(step.to_string(), line);
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepMetrics {
    /// The epoch, from 0.
    pub epoch: usize,
    /// The number of epochs of the run; not in the file, since a run may be extended.
    #[serde(skip)]
    pub epochs: usize,
    /// The step within the epoch, from 0.
    pub batch: usize,
    /// The number of steps in an epoch.
    pub batches: usize,
    /// The step within the run, from 0.
    pub step: usize,
    /// Loss of the discriminator, see [`Losses::loss_d`].
    pub loss_d: f32,
    /// Loss of the generator, see [`Losses::loss_g`].
    pub loss_g: f32,
    /// Mean probability of the real images, see [`Losses::d_x`].
    pub d_x: f32,
    /// Mean probability of the generated images before the update, see [`Losses::d_g_z1`].
    pub d_g_z1: f32,
    /// Mean probability of the generated images after the update, see [`Losses::d_g_z2`].
    pub d_g_z2: f32,
}

impl StepMetrics {
    /// Creates the metrics of a step of the run `info`; `epoch`, and `batch` within the epoch,
    /// count from 0.
    #[must_use]
    pub fn new(info: &RunInfo, epoch: usize, batch: usize, losses: Losses) -> Self {
        let Losses {
            loss_d,
            loss_g,
            d_x,
            d_g_z1,
            d_g_z2,
        } = losses;
        Self {
            epoch,
            epochs: info.config.epochs,
            batch,
            batches: info.steps_per_epoch,
            step: epoch * info.steps_per_epoch + batch,
            loss_d,
            loss_g,
            d_x,
            d_g_z1,
            d_g_z2,
        }
    }
}

/// The tutorial's log line.
impl fmt::Display for StepMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "[{}/{}][{}/{}] Loss_D: {:.4} Loss_G: {:.4} D(x): {:.4} D(G(z)): {:.4} / {:.4}",
            self.epoch,
            self.epochs,
            self.batch,
            self.batches,
            // Not "-0.0000".
            self.loss_d + 0.0,
            self.loss_g + 0.0,
            self.d_x,
            self.d_g_z1,
            self.d_g_z2,
        )
    }
}

/// How long a step took.
///
/// It is not part of [`StepMetrics`], which are the same for the same seed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct StepTiming {
    /// The time from the end of the step before to the end of this one.
    pub total: Duration,
    /// The time spent waiting for images, as part of the total.
    pub waited: Duration,
}

impl StepTiming {
    /// Creates the timing of a step.
    #[must_use]
    pub fn new(total: Duration, waited: Duration) -> Self {
        Self { total, waited }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::DcganConfig;

    #[test]
    fn log_line_has_the_tutorials_form() {
        let info = RunInfo::new(DcganConfig::tutorial(), 300);
        let losses = Losses::new(1.75, 5.5).with_probabilities(0.55, [0.625, 0.0078]);
        let log = StepMetrics::new(&info, 2, 1, losses);
        assert_eq!(
            log.to_string(),
            "[2/25][1/3] Loss_D: 1.7500 Loss_G: 5.5000 D(x): 0.5500 D(G(z)): 0.6250 / 0.0078"
        );
        assert_eq!((log.step, info.steps()), (7, 75));
        let endless = DcganConfig::tutorial().with_epochs(usize::MAX);
        assert_eq!(RunInfo::new(endless, 300).steps(), usize::MAX);
    }
}
