//! Options of the classifier.

use crate::error::{Error, ErrorKind};

/// Options of a [`ColorClassifier`](crate::ColorClassifier).
///
/// They are checked once, by [`ColorClassifier::new`](crate::ColorClassifier::new).
///
/// ```
/// use ai4fashion_color::{ClassifyOptions, ColorClassifier};
///
/// let options = ClassifyOptions::default().with_mixed_threshold(0.3);
/// let classifier = ColorClassifier::new(options)?;
/// assert_eq!(classifier.options().mixed_threshold, 0.3);
/// # Ok::<(), ai4fashion_color::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct ClassifyOptions {
    /// Largest distance of a background pixel from the background colour, in Oklab, where white and
    /// black are 1 apart. In `(0, 0.2]`, default 0.008. A noisy background gets a larger one.
    pub background_tolerance: f32,
    /// Largest drop in Oklab lightness from the background to a soft shadow on it; 0 turns shadow
    /// detection off. In `[0, 0.5]`, default 0.
    pub shadow_depth: f32,
    /// Fraction of the garment from which a second colour makes it
    /// [mixed](crate::Classification::is_mixed). The named colour needs the same fraction to be the
    /// [dominant](crate::Classification::dominant_color) one. In `(0, 0.5]`, default 0.25.
    pub mixed_threshold: f32,
}

impl Default for ClassifyOptions {
    fn default() -> Self {
        Self {
            // JPEG noise on white paper and little more: white cloth differs from paper by 0.01 to
            // 0.03. On the garment-only photos of the fit, accuracy is the same within three photos
            // of 270 from 0.004 to 0.015.
            background_tolerance: 0.008,
            // A flood over soft shadows runs into white cloth.
            shadow_depth: 0.0,
            // A quarter of the garment is a second colour, less is a print.
            mixed_threshold: 0.25,
        }
    }
}

impl ClassifyOptions {
    /// Sets [`background_tolerance`](Self::background_tolerance).
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{ClassifyOptions, ColorClassifier};
    ///
    /// // A cream square on white paper.
    /// let photo = RgbImage::from_fn(64, 64, |x, y| {
    ///     let is_cloth = (16..48).contains(&x) && (16..48).contains(&y);
    ///     Rgb(if is_cloth { [250, 244, 232] } else { [255; 3] })
    /// });
    /// let found = ColorClassifier::default().classify(&photo);
    /// assert_eq!(found.garment_fraction(), 0.25);
    ///
    /// let options = ClassifyOptions::default().with_background_tolerance(0.1);
    /// let found = ColorClassifier::new(options)?.classify(&photo);
    /// assert_eq!(found.garment_fraction(), 0.0); // taken for paper
    /// # Ok::<(), ai4fashion_color::Error>(())
    /// ```
    #[must_use]
    pub fn with_background_tolerance(mut self, background_tolerance: f32) -> Self {
        self.background_tolerance = background_tolerance;
        self
    }

    /// Sets [`shadow_depth`](Self::shadow_depth).
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{ClassifyOptions, ColorClassifier};
    ///
    /// // A blue square in a soft shadow on white paper.
    /// let photo = RgbImage::from_fn(64, 64, |x, y| {
    ///     let is_cloth = (16..48).contains(&x) && (16..48).contains(&y);
    ///     let depth = x.min(63 - x).min(y).min(63 - y).min(12) as u8;
    ///     if is_cloth { Rgb([20, 60, 160]) } else { Rgb([255 - 2 * depth; 3]) }
    /// });
    /// let options = ClassifyOptions::default().with_shadow_depth(0.1);
    /// let found = ColorClassifier::new(options)?.classify(&photo);
    /// // The outermost part of this shadow is cut off as a frame; 40x40 pixels are left.
    /// assert_eq!(found.garment_fraction(), 0.64);
    /// # Ok::<(), ai4fashion_color::Error>(())
    /// ```
    #[must_use]
    pub fn with_shadow_depth(mut self, shadow_depth: f32) -> Self {
        self.shadow_depth = shadow_depth;
        self
    }

    /// Sets [`mixed_threshold`](Self::mixed_threshold).
    ///
    /// ```
    /// use ai4fashion_color::image::{Rgb, RgbImage};
    /// use ai4fashion_color::{ClassifyOptions, ColorClassifier};
    ///
    /// // A square on white paper, three quarters red and one quarter blue.
    /// let photo = RgbImage::from_fn(64, 64, |x, y| match (x, y) {
    ///     (16..48, 16..40) => Rgb([200, 20, 30]),
    ///     (16..48, 40..48) => Rgb([20, 60, 200]),
    ///     _ => Rgb([255; 3]),
    /// });
    /// let [low, high] = [0.2, 0.4].map(|it| ClassifyOptions::default().with_mixed_threshold(it));
    /// assert!(ColorClassifier::new(low)?.classify(&photo).is_mixed());
    /// assert!(!ColorClassifier::new(high)?.classify(&photo).is_mixed());
    /// # Ok::<(), ai4fashion_color::Error>(())
    /// ```
    #[must_use]
    pub fn with_mixed_threshold(mut self, mixed_threshold: f32) -> Self {
        self.mixed_threshold = mixed_threshold;
        self
    }

    /// The only place where options are refused.
    pub(crate) fn validate(&self) -> Result<(), Error> {
        check(
            "background_tolerance",
            self.background_tolerance,
            "(0, 0.2]",
            |it| it > 0.0 && it <= 0.2,
        )?;
        check("shadow_depth", self.shadow_depth, "[0, 0.5]", |it| {
            (0.0..=0.5).contains(&it)
        })?;
        check("mixed_threshold", self.mixed_threshold, "(0, 0.5]", |it| {
            it > 0.0 && it <= 0.5
        })
    }
}

fn check(option: &'static str, value: f32, legal: &str, is_legal: fn(f32) -> bool) -> Result<(), Error> {
    if is_legal(value) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Setting {
        option,
        value: value.to_string(),
        legal: legal.to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_legal() {
        assert!(ClassifyOptions::default().validate().is_ok());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn misspelt_option_is_refused_and_a_missing_one_is_the_default() {
        let read = serde_json::from_str::<ClassifyOptions>;
        assert_eq!(
            read(r#"{"shadow_depth": 0.1}"#).unwrap(),
            ClassifyOptions::default().with_shadow_depth(0.1)
        );
        let error = read(r#"{"shadow_deph": 0.1}"#).unwrap_err().to_string();
        assert!(
            error.contains("`shadow_deph`, expected one of `background_tolerance`"),
            "{error}"
        );
    }

    macro_rules! refused {
        ($($case:ident: $set:ident($value:expr) => $name:literal;)*) => {$(
            #[test]
            fn $case() {
                let err = ClassifyOptions::default().$set($value).validate().unwrap_err();
                assert!(matches!(err.kind(), ErrorKind::Setting { option: $name, .. }), "{err}");
            }
        )*};
    }

    refused! {
        tolerance_of_zero_is_refused: with_background_tolerance(0.0) => "background_tolerance";
        tolerance_above_its_interval_is_refused: with_background_tolerance(0.21) => "background_tolerance";
        tolerance_that_is_no_number_is_refused: with_background_tolerance(f32::NAN) => "background_tolerance";
        negative_shadow_is_refused: with_shadow_depth(-0.01) => "shadow_depth";
        shadow_above_its_interval_is_refused: with_shadow_depth(0.51) => "shadow_depth";
        threshold_of_zero_is_refused: with_mixed_threshold(0.0) => "mixed_threshold";
        threshold_above_a_half_is_refused: with_mixed_threshold(0.6) => "mixed_threshold";
    }
}
