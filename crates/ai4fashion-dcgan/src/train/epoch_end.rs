//! The state of a training run at the end of an epoch.

use std::fmt;

use crate::{
    error::Error,
    model::generator::Generator,
    train::{checkpoint::Checkpoint, run_info::RunInfo},
};

/// The state of a training run at the end of an epoch, or where it was interrupted.
#[non_exhaustive]
pub struct EpochEnd<'a, G = Generator> {
    /// The number of whole epochs done.
    pub epochs_done: usize,
    /// The number of epochs of the run.
    pub epochs: usize,
    /// The number of steps done in the run.
    pub steps_done: usize,
    /// The generator that samples come from, in evaluation mode: the averaged one if there is one.
    pub generator: &'a G,
    /// The distance of the samples from [`RunInfo::real`]; `None` within an epoch.
    ///
    /// It is the sliced Wasserstein distance of their pixels at 16x16, 0 for equal sets.
    pub distance: Option<f32>,
    checkpoint: &'a dyn Fn() -> Result<Checkpoint, Error>,
}

impl<'a, G> EpochEnd<'a, G> {
    /// Describes the run `info` after `steps_done` steps; `checkpoint` makes the result of
    /// [`checkpoint`](Self::checkpoint).
    #[must_use]
    pub fn new(
        info: &RunInfo,
        steps_done: usize,
        generator: &'a G,
        checkpoint: &'a dyn Fn() -> Result<Checkpoint, Error>,
    ) -> Self {
        Self {
            epochs_done: steps_done / info.steps_per_epoch.max(1),
            epochs: info.config.epochs,
            steps_done,
            generator,
            distance: None,
            checkpoint,
        }
    }

    /// Sets the distance of the samples from real images.
    #[must_use]
    pub fn with_distance(mut self, distance: Option<f32>) -> Self {
        self.distance = distance;
        self
    }

    /// Whether all epochs are done.
    #[must_use]
    pub fn is_last(&self) -> bool {
        self.epochs_done >= self.epochs
    }

    /// Makes a checkpoint: all that is needed to resume from here.
    ///
    /// # Errors
    /// If the weights cannot be serialized.
    pub fn checkpoint(&self) -> Result<Checkpoint, Error> {
        (self.checkpoint)()
    }
}

impl<G> fmt::Debug for EpochEnd<'_, G> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EpochEnd")
            .field("epochs_done", &self.epochs_done)
            .field("steps_done", &self.steps_done)
            .field("distance", &self.distance)
            .finish_non_exhaustive()
    }
}
