//! The twelve product types.

use std::{fmt, str::FromStr};

use crate::error::{Error, ErrorKind};

/// What kind of garment an image shows.
///
/// The number is the one in file names, 1 to 12. An image of an unknown type has `None`, and 0 in
/// its file name. There are twelve types in every data set of this format, so the enum is
/// exhaustive.
///
/// ```
/// use ai4fashion_garment::ProductType;
///
/// assert_eq!("jeans".parse::<ProductType>()?, ProductType::Jeans);
/// assert_eq!("1".parse::<ProductType>()?, ProductType::Dress);
/// assert_eq!(ProductType::Dress.to_string(), "Dresses");
/// # Ok::<(), ai4fashion_garment::Error>(())
/// ```
///
/// With the feature `serde` it is written and read as its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(into = "u8", try_from = "u8")
)]
#[repr(u8)]
pub enum ProductType {
    /// 1, `Dresses`
    Dress = 1,
    /// 2, `Tops`
    Top,
    /// 3, `TShirts`
    TShirt,
    /// 4, `Shirts`
    Shirt,
    /// 5, `Blouses`
    Blouse,
    /// 6, `Jackets`
    Jacket,
    /// 7, `Shorts`
    Shorts,
    /// 8, `Pants`
    Pants,
    /// 9, `Jeans`
    Jeans,
    /// 10, `Skirts`
    Skirt,
    /// 11, `Jumpsuits`
    Jumpsuit,
    /// 12, `Coats`
    Coat,
}

impl ProductType {
    /// Number of types.
    pub const COUNT: usize = 12;

    /// All types, by number.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Dress,
        Self::Top,
        Self::TShirt,
        Self::Shirt,
        Self::Blouse,
        Self::Jacket,
        Self::Shorts,
        Self::Pants,
        Self::Jeans,
        Self::Skirt,
        Self::Jumpsuit,
        Self::Coat,
    ];

    /// The name, such as `"TShirts"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dress => "Dresses",
            Self::Top => "Tops",
            Self::TShirt => "TShirts",
            Self::Shirt => "Shirts",
            Self::Blouse => "Blouses",
            Self::Jacket => "Jackets",
            Self::Shorts => "Shorts",
            Self::Pants => "Pants",
            Self::Jeans => "Jeans",
            Self::Skirt => "Skirts",
            Self::Jumpsuit => "Jumpsuits",
            Self::Coat => "Coats",
        }
    }

    /// The number, 1 to 12.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The number in file names and tables: 0 if the type is unknown.
    ///
    /// ```
    /// use ai4fashion_garment::ProductType;
    ///
    /// assert_eq!(ProductType::number_of(Some(ProductType::Coat)), 12);
    /// assert_eq!(ProductType::number_of(None), 0);
    /// ```
    #[must_use]
    pub fn number_of(known: Option<Self>) -> u8 {
        known.map_or(0, Self::number)
    }

    /// The name of a type, or `none` where it is not known or none of the twelve.
    ///
    /// ```
    /// use ai4fashion_garment::ProductType;
    ///
    /// assert_eq!(ProductType::name_of(Some(ProductType::Coat)), "Coats");
    /// assert_eq!(ProductType::name_of(None), "none");
    /// ```
    #[must_use]
    pub fn name_of(known: Option<Self>) -> &'static str {
        known.map_or("none", Self::as_str)
    }

    /// The type with a number from 1 to 12.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// Parses a name or a number, where `none` and 0 are none of the twelve.
    ///
    /// # Errors
    /// If it is neither; the error lists what is.
    ///
    /// ```
    /// use ai4fashion_garment::ProductType;
    ///
    /// assert_eq!(ProductType::parse_or_none("Coats")?, Some(ProductType::Coat));
    /// assert_eq!(ProductType::parse_or_none("none")?, None);
    /// assert!(ProductType::parse_or_none("13").is_err());
    /// # Ok::<(), ai4fashion_garment::Error>(())
    /// ```
    pub fn parse_or_none(text: &str) -> Result<Option<Self>, Error> {
        if text == "0" || is_same_word(text, "none") {
            return Ok(None);
        }
        let known = text.parse().map(Some);
        known.map_err(|_| expected(text, std::iter::once("0 none".to_owned()).chain(numbered())))
    }

    /// The type of an `articleType` of Kaggle's fashion-product-images.
    ///
    /// Articles that are none of the twelve garments (shoes, bags, watches, ...) have no type.
    /// Case, spaces and hyphens make no difference.
    ///
    /// ```
    /// use ai4fashion_garment::ProductType;
    ///
    /// assert_eq!(ProductType::from_article("Track Pants"), Some(ProductType::Pants));
    /// assert_eq!(ProductType::from_article("T-shirts"), Some(ProductType::TShirt));
    /// assert_eq!(ProductType::from_article("Watches"), None);
    /// ```
    #[must_use]
    pub fn from_article(article: &str) -> Option<Self> {
        let mut all = ARTICLES.into_iter();
        let found = all.find(|(known, _)| is_same_word(known, article));
        found.map(|(_, known)| known)
    }
}

