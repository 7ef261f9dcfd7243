//! The true labels of a synthetic image.

use std::{fmt, path::PathBuf, str::FromStr};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;

use crate::error::{Error, ErrorKind};

/// The true labels of a synthetic image that was written to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct GroundTruth {
    /// The file, below the catalogue's folder.
    pub file: PathBuf,
    /// The colour of the cloth.
    pub color: BasicColor,
    /// The type of the garment.
    pub product_type: ProductType,
    /// How the garment is shown; an ingestion may filter on-model images out.
    pub view: View,
}

/// How a garment is shown.
///
/// ```
/// use ai4fashion_synthetic::View;
///
/// assert_eq!("on-model".parse::<View>()?, View::OnModel);
/// assert_eq!(View::GarmentOnly.to_string(), "garment-only");
/// # Ok::<(), ai4fashion_synthetic::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum View {
    /// The garment alone on white.
    GarmentOnly,
    /// A model wears the garment, in front of a wall.
    OnModel,
}

impl View {
    /// Both views.
    pub const ALL: [Self; 2] = [Self::GarmentOnly, Self::OnModel];

    /// The name: `"garment-only"` or `"on-model"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GarmentOnly => "garment-only",
            Self::OnModel => "on-model",
        }
    }
}

impl fmt::Display for View {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for View {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|view| view.as_str() == text);
        found.ok_or_else(|| {
            let text = text.to_owned();
            ErrorKind::View { text }.into()
        })
    }
}
