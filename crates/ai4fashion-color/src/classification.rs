//! The result of classifying one image.

use std::fmt;

use crate::naming::basic_color::BasicColor;
use crate::naming::model;
use crate::naming::posterior::Posterior;
use crate::naming::table::NAMES;

/// Least fraction of what is seen of a cropped garment that has its colour.
const MOSTLY: f32 = 0.8;
/// Factor for the confidence where nothing can be known for sure.
const DOUBT: f32 = 0.2;

/// The colour name of one garment, with what supports it.
///
/// ```
/// use ai4fashion_color::image::{Rgb, RgbImage};
/// use ai4fashion_color::{BasicColor, ColorClassifier};
///
/// let photo = RgbImage::from_fn(64, 64, |x, y| {
///     let is_cloth = (16..48).contains(&x) && (16..48).contains(&y);
///     Rgb(if is_cloth { [30, 70, 200] } else { [255; 3] })
/// });
/// let found = ColorClassifier::default().classify(&photo);
/// assert_eq!(found.name(), BasicColor::Blue);
/// assert!(found.confidence() > 0.5);
/// assert_eq!(found.dominant_color(), [30, 70, 200]);
/// assert!(!found.is_mixed());
/// assert!(found.to_string().starts_with("blue (confidence 0."));
/// ```
///
/// With the feature `serde` it is written and read with these field names.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Classification {
    name: BasicColor,
    confidence: f32,
    margin: f32,
    runner_up: BasicColor,
    fractions: [f32; NAMES],
    dominant_color: [u8; 3],
    garment_fraction: f32,
    is_mixed: bool,
}

impl Classification {
    /// `likely` sums to one.
    pub(crate) fn new(
        likely: [f32; NAMES],
        posterior: &Posterior,
        garment_fraction: f32,
        mixed_threshold: f32,
    ) -> Self {
        let found = Self::of_probabilities(likely, posterior, garment_fraction, mixed_threshold);
        let confidence = model::calibrated(&likely)[found.name.index()];
        Self { confidence, ..found }
    }

    /// The result for probabilities that are calibrated.
    pub(crate) fn of_probabilities(
        likely: [f32; NAMES],
        posterior: &Posterior,
        garment_fraction: f32,
        mixed_threshold: f32,
    ) -> Self {
        let Ranked {
            name,
            runner_up,
            margin,
        } = Ranked::new(likely);
        Self {
            name,
            confidence: likely[name.index()],
            margin,
            runner_up,
            fractions: posterior.fractions(),
            dominant_color: posterior.color_of(name, mixed_threshold),
            garment_fraction,
            is_mixed: posterior.has_other_than(name, mixed_threshold),
        }
    }

    /// Returns the result for a garment that goes on beyond the image: with less confidence if
    /// the name covers little of what is seen, because another colour may have most of it.
    pub(crate) fn cropped(self) -> Self {
        let covered = self.fractions[self.name.index()];
        if covered < MOSTLY { self.in_doubt() } else { self }
    }

    /// Returns the result with a confidence below 0.2.
    pub(crate) fn in_doubt(self) -> Self {
        let confidence = DOUBT * self.confidence;
        Self { confidence, ..self }
    }

    /// The result for an image without a garment: the name of its background, with no confidence.
    pub(crate) fn without_garment(background: [u8; 3], fractions: [f32; NAMES]) -> Self {
        let Ranked { name, runner_up, .. } = Ranked::new(fractions);
        Self {
            name,
            confidence: 0.0,
            margin: 0.0,
            runner_up,
            fractions,
            dominant_color: background,
            garment_fraction: 0.0,
            is_mixed: false,
        }
    }

    /// Returns the name of the garment's colour.
    #[must_use]
    pub fn name(&self) -> BasicColor {
        self.name
    }

