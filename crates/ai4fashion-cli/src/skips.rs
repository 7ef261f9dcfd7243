//! Images and rows that could not be used, on standard error.

use std::{fmt::Display, path::Path};

use ai4fashion_dataset::{
    ErrorKind, RejectReason,
    record::{LeftOut, Rejected},
};

use crate::say::shown;

/// Number of lines before the rest is only counted.
const SHOWN: usize = 10;

/// Prints the first of what was rejected, and the number of the others, which the file `list` has.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub(crate) fn report(rejected: &[Rejected], list: &Path) {
    let shown = rejected.len().min(SHOWN);
    rejected[..shown].iter().for_each(self::rejected);
    if rejected.len() > shown {
        eprintln!(
            "... and {} more, see `{}`",
            rejected.len() - shown,
            list.display()
        );
    }
}

/// Prints what was rejected, and why. A table that fits few images is read nevertheless.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub(crate) fn rejected(rejected: &Rejected) {
    if rejected.reason == RejectReason::Unmatched {
        eprintln!("warning: {}", shown(rejected));
    } else {
        skipped(rejected);
    }
}

/// Prints one item that is skipped, or why.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub(crate) fn skipped(item: impl Display) {
    eprintln!("skipped: {}", shown(item));
}

/// Prints what was left out of a folder, if anything was: it is not skipped.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub(crate) fn left_out(left_out: &LeftOut) {
    if !left_out.is_empty() {
        eprintln!("{left_out}");
    }
}

/// Prints all items that made an ingestion fail: there is no list of them then. A single one is in
/// the error already.
pub(crate) fn report_all(error: &ai4fashion_dataset::Error) {
    if let ErrorKind::NothingWritten { rejected: items, .. } = error.kind()
        && items.len() > 1
    {
        items.iter().for_each(skipped);
    }
}

/// Prints all rows of a table of corrections that cannot be applied. A single one is in the error
/// already.
#[expect(clippy::print_stderr, reason = "remarks belong there")]
pub(crate) fn report_rows(error: &ai4fashion_dataset::Error) {
    if let ErrorKind::Corrections { bad, .. } = error.kind()
        && bad.len() > 1
    {
        bad.iter().for_each(|row| eprintln!("{}", shown(row)));
    }
}
