//! One picture of a source.

use std::path::PathBuf;

use crate::labels::{ProductType, TypeSource};

/// One picture of a source.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// Its file.
    pub path: PathBuf,
    /// Its path below the source's root, with `/`; bytes that are no UTF-8 as `%XX`.
    pub original: String,
    /// Its type, if the source knows it, and how.
    pub product_type: Option<(ProductType, TypeSource)>,
    /// The source's own word for its colour; kept for comparison, never used for naming.
    pub base_color: Option<String>,
    /// Whether the source says that it is clothing; none if it does not say.
    pub is_apparel: Option<bool>,
}

impl Entry {
    /// A picture of which nothing is known but its file.
    #[must_use]
    pub fn new(path: PathBuf, original: impl Into<String>) -> Self {
        Self {
            path,
            original: original.into(),
            product_type: None,
            base_color: None,
            is_apparel: None,
        }
    }
}
