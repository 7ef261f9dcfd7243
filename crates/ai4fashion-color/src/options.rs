//! What can be set about a classifier.

use crate::error::{Error, ErrorKind};

/// Default of [`ClassifyOptions::tolerance`]: what JPEG does to white paper, and little more, because white cloth differs from
/// it by 0.01 to 0.03. Accuracy is the same within three pictures of 270 from 0.004 to 0.015: see `docs/color-naming.md`.
pub const DEFAULT_TOLERANCE: f32 = 0.008;
/// Default of [`ClassifyOptions::shadow`]: none, because a flood over soft shadows runs into white cloth.
pub const DEFAULT_SHADOW: f32 = 0.0;
/// Default of [`ClassifyOptions::mixed_share`]: the second colour takes a quarter of the garment or more.
pub const DEFAULT_MIXED_SHARE: f32 = 0.25;

/// Settings of a [`ColorClassifier`](crate::ColorClassifier); checked once, by
/// [`ColorClassifier::new`](crate::ColorClassifier::new).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
#[non_exhaustive]
pub struct ClassifyOptions {
    /// How far background may be from the colour of the frame, as a distance in Oklab (white to black is 1; from light
    /// colours right to a tenth). In `(0, 0.2]`; default [`DEFAULT_TOLERANCE`].
    pub tolerance: f32,
    /// How much darker than the background a soft shadow may be, in Oklab lightness; 0 knows no shadows.
    /// In `[0, 0.5]`; default [`DEFAULT_SHADOW`].
    pub shadow: f32,
    /// From which share of its pixels on, that another name fits best, a garment counts as mixed, and that its own name needs for
    /// [`dominant`](crate::Classification::dominant). In `(0, 0.5]`; default [`DEFAULT_MIXED_SHARE`].
    pub mixed_share: f32,
}

impl Default for ClassifyOptions {
    fn default() -> Self {
        Self {
            tolerance: DEFAULT_TOLERANCE,
            shadow: DEFAULT_SHADOW,
            mixed_share: DEFAULT_MIXED_SHARE,
        }
    }
}

impl ClassifyOptions {
    /// Sets [`tolerance`](Self::tolerance).
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f32) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets [`shadow`](Self::shadow).
    #[must_use]
    pub fn with_shadow(mut self, shadow: f32) -> Self {
        self.shadow = shadow;
        self
    }

    /// Sets [`mixed_share`](Self::mixed_share).
    #[must_use]
    pub fn with_mixed_share(mut self, mixed_share: f32) -> Self {
        self.mixed_share = mixed_share;
        self
    }

    /// The only place where options are refused.
    pub(crate) fn checked(self) -> Result<Self, Error> {
        let check = |legal_value: bool, option, value, legal| {
            if legal_value {
                Ok(())
            } else {
                Err(Error::new(ErrorKind::Setting { option, value, legal }))
            }
        };
        check(
            self.tolerance > 0.0 && self.tolerance <= 0.2,
            "tolerance",
            self.tolerance,
            "(0, 0.2]",
        )?;
        check(
            (0.0..=0.5).contains(&self.shadow),
            "shadow",
            self.shadow,
            "[0, 0.5]",
        )?;
        check(
            self.mixed_share > 0.0 && self.mixed_share <= 0.5,
            "mixed_share",
            self.mixed_share,
            "(0, 0.5]",
        )?;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_legal() {
        assert!(ClassifyOptions::default().checked().is_ok());
    }

    #[cfg(feature = "serde")]
    #[test]
    fn misspelt_option_is_refused_and_a_missing_one_is_the_default() {
        let read = serde_json::from_str::<ClassifyOptions>;
        assert_eq!(
            read(r#"{"shadow": 0.1}"#).unwrap(),
            ClassifyOptions::default().with_shadow(0.1)
        );
        let error = read(r#"{"tolerence": 0.1}"#).unwrap_err().to_string();
        assert!(
            error.contains("`tolerence`, expected one of `tolerance`"),
            "{error}"
        );
    }

    macro_rules! refused {
        ($($case:ident: $options:expr => $name:literal;)*) => {$(
            #[test]
            fn $case() {
                let err = $options.checked().unwrap_err();
                assert!(matches!(err.kind(), ErrorKind::Setting { option: $name, .. }), "{err}");
            }
        )*};
    }

    refused! {
        tolerance_of_zero_is_refused: ClassifyOptions::default().with_tolerance(0.0) => "tolerance";
        tolerance_above_its_interval_is_refused: ClassifyOptions::default().with_tolerance(0.21) => "tolerance";
        tolerance_that_is_no_number_is_refused: ClassifyOptions::default().with_tolerance(f32::NAN) => "tolerance";
        negative_shadow_is_refused: ClassifyOptions::default().with_shadow(-0.01) => "shadow";
        shadow_above_its_interval_is_refused: ClassifyOptions::default().with_shadow(0.51) => "shadow";
        mixed_share_of_zero_is_refused: ClassifyOptions::default().with_mixed_share(0.0) => "mixed_share";
        mixed_share_above_a_half_is_refused: ClassifyOptions::default().with_mixed_share(0.6) => "mixed_share";
    }
}
