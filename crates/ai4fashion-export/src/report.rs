//! What an export has done.

use std::fmt;

use ai4fashion_dataset::Split;
use serde::Serialize;

/// What an export has written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ExportReport {
    /// Images of each split that has any.
    pub splits: Vec<(Split, usize)>,
    /// Shards of all splits, or folders of splits.
    pub shards: usize,
    /// Shards of these that an earlier export, which was stopped, had written.
    pub kept: usize,
    /// Bytes of all images.
    pub image_bytes: u64,
    /// Images that could not be used.
    pub left_out: Vec<LeftOut>,
}

impl ExportReport {
    /// Images that were written.
    #[must_use]
    pub fn written(&self) -> usize {
        self.splits.iter().map(|(_, images)| images).sum()
    }
}

/// An image that could not be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The file, below the data set.
    pub file: String,
    /// Why.
    pub reason: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.file, self.reason)
    }
}
