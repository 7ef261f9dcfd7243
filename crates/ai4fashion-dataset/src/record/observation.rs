//! The two halves of a record: what an image shows, and what its source says of it.

use ai4fashion_color::{BasicColor, Classification};
use ai4fashion_garment::GarmentClassification;
use ai4fashion_image::{ColorProfile, DecodedImage, PerceptualHash, QualityFlag};

use super::source_row::SourceRow;
use crate::labels::{ProductType, Split, TypeSource};

/// A source file before anything is done to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Origin {
    pub(crate) sha256: String,
    pub(crate) pixels_sha256: String,
    pub(crate) bytes: u64,
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) orientation: u8,
    /// The description of the colour profile that was converted to sRGB.
    pub(crate) color_profile: Option<String>,
}

impl Origin {
    /// The file `bytes`, whose hash is `sha256`, and the image in it.
    pub(crate) fn new(bytes: &[u8], sha256: String, decoded: &DecodedImage) -> Self {
        Self {
            sha256,
            pixels_sha256: decoded.pixels_sha256(),
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

/// What an image shows, whatever its source calls it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Observation {
    pub(crate) origin: Origin,
    /// SHA-256 of the file in the data set.
    pub(crate) image_sha256: String,
    pub(crate) perceptual_hash: PerceptualHash,
    pub(crate) color: BasicColor,
    pub(crate) confidence: f32,
    pub(crate) margin: f32,
    pub(crate) runner_up: BasicColor,
    pub(crate) fractions: [f32; BasicColor::COUNT],
    pub(crate) dominant_color: [u8; 3],
    pub(crate) garment_fraction: f32,
    pub(crate) is_mixed: bool,
    pub(crate) suggested_type: Option<ProductType>,
    pub(crate) suggested_type_confidence: Option<f32>,
    pub(crate) garment_only_probability: Option<f32>,
    pub(crate) flags: Vec<QualityFlag>,
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
            origin,
            image_sha256,
            perceptual_hash,
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
