//! The two halves of a record: what an image shows, and what its source says of it.

use ai4fashion_color::{BasicColor, Classification};
use ai4fashion_garment::GarmentClassification;
use ai4fashion_image::{ColorProfile, DecodedImage, PerceptualHash, QualityFlag};
use serde::{Deserialize, Serialize};

use super::source_row::SourceRow;
use crate::labels::{PixelsHash, ProductType, Split, TypeSource};

/// A source file before anything is done to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Origin {
    /// BLAKE3 hash of the file.
    pub(crate) blake3: String,
    pub(crate) pixels_blake3: PixelsHash,
    pub(crate) bytes: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) orientation: u8,
    /// The description of the colour profile that was converted to sRGB.
    pub(crate) color_profile: Option<String>,
}

impl Origin {
    /// The file `bytes`, whose hash is `blake3`, and the image in it.
    pub(crate) fn new(bytes: &[u8], blake3: String, decoded: &DecodedImage) -> Self {
        Self {
            blake3,
            pixels_blake3: PixelsHash(decoded.pixels_blake3()),
            bytes: bytes.len() as u64,
            width: decoded.encoded_width(),
            height: decoded.encoded_height(),
            orientation: decoded.orientation(),
            color_profile: match decoded.color_profile() {
                ColorProfile::Converted(description) => Some(description.clone()),
                _ => None,
            },
        }
    }
}

/// What an image shows, whatever its source calls it: the fields of a [`Record`](super::Record)
/// that follow from the bytes of the file and the options.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Observation {
    /// SHA-256 of the JPEG that was made of the image, in hexadecimal; empty if none was made.
    pub image_sha256: String,
    /// BLAKE3 hash of the file, in hexadecimal.
    pub source_blake3: String,
    /// BLAKE3 hash of the pixels; duplicates have the same.
    pub pixels_blake3: PixelsHash,
    /// A hash that is similar for images that look similar.
    pub perceptual_hash: PerceptualHash,
    /// Size of the file in bytes.
    pub source_bytes: u64,
    /// Width in pixels in the file.
    pub width: u32,
    /// Height in pixels in the file.
    pub height: u32,
    /// The orientation that was applied, as EXIF counts them, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// The description of the colour profile that was converted to sRGB.
    pub color_profile: Option<String>,
    /// The classifier's colour.
    pub color: BasicColor,
    /// The calibrated probability of the colour, 0 to 1.
    pub confidence: f32,
    /// The lead of the colour over the runner-up, 0 to 1.
    pub margin: f32,
    /// The second most likely colour.
    pub runner_up: BasicColor,
    /// The fraction of the garment that each colour covers, in the order of [`BasicColor::ALL`].
    pub fractions: [f32; BasicColor::COUNT],
    /// The mean colour of the garment's main colour, sRGB.
    pub dominant_color: [u8; 3],
    /// The fraction of the image that is garment, 0 to 1.
    pub garment_fraction: f32,
    /// Whether a second colour covers much of the garment.
    pub is_mixed: bool,
    /// The type that the classifier sees; `None` for none of the twelve, or if it was not asked.
    pub suggested_type: Option<ProductType>,
    /// The calibrated probability of the suggested type, 0 to 1; `None` if it was not asked.
    pub suggested_type_confidence: Option<f32>,
    /// The calibrated probability that the image shows a garment alone, 0 to 1; `None` if the
    /// classifier was not asked.
    pub garment_only_probability: Option<f32>,
    /// Defects of the image.
    pub flags: Vec<QualityFlag>,
}

impl Observation {
    /// `image_sha256` is the hash of the file that was made of the image; `garment` is `None` if
    /// the colour alone was classified.
    pub(crate) fn new(
        origin: Origin,
        image_sha256: String,
        perceptual_hash: PerceptualHash,
        found: &Classification,
        garment: Option<&GarmentClassification>,
        flags: Vec<QualityFlag>,
    ) -> Self {
        Self {
            image_sha256,
            source_blake3: origin.blake3,
            pixels_blake3: origin.pixels_blake3,
            perceptual_hash,
            source_bytes: origin.bytes,
            width: origin.width,
            height: origin.height,
            orientation: origin.orientation,
            color_profile: origin.color_profile,
            color: found.name(),
            confidence: found.confidence(),
            margin: found.margin(),
            runner_up: found.runner_up(),
            fractions: found.fractions(),
            dominant_color: found.dominant_color(),
            garment_fraction: found.garment_fraction(),
            is_mixed: found.is_mixed(),
            suggested_type: garment.and_then(GarmentClassification::product_type),
            suggested_type_confidence: garment.map(GarmentClassification::type_confidence),
            garment_only_probability: garment.map(GarmentClassification::garment_only_probability),
            flags,
        }
    }
}

/// What a source says of an image, and where the image goes.
#[derive(Clone, Debug)]
pub(crate) struct Placement {
    /// The file below the data set's folder.
    pub(crate) file: String,
    pub(crate) source: String,
    pub(crate) source_path: String,
    pub(crate) product_type: Option<ProductType>,
    pub(crate) type_source: Option<TypeSource>,
    pub(crate) base_color: Option<String>,
    pub(crate) source_row: Option<SourceRow>,
    pub(crate) split: Split,
}
