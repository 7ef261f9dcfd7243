//! File names that carry the labels: `red_originalImgName_1.jpg`.

use std::{fmt, path::Path, str::FromStr};

use ai4fashion_color::BasicColor;

use crate::{
    error::{Error, ErrorKind},
    escape,
    labels::product_type::ProductType,
};

/// The longest file name that file systems take, in bytes.
pub const MAX_NAME: usize = 255;
/// The longest stem that fits whatever the labels: `purple_` and `_12.jpg` go off.
pub const MAX_STEM: usize = MAX_NAME - "purple__12.jpg".len();

/// A picture's file name with its labels, `COLOR_STEM_TYPE.jpg`.
///
/// The colour ends at the first underscore and the type begins after the last one, so the stem may hold underscores,
/// digits, spaces and any other character of a file name, and reading gives back exactly what was written.
/// A type that is not known is written 0.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabeledName {
    color: BasicColor,
    stem: String,
    product_type: Option<ProductType>,
}

impl LabeledName {
    /// A name of these parts.
    ///
    /// # Errors
    /// If `stem` holds `/`, `\` or a control character, or is longer than [`MAX_STEM`] bytes;
    /// [`clean_stem`] makes a legal one of any file name.
    pub fn new(
        color: BasicColor,
        stem: impl Into<String>,
        product_type: Option<ProductType>,
    ) -> Result<Self, Error> {
        let stem = stem.into();
        if stem.len() > MAX_STEM || !stem.chars().all(escape::is_legal) {
            return Err(ErrorKind::Stem {
                stem,
                limit: MAX_STEM,
            }
            .into());
        }
        Ok(Self {
            color,
            stem,
            product_type,
        })
    }

    /// The colour.
    #[must_use]
    pub fn color(&self) -> BasicColor {
        self.color
    }

    /// The original file name without extension.
    #[must_use]
    pub fn stem(&self) -> &str {
        &self.stem
    }

    /// The product type, if it is known.
    #[must_use]
    pub fn product_type(&self) -> Option<ProductType> {
        self.product_type
    }

    /// The same picture under another colour.
    #[must_use]
    pub fn with_color(self, color: BasicColor) -> Self {
        Self { color, ..self }
    }

    /// The same picture under another type.
    #[must_use]
    pub fn with_type(self, product_type: Option<ProductType>) -> Self {
        Self { product_type, ..self }
    }
}

impl fmt::Display for LabeledName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = ProductType::number_of(self.product_type);
        write!(f, "{}_{}_{number}.jpg", self.color, self.stem)
    }
}

impl FromStr for LabeledName {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let read = || {
            let (color, rest) = text.strip_suffix(".jpg")?.split_once('_')?;
            let (stem, number) = rest.rsplit_once('_')?;
            let color = BasicColor::ALL.into_iter().find(|known| known.as_str() == color)?;
            let product_type = match number {
                "0" => None,
                number => Some(
                    ProductType::ALL
                        .into_iter()
                        .find(|known| known.number().to_string() == number)?,
                ),
            };
            Self::new(color, stem, product_type).ok()
        };
        read().ok_or_else(|| {
            ErrorKind::LabeledName {
                text: text.to_owned(),
            }
            .into()
        })
    }
}

/// The stem of a file as it can stand in a [`LabeledName`] on every system: bytes that are no UTF-8, control characters,
/// backslashes and `: * ? " < > |`, which Windows has in no file name, become `%XX`, and what is longer than [`MAX_STEM`] bytes is cut on a character boundary.
#[must_use]
pub fn clean_stem(file: &Path) -> String {
    let mut stem = escape::portable_name(file.file_stem().unwrap_or_default());
    cut(&mut stem, MAX_STEM);
    stem
}

/// Cuts `text` to at most `limit` bytes, on a character boundary.
pub(crate) fn cut(text: &mut String, limit: usize) {
    text.truncate(text.floor_char_boundary(limit));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn any_color() -> impl Strategy<Value = BasicColor> {
        proptest::sample::select(BasicColor::ALL.to_vec())
    }

    fn any_type() -> impl Strategy<Value = Option<ProductType>> {
        proptest::option::of(proptest::sample::select(ProductType::ALL.to_vec()))
    }

    proptest! {
        #[test]
        fn reading_gives_back_what_was_written(color in any_color(), stem in r"[^/\\\p{Cc}]{0,60}", known in any_type()) {
            let name = LabeledName::new(color, stem, known).unwrap();
            prop_assert_eq!(name.to_string().parse::<LabeledName>().unwrap(), name);
        }

        #[test]
        fn stems_of_underscores_and_digits_read_back(color in any_color(), stem in "[_0-9. ~]{0,20}", known in any_type()) {
            let name = LabeledName::new(color, stem, known).unwrap();
            prop_assert_eq!(name.to_string().parse::<LabeledName>().unwrap(), name);
        }

        #[test]
        fn reading_any_text_never_panics_and_what_is_read_writes_the_same(text in ".{0,40}") {
            if let Ok(name) = text.parse::<LabeledName>() {
                prop_assert_eq!(name.to_string(), text);
            }
        }

        #[test]
        fn every_file_name_has_a_legal_stem(file in "[^/\0]{0,300}") {
            let stem = clean_stem(Path::new(&file));
            let name = LabeledName::new(BasicColor::Purple, stem, Some(ProductType::Coats)).unwrap();
            prop_assert!(name.to_string().len() <= MAX_NAME);
        }
    }

    #[test]
    fn name_has_the_seeds_form() {
        let name = LabeledName::new(BasicColor::Red, "originalImgName", Some(ProductType::Dresses)).unwrap();
        assert_eq!(name.to_string(), "red_originalImgName_1.jpg");
        assert_eq!(
            name.with_type(None).with_color(BasicColor::Grey).to_string(),
            "grey_originalImgName_0.jpg"
        );
    }

    #[test]
    fn names_of_another_form_are_refused() {
        for text in [
            "",
            "red.jpg",
            "red_1.jpg",
            "teal_a_1.jpg",
            "red_a_13.jpg",
            "red_a_01.jpg",
            "red_a_1.png",
            "Red_a_1.jpg",
            "gray_a_1.jpg",
        ] {
            let error = text.parse::<LabeledName>().unwrap_err();
            assert!(
                matches!(error.kind(), ErrorKind::LabeledName { .. }),
                "{text}: {error}"
            );
        }
    }

    #[test]
    fn stem_with_a_slash_is_refused() {
        let error = LabeledName::new(BasicColor::Red, "../a", None).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::Stem { .. }), "{error}");
    }

    #[test]
    fn long_stem_is_cut_on_a_character_boundary() {
        let stem = clean_stem(Path::new(&"é".repeat(200)));
        assert_eq!(stem.len(), MAX_STEM - MAX_STEM % 2);
    }

    #[test]
    fn what_windows_takes_in_no_name_becomes_percent_codes() {
        let stem = clean_stem(Path::new("a*b?\"c\"<d>|e.jpg"));
        assert_eq!(stem, "a%2Ab%3F%22c%22%3Cd%3E%7Ce");
        // Names that others have made are read all the same.
        let name: LabeledName = "red_12:30 h_1.jpg".parse().unwrap();
        assert_eq!(name.stem(), "12:30 h");
        assert_eq!(clean_stem(Path::new("./12:30 h.jpg")), "12%3A30 h");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_no_utf8_become_percent_codes() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let file = OsStr::from_bytes(b"caf\xE9\\.jpg");
        assert_eq!(clean_stem(Path::new(file)), "caf%E9%5C");
    }
}
