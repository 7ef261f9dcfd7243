//! What was left out for what it shows.

use serde::{Deserialize, Serialize};

/// A picture that could be used but was left out for what it shows: a line of `left_out.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LeftOut {
    /// The kind of source.
    pub source: String,
    /// The file below that source's root.
    pub original: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Why: `not-garment-only` or `duplicate`.
    pub reason: String,
}
