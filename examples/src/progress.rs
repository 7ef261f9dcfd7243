//! Progress bars on standard error; nothing is drawn where that is not a terminal.

use ai4fashion_dataset::Progress;
use ai4fashion_dcgan::{Error, Observer, Plan, StepLog, StepTime};
use indicatif::{ProgressBar, ProgressStyle};

use crate::say::say;

/// A bar that counts, led by `what`, e.g. `ingesting [####----] 120/450, 12s left`.
fn bar(what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>10} [{bar:30}] {pos}/{len}, {eta} left {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("##-");
    ProgressBar::no_length().with_style(style).with_prefix(what)
}

/// Shows how many pictures are read.
#[derive(Debug)]
pub struct PictureBar(ProgressBar);

impl PictureBar {
    /// A bar that is not drawn yet.
    #[must_use]
    pub fn new() -> Self {
        Self::named("ingesting")
    }

    /// The same, led by another word.
    #[must_use]
    pub fn named(what: &'static str) -> Self {
        Self(bar(what))
    }
}

impl Default for PictureBar {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for PictureBar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}

impl Progress for PictureBar {
    fn start(&self, total: usize) {
        self.0.set_length(total as u64);
    }

    fn advance(&self, done: usize) {
        self.0.set_position(done as u64);
    }
}

/// Shows how far a training is, and prints the tutorial's log line every `every` steps on standard output.
#[derive(Debug)]
pub struct TrainBar {
    bar: ProgressBar,
    every: usize,
    pictures: usize,
}

impl TrainBar {
    /// A bar that is not drawn yet. `every` is at least 1.
    #[must_use]
    pub fn new(every: usize) -> Self {
        Self {
            bar: bar("training"),
            every: every.max(1),
            pictures: 0,
        }
    }

    fn print(&self, line: &impl std::fmt::Display) {
        self.bar.suspend(|| say(line));
    }
}

impl Drop for TrainBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl<G> Observer<G> for TrainBar {
    fn on_start(&mut self, plan: &Plan) -> Result<(), Error> {
        self.pictures = plan.config.batch_size.min(plan.pictures);
        self.bar.set_length(plan.steps() as u64);
        self.bar.set_position(plan.steps_done as u64);
        // Steps of an earlier sitting took no time of this one.
        self.bar.reset_eta();
        self.print(&format_args!(
            "training on {} pictures, {} steps of batch {} in each of {} epochs",
            plan.pictures, plan.steps_per_epoch, plan.config.batch_size, plan.config.epochs,
        ));
        if plan.steps_done > 0 {
            self.print(&format_args!(
                "going on after step {} of {}",
                plan.steps_done,
                plan.steps()
            ));
        }
        Ok(())
    }

    fn on_step(&mut self, step: &StepLog, time: StepTime) -> Result<(), Error> {
        self.bar.set_message(format!(
            "Loss_D {:.2} Loss_G {:.2} D(x) {:.2} D(G(z)) {:.2}, {:.0} pictures/s",
            step.loss_d,
            step.loss_g,
            step.d_x,
            step.d_g_z1,
            self.pictures as f64 / time.total.as_secs_f64(),
        ));
        self.bar.inc(1);
        let is_last = step.batch + 1 == step.batches && step.epoch + 1 == step.epochs;
        if step.step.is_multiple_of(self.every) || is_last {
            self.print(step);
        }
        Ok(())
    }
}
