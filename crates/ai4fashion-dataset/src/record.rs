//! One image of a data set, and images that are not in it.

mod annotation;
mod filtered;
mod format;
mod identity;
mod left_out;
mod observation;
mod rejected;
mod source_row;

use ai4fashion_color::BasicColor;
use ai4fashion_garment::{GarmentClassification, TypeHint};
use serde::{Deserialize, Serialize};

pub use ai4fashion_image::{PerceptualHash, QualityFlag};

pub use crate::labels::{PixelsHash, TypeSource};
pub use annotation::{Annotation, ColorSource, SourceType};
pub use filtered::Filtered;
pub(crate) use format::FORMAT;
pub(crate) use identity::Identity;
pub use left_out::LeftOut;
pub use observation::Observation;
pub(crate) use observation::{Origin, Placement};
pub use rejected::Rejected;
pub use source_row::SourceRow;

use crate::labels::{ProductType, Split};
use format::Format;

/// One image of a data set: a line of `manifest.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Record {
    format: Format,
    /// The file below the data set's folder, `images/` and a [`LabeledName`](crate::LabeledName).
    pub file: String,
    /// SHA-256 of that file, in hexadecimal.
    pub image_sha256: String,
    /// The kind of source, such as `small-fashion`.
    pub source: String,
    /// The path below the source's root.
    pub source_path: String,
    /// BLAKE3 hash of the source file, in hexadecimal.
    pub source_blake3: String,
    /// BLAKE3 hash of the pixels; duplicates have the same.
    pub pixels_blake3: PixelsHash,
    /// A hash that is similar for images that look similar.
    pub perceptual_hash: PerceptualHash,
    /// The name of the group of near-duplicates; `None` if the image is alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Size of the source file in bytes.
    pub source_bytes: u64,
    /// Width in pixels in the source file.
    pub width: u32,
    /// Height in pixels in the source file.
    pub height: u32,
    /// The orientation that was applied, as EXIF counts them, 1 to 8; 1 is upright.
    pub orientation: u8,
    /// The description of the colour profile that was converted to sRGB; `None` if nothing was
    /// converted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color_profile: Option<String>,
    /// The current colour.
    pub color: BasicColor,
    /// The calibrated probability of the classifier's colour, 0 to 1.
    pub confidence: f32,
    /// The lead of the classifier's colour over the runner-up, 0 to 1.
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_type: Option<ProductType>,
    /// The calibrated probability of the suggested type, 0 to 1; `None` if it was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggested_type_confidence: Option<f32>,
    /// The calibrated probability that the image shows a garment alone, 0 to 1; `None` if the
    /// classifier was not asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub garment_only_probability: Option<f32>,
    /// Defects of the image.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flags: Vec<QualityFlag>,
    /// The current product type, 1 to 12, if it is known.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// Where the type comes from; also where that says that it is none of the twelve.
    pub type_source: Option<TypeSource>,
    /// The source's own word for the colour.
    pub base_color: Option<String>,
    /// The image's row in the source's table, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_row: Option<SourceRow>,
    /// The split that the image belongs to.
    pub split: Split,
    /// The human labels, if a person has set any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub annotation: Option<Annotation>,
}

impl Record {
    pub(crate) fn new(observation: Observation, placement: Placement) -> Self {
        Self {
            format: Format,
            file: placement.file,
            image_sha256: observation.image_sha256,
            source: placement.source,
            source_path: placement.source_path,
            source_blake3: observation.source_blake3,
            pixels_blake3: observation.pixels_blake3,
            perceptual_hash: observation.perceptual_hash,
            group: None,
            source_bytes: observation.source_bytes,
            width: observation.width,
            height: observation.height,
            orientation: observation.orientation,
            color_profile: observation.color_profile,
            color: observation.color,
            confidence: observation.confidence,
            margin: observation.margin,
            runner_up: observation.runner_up,
            fractions: observation.fractions,
            dominant_color: observation.dominant_color,
            garment_fraction: observation.garment_fraction,
            is_mixed: observation.is_mixed,
            suggested_type: observation.suggested_type,
            suggested_type_confidence: observation.suggested_type_confidence,
            garment_only_probability: observation.garment_only_probability,
            flags: observation.flags,
            product_type: placement.product_type,
            type_source: placement.type_source,
            base_color: placement.base_color,
            source_row: placement.source_row,
            split: placement.split,
            annotation: None,
        }
    }

