//! The result of classifying one image.

use ai4fashion_color::Classification;

use crate::{hint::TypeHint, product_type::ProductType};

/// What a garment photo shows: colour, product type, and whether the garment is alone.
///
/// With the feature `serde` it is written and read with these field names.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct GarmentClassification {
    pub(crate) color: Classification,
    pub(crate) product_type: Option<ProductType>,
    pub(crate) type_confidence: f32,
    pub(crate) garment_only_probability: f32,
}

impl GarmentClassification {
    /// The probability, 0 to 1, above which a garment counts as alone: on the block of photos that
    /// choices are made on, all from 0.1 to 0.3 let in the same ones.
    pub const GARMENT_ONLY: f32 = 0.3;

    /// Returns the colour, with its confidence, its runner-up and the fractions of all names.
    #[must_use]
    pub fn color(&self) -> &Classification {
        &self.color
    }

    /// Returns the most likely product type, `None` if it is none of the twelve.
    ///
    /// It is told from the image also where a [hint](crate::TypeHint) was given.
    #[must_use]
    pub fn product_type(&self) -> Option<ProductType> {
        self.product_type
    }

    /// Returns the calibrated probability that [`product_type`](Self::product_type) is right, 0 to
    /// 1.
    #[must_use]
    pub fn type_confidence(&self) -> f32 {
        self.type_confidence
    }

    /// Returns the calibrated probability that the image shows a garment alone, not on a model, 0
    /// to 1.
    #[must_use]
    pub fn garment_only_probability(&self) -> f32 {
        self.garment_only_probability
    }

    /// Returns `true` if the image shows a garment of one of the twelve types alone.
    ///
    /// The type is that of the hint, or the most likely one if it gives none; the probability of a
    /// garment alone is above 0.3, which was chosen by photos that were not trained on.
    ///
    /// ```
    /// use ai4fashion_garment::{GarmentClassifier, TypeHint, color::image::RgbImage};
    ///
    /// let paper = RgbImage::from_pixel(60, 80, [255; 3].into());
    /// let found = GarmentClassifier::new().classify(&paper, TypeHint::Unknown);
    /// assert!(!found.is_garment_only(TypeHint::Unknown));
    /// ```
    #[must_use]
    pub fn is_garment_only(&self, hint: TypeHint) -> bool {
        let is_typed = match hint {
            TypeHint::Garment(_) => true,
            TypeHint::Other => false,
            TypeHint::Unknown => self.product_type.is_some(),
        };
        is_typed && self.garment_only_probability > Self::GARMENT_ONLY
    }
}
