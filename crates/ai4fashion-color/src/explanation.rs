//! What a classifier has seen.

use image::{Rgb, RgbImage};

use crate::naming::basic_color::BasicColor;
use crate::classification::Classification;
use crate::mask::{Mask, Rows};
use crate::naming::table::{self, NAMES};
use crate::naming::posterior;
use crate::pixels::sample::{Sample, is_opaque, rgb};

/// What a pixel is to the classifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// No garment.
    Background,
    /// The outline of the garment, in which cloth and background are mixed: garment, but not counted.
    Outline,
    /// Counted, and called by this name more than by any other.
    Named(BasicColor),
}

/// A picture as [`ColorClassifier`](crate::ColorClassifier) sees it: its sample, and what each pixel of it is.
///
/// The pixels of a name are not quite its [share](Classification::shares): a pixel between two names has one name here and
/// goes to both there.
#[derive(Clone, Debug)]
pub struct Explanation {
    classification: Classification,
    picture: RgbImage,
    parts: Vec<Part>,
}

impl Explanation {
    /// `likely` tells how likely each name is for the garment.
    pub(crate) fn new(
        classification: Classification,
        sample: &Sample,
        mask: &Mask,
        likely: &[f32; NAMES],
    ) -> Self {
        let (garment, core) = (mask.garment(), mask.core());
        let rows = || (0..sample.height()).flat_map(|y| (0..sample.width()).map(move |x| (x, y)));
        let part = |(x, y)| match [garment, &core].map(|set: &Rows| set.contains(x, y)) {
            [_, true] => Part::Named(posterior::best(table::cell(rgb(sample.pixel(x, y))), likely)),
            [true, false] => Part::Outline,
            [false, false] => Part::Background,
        };
        let parts = rows().map(part).collect();
        // At most 96 a side.
        let (width, height) = (sample.width() as u32, sample.height() as u32);
        let picture = RgbImage::from_fn(width, height, |x, y| {
            let pixel = sample.pixel(x as usize, y as usize);
            Rgb(if is_opaque(pixel) { rgb(pixel) } else { [255; 3] })
        });
        Self {
            classification,
            picture,
            parts,
        }
    }

    /// The answer.
    #[must_use]
    pub fn classification(&self) -> &Classification {
        &self.classification
    }

    /// The pixels that were looked at: a regular grid over the picture, at most 96 a side; white where it is transparent.
    #[must_use]
    pub fn picture(&self) -> &RgbImage {
        &self.picture
    }

    /// What the pixel of [`picture`](Self::picture) at column `x` and row `y` is.
    ///
    /// # Panics
    /// If there is no such pixel.
    #[must_use]
    #[track_caller]
    pub fn part(&self, x: u32, y: u32) -> Part {
        let (width, height) = self.picture.dimensions();
        assert!(
            x < width && y < height,
            "pixel ({x}, {y}) is outside a picture of {width}x{height}"
        );
        self.parts[y as usize * width as usize + x as usize]
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::garment;

    use super::*;
    use crate::classifier::ColorClassifier;

    fn of(picture: &RgbImage) -> Explanation {
        ColorClassifier::default().explain(picture.into())
    }

    #[test]
    fn garment_has_its_name_within_its_outline_on_background() {
        let found = of(&garment(32, [200, 30, 30]));
        assert_eq!(found.classification().name(), BasicColor::Red);
        assert_eq!(found.picture().dimensions(), (32, 32));
        assert_eq!(found.part(7, 16), Part::Background);
        assert_eq!(found.part(8, 16), Part::Outline);
        assert_eq!(found.part(9, 16), Part::Named(BasicColor::Red));
        let counted = found.parts.iter().filter(|&&part| part != Part::Background);
        assert_eq!(counted.count(), 16 * 16);
    }

    #[test]
    fn answer_is_the_classifiers() {
        let picture = garment(200, [60, 30, 20]);
        let expected = ColorClassifier::default().classify(&picture);
        assert_eq!(of(&picture).classification(), &expected);
    }

    #[test]
    fn picture_without_garment_is_background() {
        let found = of(&RgbImage::from_pixel(3, 5, Rgb([9, 9, 9])));
        assert!((0..5).all(|y| (0..3).all(|x| found.part(x, y) == Part::Background)));
        assert_eq!(of(&RgbImage::new(0, 0)).picture().dimensions(), (0, 0));
    }

    #[test]
    #[should_panic(expected = "pixel (4, 0) is outside a picture of 4x4")]
    fn pixel_outside_is_a_bug_of_the_caller() {
        let _ = of(&garment(4, [0; 3])).part(4, 0);
    }
}
