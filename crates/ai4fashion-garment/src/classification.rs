//! The result of classifying one image.

use ai4fashion_color::Classification;

use crate::product_type::ProductType;

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

    /// Returns `true` if the image more likely shows a garment alone than on a model.
    #[must_use]
    pub fn is_garment_only(&self) -> bool {
        self.garment_only_probability > 0.5
    }
}
