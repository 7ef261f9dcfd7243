//! The classifier.

use image::DynamicImage;

use crate::classification::Classification;
use crate::counting;
use crate::error::Error;
use crate::explanation::Explanation;
use crate::frame;
use crate::mask::Mask;
use crate::naming::features::Features;
use crate::naming::model;
use crate::naming::posterior::Posterior;
use crate::naming::table::NAMES;
use crate::options::ClassifyOptions;
use crate::pixels::view::ImageView;
use crate::workspace::Workspace;

/// Names the colour of the garment in an image.
///
/// 1. A frame is cut off: a line, bars, a border, or a page that a photo is pasted on.
/// 2. The *garment mask* leaves out the background: what is connected to the image border and has
///    its colour, and soft shadows if [`shadow_depth`](ClassifyOptions::shadow_depth) allows any.
///    A close-up has none: all is garment.
/// 3. A model that was fitted to catalogue photos and to published colour-naming data gives each
///    name a probability for a garment with these colours. The most likely name is the answer.
/// 4. Each garment pixel is split among the names that fit both its colour and the garment, which
///    gives the [`fractions`](Classification::fractions).
///
/// Classifying cannot fail. An image without a garment (all background but for 0.003 of the pixels,
/// all transparent, or no pixels) gets the name of its background with confidence 0.
///
/// ```
/// use ai4fashion_color::image::{Rgb, RgbImage};
/// use ai4fashion_color::{BasicColor, ColorClassifier};
///
/// // A green square on white paper.
/// let photo = RgbImage::from_fn(64, 64, |x, y| {
///     let is_cloth = (16..48).contains(&x) && (16..48).contains(&y);
///     Rgb(if is_cloth { [36, 130, 60] } else { [255; 3] })
/// });
/// assert_eq!(ColorClassifier::default().classify(&photo).name(), BasicColor::Green);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ColorClassifier {
    options: ClassifyOptions,
}

impl ColorClassifier {
    /// Creates a classifier with the given options.
    ///
    /// ```
    /// use ai4fashion_color::{ClassifyOptions, ColorClassifier};
    ///
    /// let options = ClassifyOptions::default().with_background_tolerance(0.5);
    /// let error = ColorClassifier::new(options).unwrap_err();
    /// assert_eq!(error.to_string(), "background_tolerance is 0.5, expected (0, 0.2]");
    /// ```
    ///
    /// # Errors
    /// If an option is outside its interval.
    pub fn new(options: ClassifyOptions) -> Result<Self, Error> {
        options.validate()?;
        Ok(Self { options })
    }

    /// Returns the options of this classifier.
    #[must_use]
    pub fn options(&self) -> ClassifyOptions {
        self.options
    }

