//! One picture to take in.

use crate::source::Entry;

/// A picture that is to be taken in.
#[derive(Debug)]
pub(super) struct Job {
    /// The place of its source.
    pub(super) source: usize,
    pub(super) source_name: &'static str,
    pub(super) entry: Entry,
    pub(super) stem: String,
}
