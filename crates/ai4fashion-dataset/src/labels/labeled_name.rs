//! File names that carry the labels: `red_originalImgName_1.jpg`.

use std::{fmt, path::Path, str::FromStr};

use ai4fashion_color::BasicColor;
use ai4fashion_files::names;

use ai4fashion_garment::ProductType;

use super::split_words;
use crate::error::Error;

/// An image's file name with its labels, `COLOR_STEM_TYPE.jpg`.
///
/// The colour ends at the first underscore and the type begins after the last one. The stem may
/// hold underscores, digits, spaces and any other character of a file name, and reading gives back
/// exactly what was written. An unknown type is written 0.
///
/// ```
/// use ai4fashion_dataset::{BasicColor, LabeledName, ProductType};
///
/// let name: LabeledName = "red_summer_dress_1.jpg".parse()?;
/// assert_eq!(name.color(), BasicColor::Red);
/// assert_eq!(name.stem(), "summer_dress");
/// assert_eq!(name.product_type(), Some(ProductType::Dress));
/// assert_eq!(name.with_color(BasicColor::Pink).to_string(), "pink_summer_dress_1.jpg");
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LabeledName {
    color: BasicColor,
    stem: String,
    product_type: Option<ProductType>,
}

impl LabeledName {
    /// The longest file name that file systems take, in bytes.
    pub const MAX_LEN: usize = 255;

    /// The longest stem that fits whatever the labels, in bytes: `purple_` and `_12.jpg` go off.
    pub const MAX_STEM_LEN: usize = Self::MAX_LEN - "purple__12.jpg".len();

    /// Joins labels and a stem.
    ///
    /// # Errors
    /// If `stem` holds `/`, `\` or a control character, or is longer than
    /// [`MAX_STEM_LEN`](Self::MAX_STEM_LEN); [`clean_stem`](Self::clean_stem) makes a legal one of
    /// any file name.
    pub fn new(
        color: BasicColor,
        stem: impl Into<String>,
        product_type: Option<ProductType>,
    ) -> Result<Self, Error> {
        let stem = stem.into();
        if stem.len() > Self::MAX_STEM_LEN || !stem.chars().all(names::is_legal) {
            let legal = format!(
                "up to {} bytes without slashes and control characters",
                Self::MAX_STEM_LEN
            );
            return Err(Error::parse("a stem of a file name", stem, legal));
        }
        Ok(Self {
            color,
            stem,
            product_type,
        })
    }

    /// Makes a legal stem of the name of a file.
    ///
    /// Bytes that are not UTF-8, control characters, backslashes and `: * ? " < > |`, which Windows
    /// forbids, become `%XX`, and so does the first letter of a word that Hugging Face's `datasets`
    /// takes for a split, such as `test`. A longer stem than [`MAX_STEM_LEN`](Self::MAX_STEM_LEN)
    /// is cut on a character boundary.
    ///
    /// ```
    /// use ai4fashion_dataset::LabeledName;
    ///
    /// assert_eq!(LabeledName::clean_stem("photos/12:30 h.jpg".as_ref()), "12%3A30 h");
    /// assert_eq!(LabeledName::clean_stem("training pants.jpg".as_ref()), "%74raining pants");
    /// ```
    #[must_use]
    pub fn clean_stem(file: &Path) -> String {
        let mut stem = names::portable_name(file.file_stem().unwrap_or_default());
        cut(&mut stem, Self::MAX_STEM_LEN);
        loop {
            stem = split_words::escape(&stem);
            if stem.len() <= Self::MAX_STEM_LEN {
                return stem;
            }
            // What is left of the last word may be another.
            cut(&mut stem, Self::MAX_STEM_LEN);
        }
    }

