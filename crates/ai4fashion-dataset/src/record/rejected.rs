//! Images and rows that cannot be used.

use std::fmt;

use ai4fashion_files::printable;
use serde::{Deserialize, Serialize};

use crate::error::{Error, RejectReason};

/// An image, folder or row that cannot be used: a line of `rejected.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Rejected {
    /// The kind of source.
    #[serde(default)]
    pub source: String,
    /// The path below the source's root.
    pub source_path: String,
    /// The line of that file, from 1, if it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// The code of the reason.
    pub reason: RejectReason,
    /// The reason in words.
    pub message: String,
}

impl Rejected {
    /// Rejects a file because of an error.
    ///
    /// ```
    /// use ai4fashion_dataset::{Error, RejectReason, record::Rejected};
    ///
    /// let error = Error::rejected(RejectReason::UnsafeId, "id `..` is not a file name");
    /// let rejected = Rejected::new("styles.csv", &error).with_row(7);
    /// assert_eq!(rejected.to_string(), "row 7 of `styles.csv`: id `..` is not a file name");
    /// ```
    #[must_use]
    pub fn new(source_path: impl Into<String>, error: &Error) -> Self {
        Self {
            source: String::new(),
            source_path: source_path.into(),
            row: None,
            reason: error.reject_reason(),
            message: error.chain(),
        }
    }

    /// Sets [`row`](Self::row).
    #[must_use]
    pub fn with_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(crate) fn with_source(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }
}

/// One line, for people.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row} of ")?;
        }
        write!(
            f,
            "`{}`: {}",
            printable(&self.source_path),
            printable(&self.message)
        )
    }
}
