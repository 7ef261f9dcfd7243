//! Images with the labels they have or were made for.

use ai4fashion_garment::{ProductType, color::BasicColor};
use image::RgbImage;

/// Images, each with the colour and the product type that it has or was made for, if known.
///
/// ```
/// use ai4fashion_score::{ImageSet, garment::color::BasicColor, image::RgbImage};
///
/// let mut images = ImageSet::new([RgbImage::new(64, 64)]);
/// images.push(RgbImage::new(64, 64), Some(BasicColor::Red), None);
/// assert_eq!(images.len(), 2);
/// ```
#[derive(Clone, Debug, Default)]
pub struct ImageSet {
    images: Vec<RgbImage>,
    colors: Vec<Option<BasicColor>>,
    types: Vec<Option<ProductType>>,
}

impl ImageSet {
    /// Takes images without labels.
    #[must_use]
    pub fn new(images: impl IntoIterator<Item = RgbImage>) -> Self {
        let images: Vec<RgbImage> = images.into_iter().collect();
        let (colors, types) = (vec![None; images.len()], vec![None; images.len()]);
        Self {
            images,
            colors,
            types,
        }
    }

    /// Adds an image with its labels.
    pub fn push(&mut self, image: RgbImage, color: Option<BasicColor>, product_type: Option<ProductType>) {
        self.images.push(image);
        self.colors.push(color);
        self.types.push(product_type);
    }

    /// Number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.images.len()
    }

    /// Whether there are no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The images.
    #[must_use]
    pub fn images(&self) -> &[RgbImage] {
        &self.images
    }

    pub(crate) fn colors(&self) -> &[Option<BasicColor>] {
        &self.colors
    }

    pub(crate) fn types(&self) -> &[Option<ProductType>] {
        &self.types
    }
}
