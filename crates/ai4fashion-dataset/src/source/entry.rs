//! One image of a source.

use std::path::PathBuf;

use ai4fashion_garment::TypeHint;

use crate::{
    labels::{ProductType, TypeSource},
    record::SourceRow,
};

/// One image of a source, before it is read.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Entry {
    /// The file, or a name like a file's. Its stem becomes part of the labelled name:
    /// `shop/frame0.png` is written as `blue_frame0_3.jpg`.
    pub path: PathBuf,
    /// The path below the source's root, with `/`; bytes that are not UTF-8 as `%XX`.
    pub source_path: String,
    /// The type, if the source knows it, and how; the type is `None` if it is none of the twelve,
    /// such as shoes.
    pub product_type: Option<(Option<ProductType>, TypeSource)>,
    /// The source's own word for the colour; kept for comparison, never used for classification.
    pub base_color: Option<String>,
    /// Whether the source says that it is clothing; `None` if it does not say.
    pub is_apparel: Option<bool>,
    /// The image's row in the source's table, which its record keeps.
    pub source_row: Option<SourceRow>,
    /// The place in the directory of an archive, if it is in one.
    place: Option<usize>,
}

impl Entry {
    /// An image of which only the file is known.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, source_path: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            source_path: source_path.into(),
            product_type: None,
            base_color: None,
            is_apparel: None,
            source_row: None,
            place: None,
        }
    }

    /// Sets the place in the directory of an archive.
    pub(super) fn at_place(mut self, place: usize) -> Self {
        self.place = Some(place);
        self
    }

    pub(super) fn place(&self) -> Option<usize> {
        self.place
    }

    /// What the source says of the type, for a [`Labeler`](crate::ingest::Labeler).
    #[must_use]
    pub fn type_hint(&self) -> TypeHint {
        match self.product_type {
            Some((Some(known), _)) => TypeHint::Garment(known),
            Some((None, _)) => TypeHint::Other,
            None => TypeHint::Unknown,
        }
    }
}
