//! Images that were left out by choice.

use serde::{Deserialize, Serialize};

/// An image that was filtered because of its content: a line of `filtered.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Filtered {
    /// The kind of source.
    pub source: String,
    /// The path below the source's root.
    pub source_path: String,
    /// BLAKE3 hash of the source file, in hexadecimal.
    pub source_blake3: String,
    /// The reason: `not-garment-only` or `duplicate`.
    pub reason: String,
}

impl Filtered {
    pub(crate) fn new(source: &str, source_path: &str, source_blake3: &str, reason: &str) -> Self {
        let [source, source_path, source_blake3, reason] =
            [source, source_path, source_blake3, reason].map(str::to_owned);
        Self {
            source,
            source_path,
            source_blake3,
            reason,
        }
    }
}
