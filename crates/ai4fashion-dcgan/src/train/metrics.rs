//! What a step leaves to be told: losses, probabilities, time.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::train::run_info::Plan;

/// The five numbers of the tutorial's log line.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct StepLosses {
    /// Loss of the discriminator on the real and on the drawn pictures, summed.
    pub loss_d: f32,
    /// Loss of the generator.
    pub loss_g: f32,
    /// Mean probability that the discriminator gives the real pictures: D(x).
    pub d_x: f32,
    /// The same of the drawn pictures before the discriminator's update: the first D(G(z)).
    pub d_g_z1: f32,
    /// The same after its update: the second D(G(z)).
    pub d_g_z2: f32,
}

impl StepLosses {
    /// The losses of discriminator and generator, and probabilities of 0: to test an [`Observer`](crate::Observer) with.
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

    /// Sets the mean probabilities of real pictures, and of drawn ones before and after the discriminator's update.
    #[must_use]
    pub fn with_probabilities(mut self, real: f32, [before, after]: [f32; 2]) -> Self {
        (self.d_x, self.d_g_z1, self.d_g_z2) = (real, before, after);
        self
    }
}

/// One step, as it stands in `log.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepLog {
    /// The epoch, from 0.
    pub epoch: usize,
    /// Epochs of the run; not in the file, since a run may be extended.
    #[serde(skip)]
    pub epochs: usize,
    /// The step within the epoch, from 0.
    pub batch: usize,
    /// Steps of an epoch.
    pub batches: usize,
    /// The step within the run, from 0.
    pub step: usize,
    /// See [`StepLosses::loss_d`].
    pub loss_d: f32,
    /// See [`StepLosses::loss_g`].
    pub loss_g: f32,
    /// See [`StepLosses::d_x`].
    pub d_x: f32,
    /// See [`StepLosses::d_g_z1`].
    pub d_g_z1: f32,
    /// See [`StepLosses::d_g_z2`].
    pub d_g_z2: f32,
}

impl StepLog {
    /// The step of this place within an epoch, both from 0.
    #[must_use]
    pub fn new(plan: &Plan, epoch: usize, batch: usize, losses: StepLosses) -> Self {
        let StepLosses {
            loss_d,
            loss_g,
            d_x,
            d_g_z1,
            d_g_z2,
        } = losses;
        Self {
            epoch,
            epochs: plan.config.epochs,
            batch,
            batches: plan.steps_per_epoch,
            step: epoch * plan.steps_per_epoch + batch,
            loss_d,
            loss_g,
            d_x,
            d_g_z1,
            d_g_z2,
        }
    }
}

/// The tutorial's log line.
impl fmt::Display for StepLog {
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

/// How long a step took; not part of [`StepLog`], which is the same for the same seed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct StepTime {
    /// From the end of the step before to the end of this one.
    pub total: Duration,
    /// The part of it that was spent waiting for pictures.
    pub waited: Duration,
}

impl StepTime {
    /// A step that took so long, and waited for so long.
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
        let plan = Plan::new(DcganConfig::tutorial(), 300);
        let losses = StepLosses::new(1.75, 5.5).with_probabilities(0.55, [0.625, 0.0078]);
        let log = StepLog::new(&plan, 2, 1, losses);
        assert_eq!(
            log.to_string(),
            "[2/25][1/3] Loss_D: 1.7500 Loss_G: 5.5000 D(x): 0.5500 D(G(z)): 0.6250 / 0.0078"
        );
        assert_eq!((log.step, plan.steps()), (7, 75));
        let endless = DcganConfig::tutorial().with_epochs(usize::MAX);
        assert_eq!(Plan::new(endless, 300).steps(), usize::MAX);
    }
}
