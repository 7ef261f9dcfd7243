//! What a training would take, found by training a little.

use std::time::Duration;

use ai4fashion_dcgan::{
    Error, Observer, PictureSource, Standing, StepLog, StepTime, Trainer, burn::tensor::Device,
    image::RgbImage,
};

use crate::{
    machine::peak_mib,
    say::{count, say},
};

/// Steps of a trial, of which the first is not counted.
const STEPS: usize = 3;

/// Watches a short training.
#[derive(Clone, Copy, Debug, Default)]
struct Trial {
    /// The shortest step but the first.
    step: Option<Duration>,
    /// The bytes of a checkpoint.
    checkpoint: usize,
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

/// Says what a run would take in steps, time, memory and disk, after three steps of it. Nothing is written.
///
/// # Errors
/// If the run could not begin.
pub fn say_plan(trainer: &Trainer, pictures: &impl PictureSource, device: Device) -> Result<(), Error> {
    let plan = trainer.plan(pictures)?;
    let (batch, epochs) = (plan.config.batch_size, plan.config.epochs);
    let few = Some(plan.pictures.min(STEPS * batch));
    let short = plan.config.clone().with_epochs(1).with_limit(few);
    let mut trial = Trial::default();
    Trainer::new(short, device)?.fit(pictures, &mut [&mut trial])?;
    say(format_args!("pictures        {}", plan.pictures));
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
    say(format_args!("a checkpoint    {checkpoint}"));
    Ok(())
}
