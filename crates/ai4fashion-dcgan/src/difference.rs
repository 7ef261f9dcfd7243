//! A setting that two runs do not share.

use std::fmt;

/// One setting that has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// Its name.
    pub field: String,
    /// Its value then.
    pub before: String,
    /// Its value now.
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

/// On one line, for people.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was {} and is {} now", self.field, self.before, self.now)
    }
}
