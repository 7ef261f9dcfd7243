//! Observers of a training run.

use image::RgbImage;

use crate::{
    error::Error,
    model::generator::Generator,
    train::{
        epoch_end::EpochEnd,
        metrics::{StepMetrics, StepTiming},
        run_info::RunInfo,
    },
};

/// Observes a training run, for example to show its progress or to write files.
///
/// An error of an observer ends the training. `G` is the type of the generator; observers that do
/// not use it can be written for any type. The trait may gain methods with a default. All arguments
/// can be made without a training run, to test an observer:
///
/// ```
/// # use std::time::Duration;
/// use ai4fashion_dcgan::{
///     DcganConfig, Error, Generator, Observer, train::{Losses, RunInfo, StepMetrics, StepTiming},
/// };
///
/// /// Ends a training run when the generator's loss is too high.
/// struct Patience(f32);
///
/// impl<G> Observer<G> for Patience {
///     fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
///         if step.loss_g > self.0 {
///             return Err(Error::other(format!("the generator's loss is {}", step.loss_g)));
///         }
///         Ok(())
///     }
/// }
///
/// let info = RunInfo::new(DcganConfig::tutorial(), 300);
/// let step = StepMetrics::new(&info, 0, 2, Losses::new(0.1, 30.0));
/// let timing = StepTiming::new(Duration::from_millis(600), Duration::ZERO);
/// assert!(Observer::<Generator>::on_step(&mut Patience(40.0), &step, timing).is_ok());
/// let error = Observer::<Generator>::on_step(&mut Patience(20.0), &step, timing).unwrap_err();
/// assert_eq!(error.to_string(), "the generator's loss is 30");
/// ```
pub trait Observer<G = Generator> {
    /// Called before the first step; again each time a run is resumed.
    ///
    /// # Errors
    /// Any error that should keep the run from starting.
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        let _ = info;
        Ok(())
    }

    /// Called after each step.
    ///
    /// # Errors
    /// Any error that should end the run.
    fn on_step(&mut self, step: &StepMetrics, timing: StepTiming) -> Result<(), Error> {
        let _ = (step, timing);
        Ok(())
    }

    /// Called after each epoch, with up to 64 images that the generator made from the run's fixed
    /// noise.
    ///
    /// # Errors
    /// Any error that should end the run.
    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let _ = (end, samples);
        Ok(())
    }

    /// Called when the training was stopped by an [`Interrupter`](crate::train::Interrupter), with
    /// samples as in [`on_epoch`](Self::on_epoch).
    ///
    /// # Errors
    /// Any error of the observer.
    fn on_stop(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let _ = (end, samples);
        Ok(())
    }
}
