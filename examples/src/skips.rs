//! What could not be used, on standard error: data goes to standard output, remarks do not.

use std::{fmt::Display, path::Path};

use ai4fashion_dataset::ErrorKind;

/// Lines that are printed before the rest is only counted.
const SHOWN: usize = 10;

/// Names the first of `items`, and counts the others, which stand in the file `list`.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub fn report(items: &[impl Display], list: &Path) {
    let shown = items.len().min(SHOWN);
    items[..shown].iter().for_each(skipped);
    if items.len() > shown {
        eprintln!("... and {} more, see `{}`", items.len() - shown, list.display());
    }
}

/// Names one item, or says why one is skipped.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub fn skipped(item: impl Display) {
    eprintln!("skipped: {item}");
}

/// Names all items of an ingestion that has failed because of them: there is no list of them then. A single one stands
/// in the error already.
pub fn report_all(error: &ai4fashion_dataset::Error) {
    if let ErrorKind::NothingWritten { skipped: items, .. } = error.kind()
        && items.len() > 1
    {
        items.iter().for_each(skipped);
    }
}

/// Names all rows of a table of corrections that cannot be applied. A single one stands in the error already.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub fn report_rows(error: &ai4fashion_dataset::Error) {
    if let ErrorKind::Corrections { bad, .. } = error.kind()
        && bad.len() > 1
    {
        bad.iter().for_each(|row| eprintln!("{row}"));
    }
}
