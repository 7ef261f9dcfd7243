//! What could not be used, on standard error: data goes to standard output, remarks do not.

use std::{fmt::Display, path::Path};

/// Lines that are printed before the rest is only counted.
const SHOWN: usize = 10;

/// Names the first of `items`, and counts the others, which stand in the file `list`.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub fn report(items: &[impl Display], list: &Path) {
    let shown = items.len().min(SHOWN);
    for item in &items[..shown] {
        eprintln!("skipped {item}");
    }
    if items.len() > shown {
        eprintln!("... and {} more, see `{}`", items.len() - shown, list.display());
    }
}
