//! What could not be used.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A picture or row that could not be used: a line of `skipped.jsonl`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Skip {
    /// The kind of source.
    #[serde(default)]
    pub source: String,
    /// The file below that source's root.
    pub original: String,
    /// The line of that file, from 1, if it is a table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    /// A code that programs can rely on, see [`ErrorKind::reason`](crate::ErrorKind::reason).
    pub reason: String,
    /// The same in words.
    pub message: String,
}

impl Skip {
    /// A file that `error` keeps from being used.
    #[must_use]
    pub fn new(original: impl Into<String>, error: &Error) -> Self {
        Self {
            source: String::new(),
            original: original.into(),
            row: None,
            reason: error.kind().reason().to_owned(),
            message: error.chain(),
        }
    }

    /// The same for a line of a table.
    #[must_use]
    pub fn with_row(mut self, row: u64) -> Self {
        self.row = Some(row);
        self
    }

    pub(crate) fn of_source(mut self, source: &str) -> Self {
        source.clone_into(&mut self.source);
        self
    }
}

/// On one line, for people.
impl fmt::Display for Skip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(row) = self.row {
            write!(f, "row {row} of ")?;
        }
        write!(f, "`{}`: {}", self.original, self.message)
    }
}
