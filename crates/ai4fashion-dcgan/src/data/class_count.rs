//! How many pictures have a label.

use ai4fashion_dataset::{BasicColor, ProductType};
use serde::{Deserialize, Serialize};

/// How many of the pictures that a run is trained on have a label, or a pair of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LabelCount {
    /// The colour; `None` if the condition is not on colours.
    pub color: Option<BasicColor>,
    /// The product type; `None` if the condition is not on types.
    #[serde(rename = "type")]
    pub product_type: Option<ProductType>,
    /// How many pictures, at least 1.
    pub pictures: usize,
}
