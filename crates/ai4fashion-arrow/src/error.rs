//! Errors of arguments, which are those of the caller.

use arrow_schema::{ArrowError, DataType};

pub(crate) fn invalid(message: impl Into<String>) -> ArrowError {
    ArrowError::InvalidArgumentError(message.into())
}

/// Says that `what` has a type that is not taken.
pub(crate) fn wrong_type(what: &str, found: &DataType, legal: &str) -> ArrowError {
    invalid(format!("{what}: type {found}, expected {legal}"))
}

/// Says that arrays that belong together do not.
pub(crate) fn other_length(what: &str, found: usize, expected: usize) -> ArrowError {
    invalid(format!(
        "{what}: {found} rows, expected {expected} as the other column"
    ))
}