/// The `articleType`s of Kaggle's fashion-product-images that are one of the twelve types.
const ARTICLES: [(&str, ProductType); 17] = [
    ("Dresses", ProductType::Dress),
    ("Tops", ProductType::Top),
    ("Tunics", ProductType::Top),
    ("Tshirts", ProductType::TShirt),
    ("Shirts", ProductType::Shirt),
    ("Jackets", ProductType::Jacket),
    ("Rain Jacket", ProductType::Jacket),
    ("Blazers", ProductType::Jacket),
    ("Shorts", ProductType::Shorts),
    ("Trousers", ProductType::Pants),
    ("Track Pants", ProductType::Pants),
    ("Capris", ProductType::Pants),
    ("Leggings", ProductType::Pants),
    ("Jeggings", ProductType::Pants),
    ("Jeans", ProductType::Jeans),
    ("Skirts", ProductType::Skirt),
    ("Jumpsuit", ProductType::Jumpsuit),
];

/// Whether two words differ in nothing but case, spaces, hyphens and the like.
fn is_same_word(one: &str, other: &str) -> bool {
    letters(one).eq(letters(other))
}

fn letters(word: &str) -> impl Iterator<Item = char> {
    let letters = word.chars().filter(|letter| letter.is_alphanumeric());
    letters.flat_map(char::to_lowercase)
}

/// The letters of a word without the ending of a plural.
fn singular(word: &str) -> String {
    let word: String = letters(word).collect();
    let stem = word.strip_suffix('s').unwrap_or(&word);
    match stem.strip_suffix("sse") {
        Some(stem) => format!("{stem}ss"),
        None if stem.ends_with('s') => word,
        None => stem.to_owned(),
    }
}

impl fmt::Display for ProductType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Reads a name, in any case and with any spaces and hyphens, in the singular, too, or a number.
impl FromStr for ProductType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let by_number = text.parse().ok().and_then(Self::from_number);
        let by_name = || {
            let mut all = Self::ALL.into_iter();
            all.find(|known| singular(text) == singular(known.as_str()))
        };
        by_number.or_else(by_name).ok_or_else(|| unknown(text))
    }
}

impl From<ProductType> for u8 {
    fn from(product_type: ProductType) -> Self {
        product_type.number()
    }
}

impl TryFrom<u8> for ProductType {
    type Error = Error;

    fn try_from(number: u8) -> Result<Self, Error> {
        Self::from_number(number).ok_or_else(|| unknown(number))
    }
}

fn unknown(text: impl ToString) -> Error {
    expected(text, numbered())
}

fn numbered() -> impl Iterator<Item = String> {
    ProductType::ALL
        .into_iter()
        .map(|known| format!("{} {known}", known.number()))
}

fn expected(text: impl ToString, legal: impl Iterator<Item = String>) -> Error {
    Error::new(ErrorKind::UnknownType {
        text: text.to_string(),
        known: legal.collect::<Vec<_>>().join(", "),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn numbers_are_one_to_twelve_in_order() {
        for (index, known) in ProductType::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(known.number()), index + 1);
            assert_eq!(ProductType::from_number(known.number()), Some(known));
        }
        assert_eq!(ProductType::from_number(0), None);
        assert_eq!(ProductType::from_number(13), None);
    }

    #[test]
    fn names_and_numbers_read_back() {
        for known in ProductType::ALL {
            assert_eq!(
                known.as_str().to_lowercase().parse::<ProductType>().unwrap(),
                known
            );
            assert_eq!(known.number().to_string().parse::<ProductType>().unwrap(), known);
        }
    }

    #[test]
    fn unknown_type_is_refused_with_the_legal_ones() {
        let error = "Sarees".parse::<ProductType>().unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::UnknownType { text, .. } if text == "Sarees"),
            "{error}"
        );
        assert!(error.to_string().contains("12 Coats"), "{error}");
        assert!("0".parse::<ProductType>().is_err());
    }

    #[test]
    fn articles_without_a_type_have_none() {
        assert_eq!(
            ProductType::from_article("Rain Jacket"),
            Some(ProductType::Jacket)
        );
        assert_eq!(ProductType::from_article("Casual Shoes"), None);
        assert_eq!(ProductType::from_article(""), None);
    }

    #[test]
    fn case_spaces_and_hyphens_make_no_difference() {
        for (word, known) in [
            ("T-Shirts", ProductType::TShirt),
            ("TSHIRTS", ProductType::TShirt),
            ("track_pants", ProductType::Pants),
            ("Rain  Jacket", ProductType::Jacket),
            ("rain\u{a0}jacket ", ProductType::Jacket),
        ] {
            assert_eq!(ProductType::from_article(word), Some(known), "{word}");
        }
        for (word, known) in [
            ("t-shirts", ProductType::TShirt),
            ("T Shirt", ProductType::TShirt),
            ("dress", ProductType::Dress),
            ("skirt", ProductType::Skirt),
            ("pants", ProductType::Pants),
        ] {
            assert_eq!(word.parse::<ProductType>().unwrap(), known, "{word}");
        }
        assert!("dre".parse::<ProductType>().is_err());
    }
}
