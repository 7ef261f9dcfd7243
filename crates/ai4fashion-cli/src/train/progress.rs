//! Progress of a training run.

use std::{
    fmt::Display,
    time::{Duration, Instant},
};

use ai4fashion_dcgan::{
    Error, Observer,
    train::{RunInfo, StepMetrics, StepTiming},
};
use ai4fashion_files::count;
use indicatif::ProgressBar;

use crate::{progress::bar, say::say};

/// Time after which a step is printed, whatever its number.
const QUIET: Duration = Duration::from_secs(30);

/// Shows how far a training run is, and prints the tutorial's log line every `every` steps on
/// standard output.
#[derive(Debug)]
pub(crate) struct TrainBar {
    bar: ProgressBar,
    every: usize,
    batch: usize,
    printed: Instant,
}

impl TrainBar {
    /// A bar that is not shown yet. `every` is at least 1.
    pub(crate) fn new(every: usize) -> Self {
        Self {
            bar: bar(
                "training",
                "{prefix:>10} [{bar:30}] {pos}/{len}, {eta} left {msg}",
            ),
            every: every.max(1),
            batch: 0,
            printed: Instant::now(),
        }
    }

    /// What prints lines without disturbing the bar.
    pub(crate) fn printer(&self) -> Printer {
        Printer(self.bar.clone())
    }

    fn print(&self, line: &impl Display) {
        self.printer().print(line);
    }
}

/// Prints lines on standard output above a bar.
#[derive(Clone, Debug)]
pub(crate) struct Printer(ProgressBar);

impl Printer {
    pub(crate) fn print(&self, line: &impl Display) {
        self.0.suspend(|| say(line));
    }
}

impl Drop for TrainBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl<G> Observer<G> for TrainBar {
    fn on_start(&mut self, plan: &RunInfo) -> Result<(), Error> {
        self.batch = plan.config.batch_size.min(plan.images);
        self.bar.set_length(plan.steps() as u64);
        self.bar.set_position(plan.steps_done as u64);
        // Steps of an earlier process took no time of this one.
        self.bar.reset_eta();
        self.print(&format_args!(
            "training on {}, {} of batch {} in each of {}",
            count(plan.images, "image"),
            count(plan.steps_per_epoch, "step"),
            plan.config.batch_size,
            count(plan.config.epochs, "epoch"),
        ));
        if plan.steps_done > 0 {
            self.print(&format_args!(
                "resuming after step {} of {}",
                plan.steps_done,
                plan.steps()
            ));
        }
        Ok(())
    }

    fn on_step(&mut self, step: &StepMetrics, time: StepTiming) -> Result<(), Error> {
        self.bar.set_message(format!(
            "Loss_D {:.2} Loss_G {:.2} D(x) {:.2} D(G(z)) {:.2}, {:.0} images/s",
            step.loss_d,
            step.loss_g,
            step.d_x,
            step.d_g_z1,
            self.batch as f64 / time.total.as_secs_f64(),
        ));
        self.bar.inc(1);
        let is_last = step.batch + 1 == step.batches && step.epoch + 1 == step.epochs;
        if step.step.is_multiple_of(self.every) || is_last || self.printed.elapsed() > QUIET {
            self.printed = Instant::now();
            self.print(step);
        }
        Ok(())
    }
}