    /// What the image shows, without human labels, for a record of the same file at another place.
    pub(crate) fn observation(&self) -> Observation {
        Observation {
            image_sha256: self.image_sha256.clone(),
            source_blake3: self.source_blake3.clone(),
            pixels_blake3: self.pixels_blake3,
            perceptual_hash: self.perceptual_hash,
            source_bytes: self.source_bytes,
            width: self.width,
            height: self.height,
            orientation: self.orientation,
            color_profile: self.color_profile.clone(),
            color: self.classified_color(),
            confidence: self.confidence,
            margin: self.margin,
            runner_up: self.runner_up,
            fractions: self.fractions,
            dominant_color: self.dominant_color,
            garment_fraction: self.garment_fraction,
            is_mixed: self.is_mixed,
            suggested_type: self.suggested_type,
            suggested_type_confidence: self.suggested_type_confidence,
            garment_only_probability: self.garment_only_probability,
            flags: self.flags.clone(),
        }
    }

    pub(crate) fn identity(&self) -> Identity<'_> {
        Identity {
            source: self.source.as_str().into(),
            source_path: self.source_path.as_str().into(),
            source_blake3: self.source_blake3.as_str().into(),
        }
    }

    /// Where the current colour comes from.
    #[must_use]
    pub fn color_source(&self) -> ColorSource {
        match self.annotation {
            Some(Annotation {
                model_color: Some(_), ..
            }) => ColorSource::Human,
            _ => ColorSource::Classifier,
        }
    }

    /// The classifier's colour, whatever a person has set.
    #[must_use]
    pub fn classified_color(&self) -> BasicColor {
        let replaced = self.annotation.as_ref().and_then(|it| it.model_color);
        replaced.unwrap_or(self.color)
    }

    /// Whether the image shows a garment of the twelve types alone.
    ///
    /// `None` if the garment classifier was not asked.
    #[must_use]
    pub fn is_garment_only(&self) -> Option<bool> {
        let probability = self.garment_only_probability?;
        Some(self.product_type.is_some() && probability > GarmentClassification::GARMENT_ONLY)
    }

    /// The source's own word for the type, such as `Watches`, in the column `articleType` of its
    /// table.
    #[must_use]
    pub fn source_type_name(&self) -> Option<&str> {
        self.source_row.as_ref()?.get("articleType")
    }

    /// The source's product type, or the classifier's where the source says nothing, whatever a
    /// person has set.
    #[must_use]
    pub fn source_type(&self) -> Option<ProductType> {
        self.replaced_type()
            .map_or(self.product_type, |it| it.product_type)
    }

    /// Where the source's product type came from, whatever a person has set.
    pub(crate) fn source_type_source(&self) -> Option<TypeSource> {
        self.replaced_type().map_or(self.type_source, |it| it.type_source)
    }

    /// What the source says of the type, as the classifier was told.
    pub(crate) fn type_hint(&self) -> TypeHint {
        match (self.source_type(), self.source_type_source()) {
            (_, None | Some(TypeSource::Classifier)) => TypeHint::Unknown,
            (Some(known), _) => TypeHint::Garment(known),
            (None, _) => TypeHint::Other,
        }
    }

    fn replaced_type(&self) -> Option<SourceType> {
        self.annotation.as_ref().and_then(|it| it.source_type)
    }

    /// Sets the colour by hand; `None` resets it to the classifier's.
    pub(crate) fn annotate_color(&mut self, color: Option<BasicColor>, annotated_at: &str) {
        if color.is_none() && self.color_source() == ColorSource::Classifier {
            return;
        }
        let classified = self.classified_color();
        self.color = color.unwrap_or(classified);
        self.annotation_at(annotated_at).model_color = color.map(|_| classified);
        self.drop_empty_annotation();
    }

    /// Sets the type by hand, `Some(None)` to unknown; `None` resets it to the source's.
    pub(crate) fn annotate_type(&mut self, known: Option<Option<ProductType>>, annotated_at: &str) {
        let replaced = self.replaced_type();
        if known.is_none() && replaced.is_none() {
            return;
        }
        let replaced = replaced.unwrap_or(SourceType::new(self.product_type, self.type_source));
        (self.product_type, self.type_source) = match known {
            Some(product_type) => (product_type, Some(TypeSource::Human)),
            None => (replaced.product_type, replaced.type_source),
        };
        self.annotation_at(annotated_at).source_type = known.map(|_| replaced);
        self.drop_empty_annotation();
    }

    fn annotation_at(&mut self, annotated_at: &str) -> &mut Annotation {
        let annotation = self.annotation.get_or_insert_default();
        annotated_at.clone_into(&mut annotation.annotated_at);
        annotation
    }

    fn drop_empty_annotation(&mut self) {
        if let Some(Annotation {
            model_color: None,
            source_type: None,
            ..
        }) = self.annotation
        {
            self.annotation = None;
        }
    }
}
