//! What a run tells those who watch it.

use std::fmt;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{DcganConfig, Discriminator, Error, Generator, StepLosses};

/// What is known before the first step.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The run's settings.
    pub config: DcganConfig,
    /// Pictures that are trained on.
    pub pictures: usize,
    /// Steps of one epoch; the last may take fewer pictures.
    pub steps_per_epoch: usize,
    /// Up to 64 real pictures, the first of the first epoch, as the networks see them.
    pub real: Vec<RgbImage>,
}

impl Plan {
    /// Steps of the whole run.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps_per_epoch * self.config.epochs
    }
}

/// One step, as it stands in `log.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct StepLog {
    /// The epoch, from 0.
    pub epoch: usize,
    /// Epochs of the run.
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
    pub(crate) fn new(plan: &Plan, epoch: usize, batch: usize, losses: StepLosses) -> Self {
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

/// The end of an epoch.
#[derive(Debug)]
#[non_exhaustive]
pub struct EpochEnd<'a> {
    /// The epoch that has ended, from 0.
    pub epoch: usize,
    /// Epochs of the run.
    pub epochs: usize,
    /// Steps done in the run so far.
    pub steps_done: usize,
    /// The generator in evaluation mode.
    pub generator: &'a Generator,
    /// The discriminator in evaluation mode.
    pub discriminator: &'a Discriminator,
    /// Up to 64 pictures drawn from the run's fixed noise by that generator.
    pub samples: &'a [RgbImage],
}

/// Watches a run: a progress bar, a run folder, a test. An error ends the run.
pub trait Observer {
    /// Before the first step.
    ///
    /// # Errors
    /// Whatever should keep the run from starting.
    fn on_start(&mut self, plan: &Plan) -> Result<(), Error> {
        let _ = plan;
        Ok(())
    }

    /// After each step.
    ///
    /// # Errors
    /// Whatever should end the run.
    fn on_step(&mut self, step: &StepLog) -> Result<(), Error> {
        let _ = step;
        Ok(())
    }

    /// After each epoch.
    ///
    /// # Errors
    /// Whatever should end the run.
    fn on_epoch(&mut self, end: &EpochEnd<'_>) -> Result<(), Error> {
        let _ = end;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn log_line_has_the_tutorials_form() {
        let plan = Plan {
            config: DcganConfig::tutorial(),
            pictures: 300,
            steps_per_epoch: 3,
            real: Vec::new(),
        };
        let losses = StepLosses {
            loss_d: 1.75,
            loss_g: 5.5,
            d_x: 0.55,
            d_g_z1: 0.625,
            d_g_z2: 0.0078,
        };
        let log = StepLog::new(&plan, 2, 1, losses);
        assert_eq!(
            log.to_string(),
            "[2/25][1/3] Loss_D: 1.7500 Loss_G: 5.5000 D(x): 0.5500 D(G(z)): 0.6250 / 0.0078"
        );
        assert_eq!((log.step, plan.steps()), (7, 75));
    }
}
