//! Human labels, and the labels that they replaced.

use std::{fmt, str::FromStr};

use ai4fashion_color::BasicColor;
use serde::{Deserialize, Serialize};

use crate::{
    error::Error,
    labels::{ProductType, TypeSource},
};

/// The human labels of an image: which of its labels a person has set, and when.
///
/// The current labels are the record's. Here are the labels that they replaced, which may be equal:
/// a person may confirm a label.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Annotation {
    /// The classifier's colour, if a person has set the colour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_color: Option<BasicColor>,
    /// The source's type, if a person has set the type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_type: Option<SourceType>,
    /// The time of the newest correction, as it was written there.
    pub annotated_at: String,
}

/// The product type that a source gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SourceType {
    /// The type, if it was known.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// Where the type came from.
    #[serde(rename = "from")]
    pub type_source: Option<TypeSource>,
}

impl SourceType {
    pub(super) fn new(product_type: Option<ProductType>, type_source: Option<TypeSource>) -> Self {
        Self {
            product_type,
            type_source,
        }
    }
}

/// Where the colour of an image comes from.
///
/// ```
/// use ai4fashion_dataset::record::ColorSource;
///
/// assert_eq!(ColorSource::Human.to_string(), "human");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ColorSource {
    /// The colour classifier.
    Classifier,
    /// A person who has seen the image.
    Human,
}

impl ColorSource {
    /// All sources of a colour.
    pub const ALL: [Self; 2] = [Self::Classifier, Self::Human];

    /// The name, such as `"human"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Classifier => "classifier",
            Self::Human => "human",
        }
    }
}

impl fmt::Display for ColorSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for ColorSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == text);
        found.ok_or_else(|| {
            Error::parse(
                "a source of a colour",
                text,
                Self::ALL.map(Self::as_str).join(", "),
            )
        })
    }
}
