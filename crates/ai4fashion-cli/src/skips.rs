//! Images and rows that could not be used, on standard error.

use std::{fmt::Display, path::Path};

use ai4fashion_dataset::{
    ErrorKind, RejectReason,
    record::{LeftOut, Rejected},
};

use crate::say::remark;

/// Number of lines before the rest is only counted.
const SHOWN: usize = 10;

/// Prints the first of what was rejected, and the number of the others, which the file `list` has.
pub(crate) fn report(rejected: &[Rejected], list: &Path) {
    let shown = rejected.len().min(SHOWN);
    rejected[..shown].iter().for_each(self::rejected);
    if rejected.len() > shown {
        remark(format_args!(
            "... and {} more, see `{}`",
            rejected.len() - shown,
            list.display()
        ));
    }
}

/// Prints what was rejected, and why. A table that fits few images is read nevertheless.
pub(crate) fn rejected(rejected: &Rejected) {
    if rejected.reason == RejectReason::Unmatched {
        warning(rejected);
    } else {
        skipped(rejected);
    }
}

/// Prints what is amiss, where the work is done all the same.
pub(crate) fn warning(what: impl Display) {
    remark(format_args!("warning: {what}"));
}

/// Prints one item that is skipped, or why.
pub(crate) fn skipped(item: impl Display) {
    remark(format_args!("skipped: {item}"));
}

/// Prints what was left out of a folder, if anything was: it is not skipped.
pub(crate) fn left_out(left_out: &LeftOut) {
    if !left_out.is_empty() {
        remark(left_out);
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
pub(crate) fn report_rows(error: &ai4fashion_dataset::Error) {
    if let ErrorKind::Corrections { bad, .. } = error.kind()
        && bad.len() > 1
    {
        bad.iter().for_each(remark);
    }
}
