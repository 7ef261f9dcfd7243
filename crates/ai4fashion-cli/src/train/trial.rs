//! Time and memory of a training run, measured by a few steps of it.

use std::time::Duration;

use ai4fashion_dcgan::{
    Error, ImageSource, Observer, Trainer,
    burn::tensor::Device,
    image::RgbImage,
    train::{EpochEnd, StepMetrics, StepTiming},
};
use ai4fashion_files::count;

use crate::{memory::peak_mib, say::say};

/// Steps of a trial, the first of which is not timed.
const STEPS: usize = 3;

/// Measures a short training run.
#[derive(Clone, Copy, Debug, Default)]
struct Trial {
    /// The shortest step except the first.
    step: Option<Duration>,
    /// The bytes of a checkpoint.
    checkpoint: usize,
}

impl<G> Observer<G> for Trial {
    fn on_step(&mut self, step: &StepMetrics, time: StepTiming) -> Result<(), Error> {
        if step.step > 0 {
            self.step = Some(self.step.map_or(time.total, |least| least.min(time.total)));
        }
        Ok(())
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, _samples: &[RgbImage]) -> Result<(), Error> {
        self.checkpoint = end.checkpoint()?.files().values().map(Vec::len).sum();
        Ok(())
    }
}

/// Says how many steps, how much time, memory and disk a run would take, after three steps of it.
/// Nothing is written.
///
/// # Errors
/// If the run could not start.
pub(super) fn say_plan(trainer: &Trainer, images: &impl ImageSource, device: Device) -> Result<(), Error> {
    let plan = trainer.prepare(images)?.info().clone();
    let (batch, epochs) = (plan.config.batch_size, plan.config.epochs);
    let few = Some(plan.images.min(STEPS * batch));
    let short = plan.config.clone().with_epochs(1).with_limit(few);
    let mut trial = Trial::default();
    Trainer::new(short, device)?.fit(images, &mut [&mut trial])?;
    say(format_args!("images          {}", plan.images));
    let (an_epoch, all) = (plan.steps_per_epoch, plan.steps());
    say(format_args!(
        "steps           {an_epoch} of batch {batch} in each of {}, {all} in all",
        count(epochs, "epoch")
    ));
    if let Some(step) = trial.step {
        let whole = step * u32::try_from(all).unwrap_or(u32::MAX);
        say(format_args!(
            "time            {:.2} s a step here, {} in all",
            step.as_secs_f64(),
            indicatif::HumanDuration(whole)
        ));
    }
    if let Some(mib) = peak_mib() {
        say(format_args!("memory          {mib:.0} MiB"));
    }
    let checkpoint = indicatif::HumanBytes(trial.checkpoint as u64);
    say(format_args!("checkpoint      {checkpoint}"));
    Ok(())
}
