//! What a run tells those who watch it.

use std::{fmt, time::Duration};

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{Checkpoint, DcganConfig, Error, Generator, Labels, StepLosses};

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
    /// Steps done before this sitting; 0 unless it goes on with a run.
    pub steps_done: usize,
    /// The fingerprint of the pictures, see [`PictureSource::fingerprint`](crate::PictureSource::fingerprint).
    pub data: String,
    /// Up to 64 real pictures, the first of the first epoch, as the networks see them.
    pub real: Vec<RgbImage>,
    /// Their labels.
    pub labels: Vec<Labels>,
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

/// How long a step took; not part of [`StepLog`], which is the same for the same seed.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct StepTime {
    /// From the end of the step before to the end of this one.
    pub total: Duration,
    /// The part of it that was spent waiting for pictures.
    pub waited: Duration,
}

/// The end of an epoch, or where a training was asked to stop.
#[non_exhaustive]
pub struct Standing<'a, G = Generator> {
    /// Whole epochs done.
    pub epochs_done: usize,
    /// Epochs of the run.
    pub epochs: usize,
    /// Steps done in the run so far.
    pub steps_done: usize,
    /// The generator that samples are drawn by, in evaluation mode: the averaged one if there is one.
    pub generator: &'a G,
    /// How far the samples of the newest epoch's end are from [`Plan::real`]: the sliced Wasserstein distance of their
    /// pixels at 16x16, 0 for equal sets. `None` before the first epoch's end.
    pub distance: Option<f32>,
    pub(crate) checkpoint: &'a dyn Fn() -> Result<Checkpoint, Error>,
}

impl<G> Standing<'_, G> {
    /// All that is needed to go on from here.
    ///
    /// # Errors
    /// If the weights cannot be written down.
    pub fn checkpoint(&self) -> Result<Checkpoint, Error> {
        (self.checkpoint)()
    }
}

impl<G> fmt::Debug for Standing<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Standing")
            .field("epochs_done", &self.epochs_done)
            .field("steps_done", &self.steps_done)
            .field("distance", &self.distance)
            .finish_non_exhaustive()
    }
}

/// Watches a run: a progress bar, a run folder, a test. An error ends the run.
///
/// `G` is the type of the generator; observers that do not look at it can be written for any.
pub trait Observer<G = Generator> {
    /// Before the first step of this sitting.
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
    fn on_step(&mut self, step: &StepLog, time: StepTime) -> Result<(), Error> {
        let _ = (step, time);
        Ok(())
    }

    /// After each epoch, with up to 64 pictures that the generator has drawn from the run's fixed noise.
    ///
    /// # Errors
    /// Whatever should end the run.
    fn on_epoch(&mut self, standing: &Standing<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let _ = (standing, samples);
        Ok(())
    }

    /// After the last step, if the training was asked to [`Stop`](crate::Stop).
    ///
    /// # Errors
    /// Whatever went wrong.
    fn on_stop(&mut self, standing: &Standing<'_, G>) -> Result<(), Error> {
        let _ = standing;
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
            steps_done: 0,
            data: String::new(),
            real: Vec::new(),
            labels: Vec::new(),
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
