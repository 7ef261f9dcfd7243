//! A labelled photo.

use ai4fashion_garment::{
    __private::{
        scaled,
        shape::{CLASSES, HEIGHT, WIDTH},
    },
    ProductType, TypeHint,
    color::{BasicColor, ImageView},
};

/// A labelled photo, scaled to the network's input.
///
/// A label that is not known is left out, and teaches nothing.
///
/// ```
/// use ai4fashion_fit::{
///     Example,
///     garment::{ProductType, color::BasicColor, color::image::RgbImage},
/// };
///
/// let example = Example::new(&RgbImage::new(168, 224))
///     .with_color(Some(BasicColor::Black))
///     .with_type(Some(ProductType::TShirt));
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// sRGB bytes, rows from the top.
    pub(crate) pixels: Vec<u8>,
    pub(crate) color: Option<usize>,
    pub(crate) class: Option<usize>,
    pub(crate) is_garment_only: Option<bool>,
    pub(crate) weight: f32,
    pub(crate) chance: f32,
}

impl Example {
    /// Scales a photo of any size; it has no labels yet.
    #[must_use]
    pub fn new<'a>(image: impl Into<ImageView<'a>>) -> Self {
        Self {
            pixels: scaled(image),
            color: None,
            class: None,
            is_garment_only: None,
            weight: 1.0,
            chance: 1.0,
        }
    }

    /// Replaces the photo by one of any size with the same labels.
    #[must_use]
    pub fn with_image<'a>(mut self, image: impl Into<ImageView<'a>>) -> Self {
        self.pixels = scaled(image);
        self
    }

    /// Sets the colour.
    #[must_use]
    pub fn with_color(mut self, color: Option<BasicColor>) -> Self {
        self.color = color.map(BasicColor::index);
        self
    }

    /// Sets the product type; `None` is an article that is none of the twelve.
    #[must_use]
    pub fn with_type(mut self, product_type: Option<ProductType>) -> Self {
        self.class = Some(product_type.map_or(CLASSES - 1, |known| usize::from(known.number()) - 1));
        self
    }

    /// Sets another article than the twelve types by a number from 0 to 25 of one's own: telling
    /// shoes from bags helps to tell both from garments. More numbers count as one article.
    #[must_use]
    pub fn with_other_article(mut self, number: usize) -> Self {
        self.class = Some((ProductType::COUNT + number).min(CLASSES - 1));
        self
    }

    /// Sets whether the photo shows a garment alone, not on a model.
    #[must_use]
    pub fn with_garment_only(mut self, is_garment_only: bool) -> Self {
        self.is_garment_only = Some(is_garment_only);
        self
    }

    /// Sets the weight of the colour's loss, at least 0; default 1.
    #[must_use]
    pub fn with_weight(mut self, weight: f32) -> Self {
        self.weight = weight;
        self
    }

    /// Sets the probability of being shown in an epoch, 0 to 1; default 1.
    #[must_use]
    pub fn with_chance(mut self, chance: f32) -> Self {
        self.chance = chance;
        self
    }

    /// Returns the probability of being shown in an epoch.
    #[must_use]
    pub fn chance(&self) -> f32 {
        self.chance
    }

    /// The photo as the classifier takes it.
    pub(crate) fn view(&self) -> ImageView<'_> {
        let view = ImageView::rgb(&self.pixels, WIDTH as u32, HEIGHT as u32, 3 * WIDTH);
        #[expect(clippy::expect_used, reason = "it was scaled to this size")]
        view.expect("pixels of an example")
    }

    /// The type as a source gives it that knows it.
    pub(crate) fn hint(&self) -> TypeHint {
        match self.class {
            None => TypeHint::Unknown,
            Some(class) => ProductType::ALL
                .get(class)
                .map_or(TypeHint::Other, |known| TypeHint::Garment(*known)),
        }
    }
}
