//! A setting in which two runs differ.

use std::fmt;

/// A setting that has changed between two runs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The setting's name.
    pub field: String,
    /// The value before.
    pub before: String,
    /// The value now.
    pub now: String,
}

impl Difference {
    pub(crate) fn new(field: impl Into<String>, before: impl ToString, now: impl ToString) -> Self {
        Self {
            field: field.into(),
            before: before.to_string(),
            now: now.to_string(),
        }
    }
}

/// One line: `lr was 0.0002 and is 0.1 now`.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {} and is {} now", self.field, self.before, self.now)
    }
}
