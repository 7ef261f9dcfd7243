//! What an export can be.

use std::{fmt, str::FromStr};

use serde::Serialize;

use crate::error::{Error, ErrorKind};

/// The files of an export.
///
/// ```
/// use ai4fashion_export::Format;
///
/// assert_eq!("webdataset".parse::<Format>()?, Format::WebDataset);
/// # Ok::<(), ai4fashion_export::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Format {
    /// Parquet shards with the images in them, as Hugging Face's `datasets` writes them.
    Parquet,
    /// Tar shards of an image and a JSON file each, as `webdataset` reads them.
    WebDataset,
    /// A folder for each split, and in it one for each class.
    ImageFolder,
}

impl Format {
    /// All formats.
    pub const ALL: [Self; 3] = [Self::Parquet, Self::WebDataset, Self::ImageFolder];

    /// The name, such as `"parquet"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Parquet => "parquet",
            Self::WebDataset => "webdataset",
            Self::ImageFolder => "imagefolder",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Format {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == text);
        found.ok_or_else(|| unknown("the format", text, &Self::ALL.map(Self::as_str)))
    }
}

/// The label that names the folders of [`Format::ImageFolder`].
///
/// ```
/// use ai4fashion_export::Class;
///
/// assert_eq!(Class::default(), Class::Color);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Class {
    /// The colour, such as `red`.
    #[default]
    Color,
    /// The product type, such as `Dresses`, or `none`.
    Type,
}

impl Class {
    /// All labels.
    pub const ALL: [Self; 2] = [Self::Color, Self::Type];

    /// The name, such as `"color"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Color => "color",
            Self::Type => "type",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Class {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|class| class.as_str() == text);
        found.ok_or_else(|| unknown("the class", text, &Self::ALL.map(Self::as_str)))
    }
}

fn unknown(what: &'static str, text: &str, legal: &[&str]) -> Error {
    ErrorKind::Parse {
        what,
        text: text.to_owned(),
        legal: legal.join(", "),
    }
    .into()
}
