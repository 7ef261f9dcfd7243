//! What an ingestion has done, or will do.

use std::collections::BTreeMap;

use crate::{
    dataset::{SourceSummary, Summary},
    record::Rejected,
};

/// What an ingestion has done: see [`Ingest::run`](crate::Ingest::run).
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct IngestReport {
    /// The content of `summary.json`.
    pub summary: Summary,
    /// The content of `rejected.jsonl`: images, folders and rows that could not be used.
    pub rejected: Vec<Rejected>,
    /// Number of images that an earlier ingestion had made already.
    pub reused: usize,
    /// Whether the data set was complete already, so that nothing was written.
    pub is_unchanged: bool,
    /// Number of human labels that are lost because their images are gone or changed; 0 unless the
    /// data set was overwritten.
    pub lost_annotations: usize,
}

impl IngestReport {
    /// Whether every image, folder and row could be used.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.rejected.is_empty()
    }
}

/// What an ingestion would do: see [`Ingest::plan`](crate::Ingest::plan).
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct IngestPlan {
    /// Counts of each source.
    pub sources: Vec<SourceSummary>,
    /// Images of each product type, by number; 0 is unknown.
    pub types: BTreeMap<u8, usize>,
    /// Images with the stem of an earlier one: the path below the source, and the stem that they
    /// get.
    pub renamed: Vec<(String, String)>,
    /// Images, folders and rows that cannot be used.
    pub rejected: Vec<Rejected>,
    /// Number of images that an earlier ingestion has made already.
    pub reused: usize,
}
