//! The settings of an ingestion, as a data set records them.

use std::{fmt, str::FromStr};

use ai4fashion_color::ClassifyOptions;
use ai4fashion_files::sha256_hex;
use serde::{Deserialize, Serialize};

use super::label_method::LabelMethod;
use crate::{error::Error, labels::SplitOptions};

/// Which images are taken.
///
/// ```
/// use ai4fashion_dataset::ingest::Filter;
///
/// assert_eq!("garment-only".parse::<Filter>()?, Filter::GarmentOnly);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Filter {
    /// All images.
    #[default]
    All,
    /// Images that the source says are clothing.
    Apparel,
    /// Images with a known product type.
    Typed,
    /// Images that show a garment alone, judged by the image.
    ///
    /// `docs/label-model.md` says how often it is right; do not rely on it on backgrounds that are
    /// not plain.
    GarmentOnly,
}

impl Filter {
    /// All filters.
    pub const ALL: [Self; 4] = [Self::All, Self::Apparel, Self::Typed, Self::GarmentOnly];

    /// The name, such as `"garment-only"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Apparel => "apparel",
            Self::Typed => "typed",
            Self::GarmentOnly => "garment-only",
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Filter {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|filter| filter.as_str() == text);
        found.ok_or_else(|| Error::parse("a filter", text, Self::ALL.map(Self::as_str).join(", ")))
    }
}

/// How near-duplicates are treated.
///
/// ```
/// use ai4fashion_dataset::ingest::Dedup;
///
/// assert_eq!(Dedup::KeepFirst.to_string(), "keep-first");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dedup {
    /// All are taken, and their records name their group.
    #[default]
    Report,
    /// The first is taken, the others are filtered.
    KeepFirst,
}

impl Dedup {
    /// All ways to treat near-duplicates.
    pub const ALL: [Self; 2] = [Self::Report, Self::KeepFirst];

    /// The name, such as `"keep-first"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::KeepFirst => "keep-first",
        }
    }
}

impl fmt::Display for Dedup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Dedup {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|dedup| dedup.as_str() == text);
        found.ok_or_else(|| {
            Error::parse(
                "a treatment of duplicates",
                text,
                Self::ALL.map(Self::as_str).join(", "),
            )
        })
    }
}

/// The options that decide what the images of a data set are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The version of this crate, which may name another colour than the one before.
    pub made_by: String,
    /// Side length in pixels.
    pub image_size: u32,
    /// JPEG quality.
    pub jpeg_quality: u8,
    /// Which images were taken.
    pub filter: Filter,
    /// A hash of the list of the only images that were taken.
    pub select: Option<String>,
    /// A hash of the list of images that were not taken.
    pub exclude: Option<String>,
    /// Colour of the bars, sRGB.
    pub pad_color: [u8; 3],
    /// The largest distance of the perceptual hashes of near-duplicates.
    pub max_hash_distance: Option<u16>,
    /// How near-duplicates were treated.
    pub dedup: Dedup,
    /// The most pixels of a source image.
    pub max_pixels: u64,
    /// The most bytes of a source file.
    pub max_bytes: u64,
    /// What labelled the images.
    pub labels: LabelMethod,
    /// SHA-256 of the garment classifier's weights, if it was used.
    pub weights_sha256: Option<String>,
    /// Options of the colour classifier.
    pub classifier: ClassifyOptions,
    /// How images were assigned to splits.
    pub split: SplitOptions,
}

impl Settings {
    /// A hash of the settings and of a source's table of types.
    pub(crate) fn fingerprint(&self, type_table: Option<&str>) -> String {
        let both = serde_json::to_vec(&(self, type_table)).unwrap_or_default();
        sha256_hex(&both)
    }
}
