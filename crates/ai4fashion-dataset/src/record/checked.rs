//! Who said what of a picture's labels.

use ai4fashion_color::BasicColor;
use serde::{Deserialize, Serialize};

use crate::labels::{ProductType, TypeSource};

/// What a person has said of a picture: that its labels are right, or other ones. The labels in force are the record's;
/// here are those that they took the place of, which may be the same.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Checked {
    /// The colour that the classifier named, if a person has said the colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color_was: Option<BasicColor>,
    /// The type that the source gave, if a person has said the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub type_was: Option<TypeBefore>,
    /// When, in the words of the correction; the newest counts.
    pub when: String,
}

/// A product type before a person said another one, or the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TypeBefore {
    /// The type, if it was known.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// How it was known.
    pub from: Option<TypeSource>,
}

/// Who named a colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColorSource {
    /// The classifier, from the picture.
    Classifier,
    /// A person who has looked at the picture.
    Person,
}