    /// Appends `suffix` to a stem, which is cut so that both are legal together.
    pub(crate) fn stem_with_suffix(stem: &str, suffix: &str) -> String {
        let mut stem = stem.to_owned();
        cut(&mut stem, Self::MAX_STEM_LEN - suffix.len());
        stem + suffix
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

    /// Replaces the colour.
    #[must_use]
    pub fn with_color(self, color: BasicColor) -> Self {
        Self { color, ..self }
    }

    /// Replaces the product type.
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
            let color = BasicColor::ALL
                .into_iter()
                .find(|known| known.as_str() == color)?;
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
            let legal = "COLOR_STEM_TYPE.jpg with one of the eleven colours and a type from 0 to 12";
            Error::parse("a labelled name", text, legal)
        })
    }
}

/// Cuts `text` to at most `limit` bytes, on a character boundary.
fn cut(text: &mut String, limit: usize) {
    text.truncate(text.floor_char_boundary(limit));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::error::ErrorKind;

    fn any_color() -> impl Strategy<Value = BasicColor> {
        proptest::sample::select(BasicColor::ALL.to_vec())
    }

    fn any_type() -> impl Strategy<Value = Option<ProductType>> {
        proptest::option::of(proptest::sample::select(ProductType::ALL.to_vec()))
    }

    proptest! {
        #[test]
        fn names_read_back(color in any_color(), stem in r"[^/\\\p{Cc}]{0,60}", known in any_type()) {
            let name = LabeledName::new(color, stem, known).unwrap();
            prop_assert_eq!(name.to_string().parse::<LabeledName>().unwrap(), name);
        }

        #[test]
        fn stems_of_underscores_and_digits_read_back(color in any_color(), stem in "[_0-9. ~]{0,20}", known in any_type()) {
            let name = LabeledName::new(color, stem, known).unwrap();
            prop_assert_eq!(name.to_string().parse::<LabeledName>().unwrap(), name);
        }

        #[test]
        fn reading_never_panics_and_what_is_read_writes_the_same(text in ".{0,40}") {
            if let Ok(name) = text.parse::<LabeledName>() {
                prop_assert_eq!(name.to_string(), text);
            }
        }

        #[test]
        fn every_file_name_has_a_legal_stem(file in "[^/\0]{0,300}") {
            let stem = LabeledName::clean_stem(Path::new(&file));
            let name = LabeledName::new(BasicColor::Purple, stem, Some(ProductType::Coat)).unwrap();
            prop_assert!(name.to_string().len() <= LabeledName::MAX_LEN);
        }
    }

    #[test]
    fn name_has_the_form_of_the_notebooks() {
        let name = LabeledName::new(BasicColor::Red, "originalImgName", Some(ProductType::Dress)).unwrap();
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
            assert!(matches!(error.kind(), ErrorKind::Parse { .. }), "{text}: {error}");
        }
    }

    #[test]
    fn stem_with_a_slash_is_refused() {
        let error = LabeledName::new(BasicColor::Red, "../a", None).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Parse {
                    what: "a stem of a file name",
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn long_stem_is_cut_on_a_character_boundary() {
        let stem = LabeledName::clean_stem(Path::new(&"é".repeat(200)));
        let limit = LabeledName::MAX_STEM_LEN;
        assert_eq!(stem.len(), limit - limit % 2);
    }

    #[test]
    fn characters_that_windows_forbids_become_percent_codes() {
        let stem = LabeledName::clean_stem(Path::new("a*b?\"c\"<d>|e.jpg"));
        assert_eq!(stem, "a%2Ab%3F%22c%22%3Cd%3E%7Ce");
        // Names that others have made are read all the same.
        let name: LabeledName = "red_12:30 h_1.jpg".parse().unwrap();
        assert_eq!(name.stem(), "12:30 h");
        assert_eq!(LabeledName::clean_stem(Path::new("./12:30 h.jpg")), "12%3A30 h");
    }

    #[cfg(unix)]
    #[test]
    fn bytes_that_are_not_utf8_become_percent_codes() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
        let file = OsStr::from_bytes(b"caf\xE9\\.jpg");
        assert_eq!(LabeledName::clean_stem(Path::new(file)), "caf%E9%5C");
    }
}
