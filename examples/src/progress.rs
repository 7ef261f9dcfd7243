//! Progress bars on standard error; nothing is drawn where that is not a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// A bar that counts to `total`, led by `what`, e.g. `ingesting [#####----] 120/450 0:12 left`.
#[must_use]
pub fn bar(total: u64, what: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix:>10} [{bar:32}] {pos}/{len} {eta} left {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar())
        .progress_chars("##-");
    ProgressBar::new(total).with_style(style).with_prefix(what)
}
