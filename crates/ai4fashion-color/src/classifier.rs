//! The classifier: mask, votes, answer.

use image::{RgbImage, RgbaImage};
use palette::Srgb;

use crate::classification::Classification;
use crate::error::Error;
use crate::mask::{Mask, Settings};
use crate::options::ClassifyOptions;
use crate::pixels::Pixels;
use crate::vote::Votes;

/// Names the colour of the garment on a picture.
///
/// 1. The *garment mask* leaves out the background: what is connected to the frame of the picture and has its
///    colour, soft shadows included.
/// 2. Every garment pixel votes for the names that people give its colour (a published table).
/// 3. The name with the largest share wins.
///
/// Classifying cannot fail. A picture without a garment (all background, all transparent, no pixels) is named after
/// its background with confidence 0.
#[derive(Clone, Copy, Debug)]
pub struct ColorClassifier {
    settings: Settings,
    mixed_share: f32,
}

impl Default for ColorClassifier {
    fn default() -> Self {
        let options = ClassifyOptions::default();
        Self {
            settings: options.into(),
            mixed_share: options.mixed_share,
        }
    }
}

impl ColorClassifier {
    /// A classifier with the given options.
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub fn new(options: ClassifyOptions) -> Result<Self, Error> {
        let options = options.checked()?;
        Ok(Self {
            settings: options.into(),
            mixed_share: options.mixed_share,
        })
    }

    /// Names the garment on an sRGB picture of any size.
    #[must_use]
    pub fn classify(&self, picture: &RgbImage) -> Classification {
        self.classify_pixels(Pixels::<3>::new(
            picture.as_raw(),
            picture.width(),
            picture.height(),
        ))
    }

    /// Names the garment on an sRGB picture with alpha; what is mostly transparent is background.
    #[must_use]
    pub fn classify_rgba(&self, picture: &RgbaImage) -> Classification {
        self.classify_pixels(Pixels::<4>::new(
            picture.as_raw(),
            picture.width(),
            picture.height(),
        ))
    }

    /// Names many pictures on all cores, in their order.
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn classify_all(&self, pictures: &[RgbImage]) -> Vec<Classification> {
        use rayon::prelude::*;
        pictures
            .par_iter()
            .map(|picture| self.classify(picture))
            .collect()
    }

    fn classify_pixels<const CHANNELS: usize>(&self, pixels: Pixels<'_, CHANNELS>) -> Classification {
        let mask = Mask::new(&pixels, self.settings);
        if mask.count() == 0 {
            let background = mask.background().unwrap_or([255; 3]);
            let shares = Votes::new(std::iter::once(background)).shares();
            return Classification::without_garment(Srgb::from(background), shares);
        }
        let votes = Votes::new(mask.places().map(|place| pixels.rgb(place)));
        Classification::new(
            votes.shares(),
            |name| votes.mean_color(name.index()),
            mask.fraction(),
            self.mixed_share,
        )
    }
}
