//! Numbers of images by class.

#[cfg(feature = "dataset")]
use ai4fashion_color::BasicColor;
#[cfg(feature = "dataset")]
use ai4fashion_dataset::ProductType;
use serde::{Deserialize, Serialize};

use crate::data::labels::Labels;

/// The number of training images with a label, or with a pair of labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClassCount {
    /// The colour; `None` if the condition does not use colours.
    #[cfg(feature = "dataset")]
    pub color: Option<BasicColor>,
    /// The product type; `None` if the condition does not use types.
    #[cfg(feature = "dataset")]
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// The number of images, at least 1.
    pub images: usize,
}

impl ClassCount {
    /// Counts images with these labels.
    #[cfg_attr(
        not(feature = "dataset"),
        expect(unused_variables, reason = "labels are empty")
    )]
    pub(crate) fn new(labels: Labels, images: usize) -> Self {
        Self {
            #[cfg(feature = "dataset")]
            color: labels.color,
            #[cfg(feature = "dataset")]
            product_type: labels.product_type,
            images,
        }
    }
}
