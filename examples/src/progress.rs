//! Progress on standard error.

use std::{
    io::{self, IsTerminal},
    sync::atomic::{AtomicU64, Ordering},
};

use ai4fashion_dataset::Progress;
use ai4fashion_dcgan::{Error, Observer, Plan, StepLog, StepTime, Stop};
use indicatif::{ProgressBar, ProgressStyle};

use crate::say::{count, say};

/// A bar that counts, led by `what`, e.g. `ingesting [####----] 120/450, 12s left`.
fn bar(what: &'static str, template: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("##-");
    ProgressBar::no_length().with_style(style).with_prefix(what)
}

/// Pictures that are worth a line where there is no terminal.
const MANY: u64 = 200;

/// Shows how many pictures are read: a bar on a terminal, a line for every tenth part of many elsewhere.
#[derive(Debug)]
pub struct PictureBar {
    bar: ProgressBar,
    /// The tenth that was told last, where there is no terminal.
    told: Option<AtomicU64>,
    stop: Option<Stop>,
}

impl PictureBar {
    /// A bar that is not drawn yet.
    #[must_use]
    pub fn new() -> Self {
        Self::named("ingesting")
    }

    /// The same, led by another word.
    #[must_use]
    pub fn named(what: &'static str) -> Self {
        let is_terminal = io::stderr().is_terminal();
        Self {
            bar: bar(what, "{prefix:>10} [{bar:30}] {pos}/{len}, {per_sec}, {eta} left"),
            told: (!is_terminal).then(AtomicU64::default),
            stop: None,
        }
    }

    /// Shows nothing.
    #[must_use]
    pub fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            told: None,
            stop: None,
        }
    }

    /// Passes on the request to stop.
    #[must_use]
    pub fn stopping(mut self, stop: Stop) -> Self {
        self.stop = Some(stop);
        self
    }
}

impl Default for PictureBar {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for PictureBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for PictureBar {
    fn start(&self, total: usize) {
        self.bar.set_length(total as u64);
    }

    #[expect(clippy::print_stderr, reason = "progress belongs there")]
    fn advance(&self, done: usize) {
        self.bar.set_position(done as u64);
        if let (Some(told), Some(total)) = (&self.told, self.bar.length())
            && total >= MANY
        {
            let tenth = done as u64 * 10 / total.max(1);
            if told.fetch_max(tenth, Ordering::Relaxed) < tenth {
                eprintln!("{}: {done} of {total}", self.bar.prefix());
            }
        }
    }

    fn should_stop(&self) -> bool {
        self.stop.as_ref().is_some_and(Stop::is_requested)
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
            bar: bar(
                "training",
                "{prefix:>10} [{bar:30}] {pos}/{len}, {eta} left {msg}",
            ),
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
            "training on {}, {} of batch {} in each of {}",
            count(plan.pictures, "picture"),
            count(plan.steps_per_epoch, "step"),
            plan.config.batch_size,
            count(plan.config.epochs, "epoch"),
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
