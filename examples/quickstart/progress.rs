//! Progress bars.

use std::io::{IsTerminal as _, stderr};

use ai4fashion_dataset::ingest::Progress;
use ai4fashion_dcgan::{
    Error, Observer,
    train::{Interrupter, RunInfo, StepMetrics, StepTiming},
};
use indicatif::{ProgressBar, ProgressStyle};

/// Steps from one printed log line to the next.
const LOG_EVERY: usize = 50;

/// A bar of what is done, which passes on a request to stop.
pub(crate) struct Bar {
    bar: ProgressBar,
    stop: Interrupter,
}

impl Bar {
    /// A bar led by `label`.
    pub(crate) fn new(label: &'static str, stop: &Interrupter) -> Self {
        let template = "{prefix:>10} [{bar:30}] {pos}/{len}, {eta} left {msg}";
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        Self {
            bar: ProgressBar::no_length().with_style(style).with_prefix(label),
            stop: stop.clone(),
        }
    }
}

impl Bar {
    /// Shows how many of all images are decoded.
    pub(crate) fn show(&self, done: usize, total: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn start(&self, total: usize) {
        self.bar.set_length(total as u64);
        if !stderr().is_terminal() {
            eprintln!("{} {total} images", self.bar.prefix());
        }
    }

    fn advance(&self, done: usize) {
        self.bar.set_position(done as u64);
    }

    fn should_stop(&self) -> bool {
        self.stop.should_stop()
    }
}

impl<G> Observer<G> for Bar {
    fn on_start(&mut self, plan: &RunInfo) -> Result<(), Error> {
        self.bar.set_length(plan.steps() as u64);
        println!("training on {} images, {} steps", plan.images, plan.steps());
        Ok(())
    }

    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        self.bar
            .set_message(format!("Loss_D {:.2} Loss_G {:.2}", step.loss_d, step.loss_g));
        self.bar.inc(1);
        let is_last = step.batch + 1 == step.batches && step.epoch + 1 == step.epochs;
        if step.step.is_multiple_of(LOG_EVERY) || is_last {
            self.bar.suspend(|| println!("{step}"));
        }
        Ok(())
    }
}
