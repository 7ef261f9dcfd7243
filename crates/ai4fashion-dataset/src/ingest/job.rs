//! One image to ingest.

use crate::source::Entry;

/// An image to ingest.
#[derive(Debug)]
pub(super) struct Job {
    /// The index of its source.
    pub(super) source: usize,
    pub(super) entry: Entry,
    /// The stem of its file name, which no other image has.
    pub(super) stem: String,
}