    /// Returns the calibrated probability that [`name`](Self::name) is right, 0 to 1.
    ///
    /// It is the model's softmax with a temperature that was fitted to catalogue photos which the
    /// model had not seen. Of the names with a confidence of 0.8, about 80% are the catalogue's:
    /// the expected calibration error is 0.02. It is 0 if there is no garment, and below 0.2 on a
    /// close-up where the name covers less than 0.8 of the cloth: what is out of sight may have
    /// another colour.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.confidence
    }

    /// Returns the lead of the name over the [runner-up](Self::runner_up), 0 to 1.
    ///
    /// It is `(first - second) / (first + second)` of the model's probabilities: 0 for a tie, 1 if
    /// no other name is possible. Images with a small margin are worth a review first. It is 0 if
    /// there is no garment.
    #[must_use]
    pub fn margin(&self) -> f32 {
        self.margin
    }

    /// Returns the second most likely name.
    #[must_use]
    pub fn runner_up(&self) -> BasicColor {
        self.runner_up
    }

    /// Returns the fraction of the garment that each name covers, in the order of
    /// [`BasicColor::ALL`].
    ///
    /// They sum to 1. A pixel between two names counts for both.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{BasicColor, ColorClassifier};
    ///
    /// // A square on white paper, three quarters red and one quarter blue.
    /// let photo = RgbImage::from_fn(64, 64, |x, y| match (x, y) {
    ///     (16..48, 16..40) => Rgb([200, 20, 30]),
    ///     (16..48, 40..48) => Rgb([20, 60, 200]),
    ///     _ => Rgb([255; 3]),
    /// });
    /// let fractions = ColorClassifier::default().classify(&photo).fractions();
    /// assert!((fractions[BasicColor::Red.index()] - 0.75).abs() < 0.1);
    /// assert!((fractions[BasicColor::Blue.index()] - 0.25).abs() < 0.1);
    /// ```
    #[must_use]
    pub fn fractions(&self) -> [f32; BasicColor::COUNT] {
        self.fractions
    }

    /// Returns the fraction of the garment in one colour, 0 to 1.
    #[must_use]
    pub fn fraction(&self, color: BasicColor) -> f32 {
        self.fractions[color.index()]
    }

    /// Returns the names and the fractions that they cover, the largest first.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{BasicColor, ColorClassifier};
    ///
    /// let red = RgbImage::from_pixel(32, 32, Rgb([200, 20, 30]));
    /// let [(first, most), (_, next), ..] = ColorClassifier::default().classify(&red).ranked();
    /// assert_eq!(first, BasicColor::Red);
    /// assert!(most > next);
    /// ```
    #[must_use]
    pub fn ranked(&self) -> [(BasicColor, f32); BasicColor::COUNT] {
        let mut ranked = BasicColor::ALL.map(|color| (color, self.fraction(color)));
        ranked.sort_by(|a, b| b.1.total_cmp(&a.1));
        ranked
    }

    /// Returns the mean colour of the garment's main colour, as sRGB bytes.
    ///
    /// The mean is taken over
    /// - the pixels that fit [`name`](Self::name) best, if they cover at least
    ///   [`mixed_threshold`](crate::ClassifyOptions::mixed_threshold) of the garment;
    /// - otherwise the pixels of the name that covers most of it;
    /// - the background, if there is no garment.
    #[must_use]
    pub fn dominant_color(&self) -> [u8; 3] {
        self.dominant_color
    }

    /// Returns the fraction of the image, without a frame around it, that is garment, 0 to 1.
    ///
    /// 0 means that the image is all background; the name is then the background's.
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{BasicColor, ColorClassifier};
    ///
    /// let blank = RgbImage::from_pixel(32, 32, Rgb([255; 3]));
    /// let found = ColorClassifier::default().classify(&blank);
    /// assert_eq!((found.garment_fraction(), found.confidence()), (0.0, 0.0));
    /// assert_eq!(found.name(), BasicColor::White);
    /// ```
    #[must_use]
    pub fn garment_fraction(&self) -> f32 {
        self.garment_fraction
    }

    /// Returns `true` if a second colour covers at least
    /// [`mixed_threshold`](crate::ClassifyOptions::mixed_threshold) of the garment.
    #[must_use]
    pub fn is_mixed(&self) -> bool {
        self.is_mixed
    }
}

/// The two most likely names.
#[derive(Debug, PartialEq)]
struct Ranked {
    name: BasicColor,
    runner_up: BasicColor,
    margin: f32,
}

impl Ranked {
    fn new(likely: [f32; NAMES]) -> Self {
        let mut order = BasicColor::ALL;
        // Stable: of equally likely names the first in alphabetical order wins.
        order.sort_by(|a, b| likely[b.index()].total_cmp(&likely[a.index()]));
        let [name, runner_up, ..] = order;
        let (first, second) = (likely[name.index()], likely[runner_up.index()]);
        Self {
            name,
            runner_up,
            margin: (first - second) / (first + second),
        }
    }
}

/// For people, such as `blue (confidence 0.97)`.
impl fmt::Display for Classification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (confidence {:.2})", self.name, self.confidence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranked(black: f32, white: f32) -> Ranked {
        let mut likely = [0.0; NAMES];
        likely[BasicColor::Black.index()] = black;
        likely[BasicColor::White.index()] = white;
        Ranked::new(likely)
    }

    #[test]
    fn margin_is_the_lead_as_a_fraction_of_both() {
        let found = ranked(0.3, 0.7);
        assert_eq!(
            (found.name, found.runner_up),
            (BasicColor::White, BasicColor::Black)
        );
        assert!((found.margin - 0.4).abs() < 1e-6);
    }

    #[test]
    fn tie_goes_to_the_first_name_without_margin() {
        let found = ranked(0.5, 0.5);
        assert_eq!((found.name, found.margin), (BasicColor::Black, 0.0));
    }

    #[test]
    fn only_possible_name_has_the_whole_margin() {
        assert_eq!(ranked(0.0, 1.0).margin, 1.0);
    }

    #[cfg(feature = "serde")]
    #[test]
    fn classification_reads_back_as_it_was_written() {
        use crate::naming::histogram::Histogram;

        let likely = [0.01, 0.03, 0.02, 0.04, 0.1, 0.05, 0.15, 0.2, 0.33, 0.03, 0.04];
        let posterior = Posterior::new(&Histogram::of([[200, 20, 20], [20, 60, 200]]), &likely);
        let written = Classification::new(likely, &posterior, 0.3, 0.25);
        let text = serde_json::to_string(&written).unwrap();
        assert!(text.starts_with(r#"{"name":"red","confidence":0."#), "{text}");
        assert_eq!(serde_json::from_str::<Classification>(&text).unwrap(), written);
    }
}
