//! What labels the images of a data set.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What labels the images of a data set.
///
/// ```
/// use ai4fashion_dataset::ingest::LabelMethod;
///
/// assert_eq!("color".parse::<LabelMethod>()?, LabelMethod::Color);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LabelMethod {
    /// The garment classifier: colour on a model or alone, and a suggested product type.
    #[default]
    Garment,
    /// The colour classifier, which is made for garments alone: colour, no type.
    Color,
}

impl LabelMethod {
    /// All methods.
    pub const ALL: [Self; 2] = [Self::Garment, Self::Color];

    /// The name, such as `"garment"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Garment => "garment",
            Self::Color => "color",
        }
    }
}

impl fmt::Display for LabelMethod {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for LabelMethod {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|method| method.as_str() == text);
        found.ok_or_else(|| {
            Error::parse(
                "a way to label images",
                text,
                Self::ALL.map(Self::as_str).join(", "),
            )
        })
    }
}
