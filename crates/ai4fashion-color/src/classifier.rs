//! The classifier: mask, histogram, answer.

use image::{DynamicImage, RgbImage, RgbaImage};
use palette::Srgb;

use crate::classification::Classification;
use crate::error::Error;
use crate::explanation::Explanation;
use crate::naming::features::Features;
use crate::mask::Mask;
use crate::naming::model;
use crate::naming::table::NAMES;
use crate::options::ClassifyOptions;
use crate::naming::posterior::Posterior;
use crate::pixels::view::PictureView;
use crate::naming::histogram::Histogram;
use crate::workspace::Workspace;

/// Names the colour of the garment on a picture.
///
/// 1. The *garment mask* leaves out the background: what is connected to the frame of the picture and has its
///    colour; soft shadows too if [`ClassifyOptions::shadow`] asks for it.
/// 2. A model that was fitted to catalogue photos and to a published table of colour names says how likely each name is
///    for a garment of these colours; the likeliest is the answer.
/// 3. Every garment pixel has a share of the names that fit its colour (the published table) and the garment.
///
/// Classifying cannot fail. A picture without a garment (all background, all transparent, no pixels) is named after
/// its background with confidence 0.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ColorClassifier {
    options: ClassifyOptions,
}

impl ColorClassifier {
    /// A classifier with the given options.
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub fn new(options: ClassifyOptions) -> Result<Self, Error> {
        let options = options.checked()?;
        Ok(Self { options })
    }

    /// What it was set up with.
    #[must_use]
    pub fn options(&self) -> ClassifyOptions {
        self.options
    }

    /// Names the garment on an sRGB picture of any size.
    #[must_use]
    pub fn classify(&self, picture: &RgbImage) -> Classification {
        self.classify_with(&mut Workspace::new(), picture.into())
    }

    /// Names the garment on an sRGB picture with alpha; what is mostly transparent is background.
    #[must_use]
    pub fn classify_rgba(&self, picture: &RgbaImage) -> Classification {
        self.classify_with(&mut Workspace::new(), picture.into())
    }

    /// Names the garment on a picture of any kind; one that is neither RGB nor RGBA of 8 bits (grey, 16 bits, floating point)
    /// is converted first, its values taken as sRGB.
    #[must_use]
    pub fn classify_dynamic(&self, picture: &DynamicImage) -> Classification {
        match picture {
            DynamicImage::ImageRgb8(rgb) => self.classify(rgb),
            DynamicImage::ImageRgba8(rgba) => self.classify_rgba(rgba),
            other => self.classify_rgba(&other.to_rgba8()),
        }
    }

    /// Names the garment on a borrowed picture, with memory that is used again: nothing is allocated once a workspace has seen
    /// pictures of as many colours.
    #[must_use]
    pub fn classify_with(&self, workspace: &mut Workspace, picture: PictureView<'_>) -> Classification {
        let mask = self.look_at(picture, workspace);
        self.answer(&mask, &workspace.histogram).0
    }

    /// Names the garment on a borrowed picture and tells what it went by.
    #[must_use]
    pub fn explain(&self, picture: PictureView<'_>) -> Explanation {
        let mut workspace = Workspace::new();
        let mask = self.look_at(picture, &mut workspace);
        let (classification, likely) = self.answer(&mask, &workspace.histogram);
        Explanation::new(classification, &workspace.sample, &mask, &likely)
    }

    /// Names many pictures on all cores, in their order.
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn classify_all(&self, pictures: &[RgbImage]) -> Vec<Classification> {
        use rayon::prelude::*;
        let named = pictures
            .par_iter()
            .map_init(Workspace::new, |workspace, picture| {
                self.classify_with(workspace, picture.into())
            });
        named.collect()
    }

    /// Finds the garment and counts its pixels; the background if there is no garment.
    pub(crate) fn look_at(&self, picture: PictureView<'_>, workspace: &mut Workspace) -> Mask {
        let Workspace { sample, mask, .. } = &mut *workspace;
        sample.take(picture);
        let mask = Mask::new(sample, &self.options, mask);
        count(&mask, workspace);
        mask
    }

    /// The answer, and how likely each name is.
    pub(crate) fn answer(&self, mask: &Mask, histogram: &Histogram) -> (Classification, [f32; NAMES]) {
        if mask.count() == 0 {
            let background = Srgb::from(mask.background().unwrap_or([255; 3]));
            let shares = Posterior::new(histogram, &[1.0; NAMES]).shares();
            return (Classification::without_garment(background, shares), shares);
        }
        let likely = model::probabilities(&Features::new(histogram));
        let (parts, least) = (Posterior::new(histogram, &likely), self.options.mixed_share);
        (
            Classification::new(likely, &parts, mask.fraction(), least),
            likely,
        )
    }
}

