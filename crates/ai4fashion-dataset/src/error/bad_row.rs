//! Rows of a table that cannot be used.

use std::{fmt, sync::Arc};

use super::Error;

/// A row of corrections that cannot be applied.
#[derive(Debug)]
#[non_exhaustive]
pub struct BadRow {
    /// Its line in the table, from 1, the header included.
    pub row: u64,
    /// Why.
    pub error: Arc<Error>,
}

/// On one line, for people.
impl fmt::Display for BadRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.row, self.error.chain())
    }
}
