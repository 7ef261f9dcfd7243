//! What a training would take, found by training a little.

use std::time::Duration;

use ai4fashion_dcgan::{Error, Observer, Standing, StepLog, StepTime, image::RgbImage};

/// Steps of a trial, of which the first is not counted.
pub const STEPS: usize = 3;

/// Watches a short training.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trial {
    /// The shortest step but the first.
    pub step: Option<Duration>,
    /// The bytes of a checkpoint.
    pub checkpoint: usize,
}

impl<G> Observer<G> for Trial {
    fn on_step(&mut self, step: &StepLog, time: StepTime) -> Result<(), Error> {
        if step.step > 0 {
            self.step = Some(self.step.map_or(time.total, |least| least.min(time.total)));
        }
        Ok(())
    }

    fn on_epoch(&mut self, standing: &Standing<'_, G>, _samples: &[RgbImage]) -> Result<(), Error> {
        self.checkpoint = standing.checkpoint()?.files().values().map(Vec::len).sum();
        Ok(())
    }
}
