//! What a run tells those who watch it.

use std::fmt;

use image::RgbImage;

use crate::{
    error::Error,
    model::generator::Generator,
    train::{
        checkpoint::Checkpoint,
        metrics::{StepLog, StepTime},
        run_info::Plan,
    },
};

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
