//! One image that gets another name.

use serde::{Deserialize, Serialize};

/// The old and the new file of an image, both below the data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rename {
    pub(super) from: String,
    pub(super) to: String,
}
