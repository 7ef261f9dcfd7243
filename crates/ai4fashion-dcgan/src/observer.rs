//! What a run tells those who watch it.

use std::{fmt, time::Duration};

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{Checkpoint, DcganConfig, Error, Generator, LabelCount, Labels, StepLosses};

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
    /// The labels of all pictures that the run's condition tells apart; empty without one.
    pub seen: Vec<LabelCount>,
}

impl Plan {
    /// A run from the beginning on so many pictures, of which nothing else is known: to test an [`Observer`] with.
    #[must_use]
    pub fn new(config: DcganConfig, pictures: usize) -> Self {
        Self {
            steps_per_epoch: pictures.div_ceil(config.batch_size.max(1)),
            config,
            pictures,
            steps_done: 0,
            data: String::new(),
            real: Vec::new(),
            labels: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Steps of the whole run.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps_per_epoch.saturating_mul(self.config.epochs)
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
    /// How far the samples are from [`Plan::real`]: the sliced Wasserstein distance of their pixels at 16x16, 0 for equal
    /// sets. `None` in the middle of an epoch.
    pub distance: Option<f32>,
    pub(crate) checkpoint: &'a dyn Fn() -> Result<Checkpoint, Error>,
}

impl<'a, G> Standing<'a, G> {
    /// Where the run of `plan` stands after so many steps; `checkpoint` makes what [`checkpoint`](Self::checkpoint)
    /// returns.
    #[must_use]
    pub fn new(
        plan: &Plan,
        steps_done: usize,
        generator: &'a G,
        checkpoint: &'a dyn Fn() -> Result<Checkpoint, Error>,
    ) -> Self {
        Self {
            epochs_done: steps_done / plan.steps_per_epoch.max(1),
            epochs: plan.config.epochs,
            steps_done,
            generator,
            distance: None,
            checkpoint,
        }
    }

    /// With the distance of the samples from real pictures.
    #[must_use]
    pub fn with_distance(mut self, distance: Option<f32>) -> Self {
        self.distance = distance;
        self
    }

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
/// `G` is the type of the generator; observers that do not look at it can be written for any. What an observer is told can
/// be made without a training, to test it:
///
/// ```
/// # use std::time::Duration;
/// use ai4fashion_dcgan::{DcganConfig, Error, Generator, Observer, Plan, StepLog, StepLosses, StepTime};
///
/// /// Ends a run whose generator loses too much.
/// struct Patience(f32);
///
/// impl<G> Observer<G> for Patience {
///     fn on_step(&mut self, step: &StepLog, _: StepTime) -> Result<(), Error> {
///         if step.loss_g > self.0 {
///             return Err(Error::other(format!("the generator has lost {}", step.loss_g)));
///         }
///         Ok(())
///     }
/// }
///
/// let plan = Plan::new(DcganConfig::tutorial(), 300);
/// let losses = StepLosses::new(0.1, 30.0).with_probabilities(0.9, [0.1, 0.05]);
/// let step = StepLog::new(&plan, 0, 2, losses);
/// let time = StepTime::new(Duration::from_millis(600), Duration::ZERO);
/// assert!(Observer::<Generator>::on_step(&mut Patience(40.0), &step, time).is_ok());
/// let error = Observer::<Generator>::on_step(&mut Patience(20.0), &step, time).unwrap_err();
/// assert_eq!(error.to_string(), "the generator has lost 30");
/// ```
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

    /// After the last step, if the training was asked to [`Stop`](crate::Stop), with samples as in
    /// [`on_epoch`](Self::on_epoch).
    ///
    /// # Errors
    /// Whatever went wrong.
    fn on_stop(&mut self, standing: &Standing<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let _ = (standing, samples);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