    /// Names the colour of the garment in an image.
    ///
    /// The image is a `&RgbImage`, a `&RgbaImage` or an [`ImageView`] of any size. Pixels with an
    /// alpha below 125 are background.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgba, RgbaImage};
    /// use ai4fashion_color::{BasicColor, ColorClassifier};
    ///
    /// // A cut-out: a purple square on a transparent background.
    /// let cut_out = RgbaImage::from_fn(32, 32, |x, y| {
    ///     let is_cloth = (8..24).contains(&x) && (8..24).contains(&y);
    ///     Rgba([112, 48, 150, if is_cloth { 255 } else { 0 }])
    /// });
    /// let found = ColorClassifier::default().classify(&cut_out);
    /// assert_eq!(found.name(), BasicColor::Purple);
    /// ```
    #[must_use]
    pub fn classify<'a>(&self, image: impl Into<ImageView<'a>>) -> Classification {
        self.classify_with(&mut Workspace::new(), image)
    }

    /// Names the colour of the garment in an image of any pixel type.
    ///
    /// An image other than 8-bit RGB or RGBA (grey, 16 bits, floating point) is converted first;
    /// its values are taken as sRGB.
    ///
    /// ```
    /// use ai4fashion_color::image::{DynamicImage, GrayImage, Luma};
    /// use ai4fashion_color::{BasicColor, ColorClassifier};
    ///
    /// let image = GrayImage::from_fn(32, 32, |x, _| Luma([if x < 16 { 128 } else { 255 }]));
    /// let found = ColorClassifier::default().classify_dynamic(&DynamicImage::from(image));
    /// assert_eq!(found.name(), BasicColor::Grey);
    /// ```
    #[must_use]
    pub fn classify_dynamic(&self, image: &DynamicImage) -> Classification {
        match image {
            DynamicImage::ImageRgb8(rgb) => self.classify(rgb),
            DynamicImage::ImageRgba8(rgba) => self.classify(rgba),
            other => self.classify(&other.to_rgba8()),
        }
    }

    /// Names the colour of the garment in an image, with reused buffers.
    ///
    /// It allocates nothing once the workspace has seen images of as many colours.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{ColorClassifier, ImageView, Workspace};
    ///
    /// let classifier = ColorClassifier::default();
    /// let mut workspace = Workspace::new();
    /// let image = RgbImage::from_pixel(8, 8, Rgb([20, 60, 200]));
    /// let first = classifier.classify_with(&mut workspace, &image);
    /// let again = classifier.classify_with(&mut workspace, ImageView::from(&image));
    /// assert_eq!(first, again);
    /// ```
    #[must_use]
    pub fn classify_with<'a>(
        &self,
        workspace: &mut Workspace,
        image: impl Into<ImageView<'a>>,
    ) -> Classification {
        let mask = self.find_garment(image.into(), workspace);
        self.answer(&mask, workspace).0
    }

    /// Names the colour of the garment in each image, on all cores, in order.
    ///
    /// The slice holds `RgbImage`s, `RgbaImage`s or [`ImageView`]s.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{BasicColor, ColorClassifier, ImageView};
    ///
    /// let images = [[10; 3], [250; 3]].map(|color| RgbImage::from_pixel(8, 8, Rgb(color)));
    /// let found = ColorClassifier::default().classify_batch(&images);
    /// assert_eq!(found.len(), 2);
    /// assert_eq!(found[0].name(), BasicColor::Black);
    ///
    /// let views = images.each_ref().map(ImageView::from);
    /// assert_eq!(ColorClassifier::default().classify_batch(&views), found);
    /// ```
    #[cfg(feature = "rayon")]
    #[must_use]
    pub fn classify_batch<'a, T>(&self, images: &'a [T]) -> Vec<Classification>
    where
        T: Sync,
        &'a T: Into<ImageView<'a>>,
    {
        use rayon::prelude::*;
        let found = images.par_iter().map_init(Workspace::new, |workspace, image| {
            self.classify_with(workspace, image)
        });
        found.collect()
    }

    /// Names the colour of the garment in an image and classifies each pixel.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{BasicColor, ColorClassifier, PixelClass};
    ///
    /// let photo = RgbImage::from_fn(32, 32, |x, y| {
    ///     let is_cloth = (8..24).contains(&x) && (8..24).contains(&y);
    ///     Rgb(if is_cloth { [200, 30, 30] } else { [255; 3] })
    /// });
    /// let explained = ColorClassifier::default().explain(&photo);
    /// assert_eq!(explained.pixel_class(0, 0), PixelClass::Background);
    /// assert_eq!(explained.pixel_class(16, 16), PixelClass::Named(BasicColor::Red));
    /// ```
    #[must_use]
    pub fn explain<'a>(&self, image: impl Into<ImageView<'a>>) -> Explanation {
        let mut workspace = Workspace::new();
        let mask = self.find_garment(image.into(), &mut workspace);
        let (classification, likely) = self.answer(&mask, &workspace);
        Explanation::new(classification, &workspace.sample, &mask, &likely)
    }

    /// Finds the garment and counts its colours; without a garment the background colour.
    pub(crate) fn find_garment(&self, image: ImageView<'_>, workspace: &mut Workspace) -> Mask {
        let Workspace { sample, frame, .. } = &mut *workspace;
        frame::take(image, sample, frame);
        self.find_garment_in_sample(workspace)
    }

    /// Finds the garment in the workspace's sample and counts its colours.
    pub(crate) fn find_garment_in_sample(&self, workspace: &mut Workspace) -> Mask {
        let Workspace { sample, mask, .. } = &mut *workspace;
        let mask = Mask::new(sample, &self.options, mask);
        counting::count(&mask, workspace);
        mask
    }

    /// Returns the result and the probability of each name.
    pub(crate) fn answer(&self, mask: &Mask, workspace: &Workspace) -> (Classification, [f32; NAMES]) {
        let Workspace {
            sample, histogram, ..
        } = workspace;
        if mask.count() == 0 {
            let background = mask.background().unwrap_or([255; 3]);
            let fractions = Posterior::new(histogram, &[1.0; NAMES]).fractions();
            return (Classification::without_garment(background, fractions), fractions);
        }
        let likely = model::probabilities(&Features::new(histogram));
        let posterior = Posterior::new(histogram, &likely);
        let threshold = self.options.mixed_threshold;
        let found = Classification::new(likely, &posterior, mask.fraction(), threshold);
        (
            if mask.is_cropped(sample) {
                found.cropped()
            } else {
                found
            },
            likely,
        )
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{arbitrary_image, garment};
    use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage, imageops};
    use proptest::prelude::*;

    use super::*;
    use crate::explanation::PixelClass;
    use crate::naming::basic_color::BasicColor;

    /// An undisputed colour for each name.
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

    fn name(image: &RgbImage) -> BasicColor {
        ColorClassifier::default().classify(image).name()
    }

    #[test]
    fn plain_garments_have_their_name_and_keep_it_mirrored_and_scaled() {
        for (expected, color) in PLAIN {
            let image = garment(48, color);
            assert_eq!(name(&image), expected);
            assert_eq!(name(&imageops::flip_horizontal(&image)), expected);
            assert_eq!(name(&imageops::flip_vertical(&image)), expected);
            for size in [24, 96] {
                let scaled = imageops::resize(&image, size, size, imageops::FilterType::Triangle);
                assert_eq!(name(&scaled), expected, "at {size}");
            }
        }
    }

    #[test]
    fn image_without_garment_has_the_name_of_its_background_and_no_confidence() {
        for (color, expected) in [([255; 3], BasicColor::White), ([204, 24, 34], BasicColor::Red)] {
            let found = ColorClassifier::default().classify(&RgbImage::from_pixel(9, 7, Rgb(color)));
            assert_eq!(
                (found.name(), found.confidence(), found.margin()),
                (expected, 0.0, 0.0)
            );
            assert_eq!((found.garment_fraction(), found.is_mixed()), (0.0, false));
        }
        let nothing = ColorClassifier::default().classify(&RgbImage::new(0, 0));
        assert_eq!((nothing.garment_fraction(), nothing.confidence()), (0.0, 0.0));
        let invisible = RgbaImage::from_pixel(5, 5, Rgba([200, 0, 0, 0]));
        assert_eq!(ColorClassifier::default().classify(&invisible).confidence(), 0.0);
    }

    #[test]
    fn opaque_image_has_the_same_result_with_and_without_alpha() {
        for (_, color) in PLAIN {
            let rgb = garment(32, color);
            let rgba = DynamicImage::ImageRgb8(rgb.clone()).into_rgba8();
            let classifier = ColorClassifier::default();
            assert_eq!(classifier.classify(&rgb), classifier.classify(&rgba));
        }
    }

    #[cfg(feature = "rayon")]
    #[test]
    fn batch_is_in_order() {
        let images: Vec<RgbImage> = PLAIN.iter().map(|(_, color)| garment(24, *color)).collect();
        let found = ColorClassifier::default().classify_batch(&images);
        let names: Vec<BasicColor> = found.iter().map(Classification::name).collect();
        assert_eq!(names, PLAIN.map(|(name, _)| name));
    }

    fn explained(image: &RgbImage) -> Explanation {
        ColorClassifier::default().explain(image)
    }

    #[test]
    fn garment_has_its_name_within_its_outline_on_background() {
        let found = explained(&garment(32, [200, 30, 30]));
        assert_eq!(found.classification().name(), BasicColor::Red);
        assert_eq!(found.image().dimensions(), (32, 32));
        assert_eq!(found.pixel_class(7, 16), PixelClass::Background);
        assert_eq!(found.pixel_class(8, 16), PixelClass::Outline);
        assert_eq!(found.pixel_class(9, 16), PixelClass::Named(BasicColor::Red));
        let pixels = (0..32).flat_map(|y| (0..32).map(move |x| (x, y)));
        let garment = pixels.filter(|&(x, y)| found.pixel_class(x, y) != PixelClass::Background);
        assert_eq!(garment.count(), 16 * 16);
    }

    #[test]
    fn explained_result_is_the_same() {
        let image = garment(200, [60, 30, 20]);
        let expected = ColorClassifier::default().classify(&image);
        assert_eq!(explained(&image).classification(), &expected);
    }

    #[test]
    fn image_without_garment_is_all_background() {
        let found = explained(&RgbImage::from_pixel(3, 5, Rgb([9, 9, 9])));
        assert!((0..5).all(|y| (0..3).all(|x| found.pixel_class(x, y) == PixelClass::Background)));
        assert_eq!(explained(&RgbImage::new(0, 0)).image().dimensions(), (0, 0));
    }

    #[test]
    #[should_panic(expected = "pixel (4, 0) is outside the image of 4x4")]
    fn pixel_outside_the_image_panics() {
        let _ = explained(&garment(4, [0; 3])).pixel_class(4, 0);
    }

    proptest! {
        #[test]
        fn any_image_has_fractions_that_sum_to_one_and_the_same_result_twice(image in arbitrary_image(1..=40, 1..=40)) {
            let classifier = ColorClassifier::default();
            let found = classifier.classify(&image);
            let fractions = found.fractions();
            prop_assert!((fractions.iter().sum::<f32>() - 1.0).abs() < 1e-4);
            prop_assert!(fractions.iter().all(|fraction| (0.0..=1.0).contains(fraction)));
            prop_assert!(found.name() != found.runner_up());
            prop_assert!((0.0..=1.0).contains(&found.confidence()));
            prop_assert!((0.0..=1.0).contains(&found.margin()));
            prop_assert!((0.0..=1.0).contains(&found.garment_fraction()));
            prop_assert_eq!(found, classifier.classify(&image));
        }

        #[test]
        fn mirrored_image_has_the_same_fractions(image in arbitrary_image(1..=30, 1..=30)) {
            let classifier = ColorClassifier::default();
            let (one, other) = (classifier.classify(&image), classifier.classify(&imageops::flip_horizontal(&image)));
            prop_assert_eq!(one.fractions(), other.fractions());
        }
    }
}
