//! Progress on standard error.

use std::{
    fmt::Write,
    io::{self, IsTerminal},
    sync::atomic::{AtomicU64, Ordering},
};

use ai4fashion_dataset::ingest::Progress;
use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use crate::{interrupt::Stop, say::remark};

/// A bar that counts, led by `label`, for example `ingesting [####----] 120/450, 12s left`.
pub(crate) fn bar(label: &'static str, template: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .with_key("rate", |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{:.0}/s", state.per_sec());
        })
        .progress_chars("##-");
    ProgressBar::no_length().with_style(style).with_prefix(label)
}

/// Number of images from which on progress is printed where there is no terminal.
const MANY: u64 = 200;

/// Shows how many images are read: a bar on a terminal, else a line for every tenth of many images.
#[derive(Debug)]
pub(crate) struct ImageBar {
    bar: ProgressBar,
    /// The last tenth that was printed, where there is no terminal.
    printed: Option<AtomicU64>,
    stop: Option<Stop>,
}

impl ImageBar {
    /// A bar that is led by `label`.
    pub(crate) fn new(label: &'static str) -> Self {
        let is_terminal = io::stderr().is_terminal();
        Self {
            bar: bar(label, "{prefix:>10} [{bar:30}] {pos}/{len}, {rate}, {eta} left"),
            printed: (!is_terminal).then(AtomicU64::default),
            stop: None,
        }
    }

    /// A bar that shows nothing.
    pub(crate) fn hidden() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            printed: None,
            stop: None,
        }
    }

    /// Passes a request to stop on to the work.
    pub(crate) fn stopping(mut self, stop: Stop) -> Self {
        self.stop = Some(stop);
        self
    }
}

impl Drop for ImageBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for ImageBar {
    fn start(&self, total: usize) {
        self.bar.set_length(total as u64);
    }

    fn advance(&self, done: usize) {
        self.bar.set_position(done as u64);
        if let (Some(printed), Some(total)) = (&self.printed, self.bar.length())
            && total >= MANY
        {
            let tenth = done as u64 * 10 / total.max(1);
            if printed.fetch_max(tenth, Ordering::Relaxed) < tenth {
                remark(format_args!("{}: {done} of {total}", self.bar.prefix()));
            }
        }
    }

    fn should_stop(&self) -> bool {
        self.stop.as_ref().is_some_and(Stop::is_requested)
    }
}
