//! What is known of a picture.

use ai4fashion_dataset::{BasicColor, ProductType, Split};

/// Colour, product type and part of the data set of a picture, as far as they are known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Labels {
    /// The name of its colour.
    pub color: Option<BasicColor>,
    /// Its product type.
    pub product_type: Option<ProductType>,
    /// The part of the data set that it belongs to.
    pub split: Option<Split>,
}

impl Labels {
    /// With the colour known.
    #[must_use]
    pub fn with_color(mut self, color: BasicColor) -> Self {
        self.color = Some(color);
        self
    }

    /// With the product type known.
    #[must_use]
    pub fn with_product_type(mut self, product_type: ProductType) -> Self {
        self.product_type = Some(product_type);
        self
    }

    /// With the part of the data set known.
    #[must_use]
    pub fn with_split(mut self, split: Split) -> Self {
        self.split = Some(split);
        self
    }
}
