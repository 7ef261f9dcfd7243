//! The settings of an ingestion, as a data set tells them.

use ai4fashion_color::ClassifyOptions;
use serde::{Deserialize, Serialize};

use crate::{files::sha256, labels::SplitOptions};

/// Which pictures are taken in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Keep {
    /// All.
    #[default]
    All,
    /// Those that the source says are clothing.
    Apparel,
    /// Those whose product type is known.
    Typed,
    /// Those that show a garment alone, by what the picture shows; see docs/ingestion.md for how often that is right.
    GarmentOnly,
}

/// What is done with pictures that show the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Dedup {
    /// All are taken in, and their records say that they belong together.
    #[default]
    Report,
    /// The first is taken in, the others are left out.
    KeepFirst,
}

/// The options that decide what the pictures of a data set are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// The version of this crate, which may name another colour than the one before.
    pub made_by: String,
    /// Side length in pixels.
    pub size: u32,
    /// JPEG quality.
    pub quality: u8,
    /// Which pictures were taken in.
    pub keep: Keep,
    /// A hash of the names of the only pictures that were.
    pub select: Option<String>,
    /// A hash of the names of those that were not.
    pub exclude: Option<String>,
    /// Colour of the bars, sRGB.
    pub fill: [u8; 3],
    /// Bits by which pictures differ that look alike.
    pub near: Option<u16>,
    /// What was done with those that show the same.
    pub dedup: Dedup,
    /// The most pixels of a source picture.
    pub max_pixels: u64,
    /// The most bytes of a source file.
    pub max_bytes: u64,
    /// How colours were named.
    pub classifier: ClassifyOptions,
    /// How the pictures were parted.
    pub split: SplitOptions,
}

impl Settings {
    /// A hash of these and of a source's table of types.
    pub(crate) fn fingerprint(&self, types: Option<&str>) -> String {
        let both = serde_json::to_vec(&(self, types)).unwrap_or_default();
        sha256(&both)
    }
}
