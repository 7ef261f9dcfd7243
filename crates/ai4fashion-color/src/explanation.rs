//! Pixel classes: how the classifier sees an image.

use image::{Rgb, RgbImage};

use crate::classification::Classification;
use crate::mask::{Mask, Rows};
use crate::naming::basic_color::BasicColor;
use crate::naming::posterior;
use crate::naming::table::{self, NAMES};
use crate::pixels::pixel::{is_opaque, rgb};
use crate::pixels::sample::Sample;

/// The class of a pixel: background, outline or a colour name.
///
/// The enum is exhaustive, so that a `match` over it is checked: there is no fourth class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PixelClass {
    /// Background.
    Background,
    /// Outline of the garment, where cloth and background mix. It is garment, but its colour does
    /// not count.
    Outline,
    /// Garment, with the name that fits it best.
    Named(BasicColor),
}

/// An image as [`ColorClassifier`](crate::ColorClassifier) sees it, pixel by pixel.
///
/// Counting the pixels of a name does not give its
/// [fraction](Classification::fractions): a pixel between two names has one class here and counts
/// for both there.
///
/// ```
/// use ai4fashion_color::image::{Rgb, RgbImage};
/// use ai4fashion_color::{ColorClassifier, PixelClass};
///
/// let photo = RgbImage::from_fn(200, 100, |x, y| {
///     let is_cloth = (50..150).contains(&x) && (25..75).contains(&y);
///     Rgb(if is_cloth { [200, 30, 30] } else { [255; 3] })
/// });
/// let explained = ColorClassifier::default().explain(&photo);
/// assert_eq!(explained.classification().name().as_str(), "red");
///
/// // The classifier looks at a grid of at most 96 pixels on the longer side.
/// let (width, height) = explained.image().dimensions();
/// assert_eq!((width, height), (96, 48));
/// let garment = (0..height)
///     .flat_map(|y| (0..width).map(move |x| (x, y)))
///     .filter(|&(x, y)| explained.pixel_class(x, y) != PixelClass::Background);
/// assert_eq!(garment.count(), 48 * 24);
/// ```
#[derive(Clone, Debug)]
pub struct Explanation {
    classification: Classification,
    image: RgbImage,
    classes: Vec<PixelClass>,
}

impl Explanation {
    /// `likely` is the probability of each name for the garment.
    pub(crate) fn new(
        classification: Classification,
        sample: &Sample,
        mask: &Mask,
        likely: &[f32; NAMES],
    ) -> Self {
        let (garment, core) = (mask.garment(), mask.core());
        let rows = || (0..sample.height()).flat_map(|y| (0..sample.width()).map(move |x| (x, y)));
        let class = |(x, y)| match [garment, &core].map(|set: &Rows| set.contains(x, y)) {
            [_, true] => PixelClass::Named(posterior::best(table::cell(rgb(sample.pixel(x, y))), likely)),
            [true, false] => PixelClass::Outline,
            [false, false] => PixelClass::Background,
        };
        let classes = rows().map(class).collect();
        // At most 96 on a side.
        let (width, height) = (sample.width() as u32, sample.height() as u32);
        let image = RgbImage::from_fn(width, height, |x, y| {
            let pixel = sample.pixel(x as usize, y as usize);
            Rgb(if is_opaque(pixel) { rgb(pixel) } else { [255; 3] })
        });
        Self {
            classification,
            image,
            classes,
        }
    }

    /// The explanation with the pixels of the places outside as background; unchanged if no pixel
    /// is inside.
    pub(crate) fn within(mut self, is_inside: impl Fn(f32, f32) -> bool) -> Self {
        let [width, height] = [self.image.width(), self.image.height()];
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| [x, y]));
        let is_inside: Vec<bool> = pixels
            .map(|[x, y]| is_inside((x as f32 + 0.5) / width as f32, (y as f32 + 0.5) / height as f32))
            .collect();
        let is_named = |class: &PixelClass| matches!(class, PixelClass::Named(_));
        if self
            .classes
            .iter()
            .zip(&is_inside)
            .any(|(class, inside)| *inside && is_named(class))
        {
            let outside = self
                .classes
                .iter_mut()
                .zip(is_inside)
                .filter(|(_, inside)| !inside);
            outside.for_each(|(class, _)| *class = PixelClass::Background);
        }
        self
    }

    /// Returns the classification that is explained.
    #[must_use]
    pub fn classification(&self) -> &Classification {
        &self.classification
    }

    /// Returns the pixels that the classifier looked at: a regular grid over the image, at most 96
    /// on a side, white where the image is transparent.
    #[must_use]
    pub fn image(&self) -> &RgbImage {
        &self.image
    }

    /// Returns the class of the pixel of [`image`](Self::image) at column `x` and row `y`.
    ///
    /// # Panics
    /// If there is no such pixel.
    #[must_use]
    #[track_caller]
    pub fn pixel_class(&self, x: u32, y: u32) -> PixelClass {
        let (width, height) = self.image.dimensions();
        assert!(
            x < width && y < height,
            "pixel ({x}, {y}) is outside the image of {width}x{height}"
        );
        self.classes[y as usize * width as usize + x as usize]
    }
}
