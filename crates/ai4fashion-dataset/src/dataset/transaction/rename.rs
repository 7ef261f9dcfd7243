//! One picture that gets another name.

use serde::{Deserialize, Serialize};

/// A picture's file and what it becomes, both below the data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rename {
    pub(super) from: String,
    pub(super) to: String,
}