/// Counts the colours of the garment on the sample; the background if there is no garment.
pub(crate) fn count(mask: &Mask, workspace: &mut Workspace) {
    let Workspace {
        sample,
        counts,
        histogram,
        ..
    } = workspace;
    mask.core().runs().for_each(|(y, run)| {
        let colors = sample.rows()[y].colors(run);
        colors.for_each(|rgb| counts.add(rgb));
    });
    if mask.count() == 0 {
        counts.add(mask.background().unwrap_or([255; 3]));
    }
    histogram.take(counts);
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{arbitrary_image, garment};
    use image::{DynamicImage, Rgba, imageops};
    use proptest::prelude::*;

    use super::*;
    use crate::naming::basic_color::BasicColor;

    /// A colour of each name that nobody would call otherwise.
    const PLAIN: [(BasicColor, [u8; 3]); 10] = [
        (BasicColor::Black, [20, 20, 20]),
        (BasicColor::Blue, [30, 70, 200]),
        (BasicColor::Brown, [110, 68, 36]),
        (BasicColor::Green, [36, 130, 60]),
        (BasicColor::Grey, [130, 130, 130]),
        (BasicColor::Orange, [240, 130, 24]),
        (BasicColor::Pink, [240, 140, 180]),
        (BasicColor::Purple, [112, 48, 150]),
        (BasicColor::Red, [204, 24, 34]),
        (BasicColor::Yellow, [246, 216, 40]),
    ];

    fn name(picture: &RgbImage) -> BasicColor {
        ColorClassifier::default().classify(picture).name()
    }

    #[test]
    fn plain_garments_have_their_name_and_keep_it_mirrored_and_scaled() {
        for (expected, color) in PLAIN {
            let picture = garment(48, color);
            assert_eq!(name(&picture), expected);
            assert_eq!(name(&imageops::flip_horizontal(&picture)), expected);
            assert_eq!(name(&imageops::flip_vertical(&picture)), expected);
            for size in [24, 96] {
                let scaled = imageops::resize(&picture, size, size, imageops::FilterType::Triangle);
                assert_eq!(name(&scaled), expected, "at {size}");
            }
        }
    }

    #[test]
    fn picture_without_garment_is_named_after_its_background_without_confidence() {
        for (color, expected) in [([255; 3], BasicColor::White), ([204, 24, 34], BasicColor::Red)] {
            let found = ColorClassifier::default().classify(&RgbImage::from_pixel(9, 7, image::Rgb(color)));
            assert_eq!((found.name(), found.confidence()), (expected, 0.0));
            assert_eq!((found.garment_fraction(), found.is_mixed()), (0.0, false));
        }
        let nothing = ColorClassifier::default().classify(&RgbImage::new(0, 0));
        assert_eq!((nothing.garment_fraction(), nothing.confidence()), (0.0, 0.0));
        let invisible = RgbaImage::from_pixel(5, 5, Rgba([200, 0, 0, 0]));
        assert_eq!(
            ColorClassifier::default().classify_rgba(&invisible).confidence(),
            0.0
        );
    }

    #[test]
    fn opaque_picture_is_named_the_same_with_and_without_alpha() {
        for (_, color) in PLAIN {
            let rgb = garment(32, color);
            let rgba = DynamicImage::ImageRgb8(rgb.clone()).into_rgba8();
            let classifier = ColorClassifier::default();
            assert_eq!(classifier.classify(&rgb), classifier.classify_rgba(&rgba));
        }
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn many_pictures_are_named_in_their_order() {
        let pictures: Vec<RgbImage> = PLAIN.iter().map(|(_, color)| garment(24, *color)).collect();
        let found = ColorClassifier::default().classify_all(&pictures);
        let names: Vec<BasicColor> = found.iter().map(Classification::name).collect();
        assert_eq!(names, PLAIN.map(|(name, _)| name));
    }

    proptest! {
        #[test]
        fn any_picture_has_shares_that_sum_to_one_and_the_same_answer_twice(picture in arbitrary_image(1..=40, 1..=40)) {
            let classifier = ColorClassifier::default();
            let found = classifier.classify(&picture);
            let shares = found.shares();
            prop_assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert!(shares.iter().all(|share| (0.0..=1.0).contains(share)));
            prop_assert!(found.name() != found.runner_up());
            prop_assert!((0.0..=1.0).contains(&found.confidence()));
            prop_assert!((0.0..=1.0).contains(&found.garment_fraction()));
            prop_assert_eq!(found, classifier.classify(&picture));
        }

        #[test]
        fn mirrored_picture_has_the_same_shares(picture in arbitrary_image(1..=30, 1..=30)) {
            let classifier = ColorClassifier::default();
            let (one, other) = (classifier.classify(&picture), classifier.classify(&imageops::flip_horizontal(&picture)));
            prop_assert_eq!(one.shares(), other.shares());
        }
    }
}
