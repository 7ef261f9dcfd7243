//! The twelve product types.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// What kind of garment a picture shows. The number is the one in file names, 1 to 12; a picture whose type is not
/// known has none, and 0 in its file name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "u8", try_from = "u8")]
#[repr(u8)]
pub enum ProductType {
    /// 1
    Dresses = 1,
    /// 2
    Tops,
    /// 3
    TShirts,
    /// 4
    Shirts,
    /// 5
    Blouses,
    /// 6
    Jackets,
    /// 7
    Shorts,
    /// 8
    Pants,
    /// 9
    Jeans,
    /// 10
    Skirts,
    /// 11
    Jumpsuits,
    /// 12
    Coats,
}

impl ProductType {
    /// All types, by number.
    pub const ALL: [Self; 12] = [
        Self::Dresses,
        Self::Tops,
        Self::TShirts,
        Self::Shirts,
        Self::Blouses,
        Self::Jackets,
        Self::Shorts,
        Self::Pants,
        Self::Jeans,
        Self::Skirts,
        Self::Jumpsuits,
        Self::Coats,
    ];

    /// The name, e.g. `"TShirts"`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dresses => "Dresses",
            Self::Tops => "Tops",
            Self::TShirts => "TShirts",
            Self::Shirts => "Shirts",
            Self::Blouses => "Blouses",
            Self::Jackets => "Jackets",
            Self::Shorts => "Shorts",
            Self::Pants => "Pants",
            Self::Jeans => "Jeans",
            Self::Skirts => "Skirts",
            Self::Jumpsuits => "Jumpsuits",
            Self::Coats => "Coats",
        }
    }

    /// The number, 1 to 12.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The number in file names and tables: 0 if the type is not known, or none of the twelve.
    pub(crate) fn number_of(known: Option<Self>) -> u8 {
        known.map_or(0, Self::number)
    }

    /// The type of that number.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).checked_sub(1)?).copied()
    }

    /// The type of an `articleType` of Kaggle's fashion-product-images; none for what is no garment of our twelve
    /// types (shoes, bags, watches, ...).
    #[must_use]
    pub fn from_article(article: &str) -> Option<Self> {
        Some(match article {
            "Dresses" => Self::Dresses,
            "Tops" | "Tunics" => Self::Tops,
            "Tshirts" => Self::TShirts,
            "Shirts" => Self::Shirts,
            "Jackets" | "Rain Jacket" | "Blazers" => Self::Jackets,
            "Shorts" => Self::Shorts,
            "Trousers" | "Track Pants" | "Capris" | "Leggings" | "Jeggings" => Self::Pants,
            "Jeans" => Self::Jeans,
            "Skirts" => Self::Skirts,
            "Jumpsuit" => Self::Jumpsuits,
            _ => return None,
        })
    }
}

impl fmt::Display for ProductType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Reads a name, in any case, or a number.
impl FromStr for ProductType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let by_number = text.parse().ok().and_then(Self::from_number);
        by_number
            .or_else(|| {
                Self::ALL
                    .into_iter()
                    .find(|known| text.eq_ignore_ascii_case(known.name()))
            })
            .ok_or_else(|| unknown(text))
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
    let names = ProductType::ALL.map(|known| format!("{} {known}", known.number()));
    ErrorKind::UnknownType {
        text: text.to_string(),
        legal: names.join(", "),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_one_to_twelve_in_order() {
        for (place, known) in ProductType::ALL.into_iter().enumerate() {
            assert_eq!(usize::from(known.number()), place + 1);
            assert_eq!(ProductType::from_number(known.number()), Some(known));
        }
        assert_eq!(ProductType::from_number(0), None);
        assert_eq!(ProductType::from_number(13), None);
    }

    #[test]
    fn names_and_numbers_read_back() {
        for known in ProductType::ALL {
            assert_eq!(known.name().to_lowercase().parse::<ProductType>().unwrap(), known);
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
            Some(ProductType::Jackets)
        );
        assert_eq!(ProductType::from_article("Casual Shoes"), None);
    }
}
