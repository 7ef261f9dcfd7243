//! Labels of an image.

#[cfg(feature = "dataset")]
use ai4fashion_color::BasicColor;
#[cfg(feature = "dataset")]
use ai4fashion_dataset::{ProductType, Split};

/// Colour, product type and split of an image, as far as they are known.
///
/// The labels are those of `ai4fashion-dataset`; without the feature `dataset` an image has none.
///
/// ```
/// # #[cfg(feature = "dataset")] {
/// use ai4fashion_dataset::{BasicColor, ProductType};
/// use ai4fashion_dcgan::Labels;
///
/// let labels = Labels::default().with_color(BasicColor::Red);
/// assert_eq!((labels.color, labels.product_type), (Some(BasicColor::Red), None));
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Labels {
    /// The name of the colour.
    #[cfg(feature = "dataset")]
    pub color: Option<BasicColor>,
    /// The product type.
    #[cfg(feature = "dataset")]
    pub product_type: Option<ProductType>,
    /// The split of the data set that the image belongs to.
    #[cfg(feature = "dataset")]
    pub split: Option<Split>,
}

#[cfg(feature = "dataset")]
impl Labels {
    /// Sets the colour.
    #[must_use]
    pub fn with_color(mut self, color: BasicColor) -> Self {
        self.color = Some(color);
        self
    }

    /// Sets the product type.
    #[must_use]
    pub fn with_product_type(mut self, product_type: ProductType) -> Self {
        self.product_type = Some(product_type);
        self
    }

    /// Sets the split of the data set.
    #[must_use]
    pub fn with_split(mut self, split: Split) -> Self {
        self.split = Some(split);
        self
    }
}
