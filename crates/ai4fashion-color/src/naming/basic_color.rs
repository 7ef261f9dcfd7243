//! The eleven basic colour names.

use std::fmt;
use std::str::FromStr;

use crate::error::{Error, ErrorKind};
use crate::naming::features::Features;
use crate::naming::histogram::Histogram;
use crate::naming::model;
use crate::naming::table::{self, NAMES};

/// One of the eleven basic colour names of English.
///
/// The list is that of B. Berlin and P. Kay, *Basic Color Terms* (1969), in alphabetical order. It
/// will not grow, so the enum is exhaustive and a `match` over it is checked.
///
/// The text of a name is in lower case. Parsing ignores case and also accepts `"gray"`.
///
/// ```
/// use ai4fashion_color::BasicColor;
///
/// assert_eq!(BasicColor::Grey.to_string(), "grey");
/// assert_eq!("gray".parse::<BasicColor>()?, BasicColor::Grey);
/// assert_eq!("Blue".parse::<BasicColor>()?, BasicColor::Blue);
/// assert!("teal".parse::<BasicColor>().is_err());
/// # Ok::<(), ai4fashion_color::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BasicColor {
    /// Black.
    Black,
    /// Blue, navy included.
    Blue,
    /// Brown, beige and tan included.
    Brown,
    /// Green, olive included.
    Green,
    /// Grey.
    Grey,
    /// Orange.
    Orange,
    /// Pink, magenta included.
    Pink,
    /// Purple, lavender included.
    Purple,
    /// Red, maroon included.
    Red,
    /// White, cream included.
    White,
    /// Yellow, mustard included.
    Yellow,
}

impl BasicColor {
    /// Number of names: 11.
    pub const COUNT: usize = NAMES;

    /// All names, in the order of [`index`](Self::index).
    ///
    /// ```
    /// use ai4fashion_color::BasicColor;
    ///
    /// assert_eq!(BasicColor::ALL.len(), BasicColor::COUNT);
    /// assert_eq!(BasicColor::ALL[BasicColor::Brown.index()], BasicColor::Brown);
    /// ```
    pub const ALL: [Self; Self::COUNT] = [
        Self::Black,
        Self::Blue,
        Self::Brown,
        Self::Green,
        Self::Grey,
        Self::Orange,
        Self::Pink,
        Self::Purple,
        Self::Red,
        Self::White,
        Self::Yellow,
    ];

    /// Returns the name in lower case: `"black"` ... `"yellow"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Black => "black",
            Self::Blue => "blue",
            Self::Brown => "brown",
            Self::Green => "green",
            Self::Grey => "grey",
            Self::Orange => "orange",
            Self::Pink => "pink",
            Self::Purple => "purple",
            Self::Red => "red",
            Self::White => "white",
            Self::Yellow => "yellow",
        }
    }

    /// Returns the position in [`ALL`](Self::ALL), 0 to 10.
    #[must_use]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// Returns the name of a single colour, given as sRGB bytes.
    ///
    /// It is the name that [`ColorClassifier`](crate::ColorClassifier) gives to a garment of that
    /// colour; the first of equally likely ones. The name of a garment depends on all its colours.
    ///
    /// ```
    /// use ai4fashion_color::BasicColor;
    ///
    /// assert_eq!(BasicColor::nearest([130, 40, 160]), BasicColor::Purple);
    /// assert_eq!(BasicColor::nearest([110, 70, 30]), BasicColor::Brown);
    /// ```
    #[must_use]
    pub fn nearest(color: [u8; 3]) -> Self {
        let likely = model::probabilities(&Features::new(&Histogram::single(color)));
        Self::ALL[table::highest(&likely)]
    }

    /// Returns a typical colour of that name as sRGB bytes, for charts and legends.
    ///
    /// It is not a threshold of any kind.
    ///
    /// ```
    /// use ai4fashion_color::BasicColor;
    ///
    /// let [red, green, blue] = BasicColor::Orange.srgb();
    /// assert_eq!(format!("#{red:02x}{green:02x}{blue:02x}"), "#f0861e");
    /// ```
    #[must_use]
    pub const fn srgb(self) -> [u8; 3] {
        match self {
            Self::Black => [17, 17, 17],
            Self::Blue => [31, 87, 184],
            Self::Brown => [121, 76, 40],
            Self::Green => [46, 139, 62],
            Self::Grey => [136, 136, 136],
            Self::Orange => [240, 134, 30],
            Self::Pink => [238, 137, 178],
            Self::Purple => [118, 56, 148],
            Self::Red => [200, 28, 36],
            Self::White => [250, 250, 250],
            Self::Yellow => [245, 213, 40],
        }
    }
}

impl fmt::Display for BasicColor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for BasicColor {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if text.eq_ignore_ascii_case("gray") {
            return Ok(Self::Grey);
        }
        Self::ALL
            .into_iter()
            .find(|color| text.eq_ignore_ascii_case(color.as_str()))
            .ok_or_else(|| {
                Error::new(ErrorKind::UnknownColor {
                    name: text.to_owned(),
                    legal: Self::ALL.map(Self::as_str).join(", "),
                })
            })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for BasicColor {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for BasicColor {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_alphabetical_order() {
        assert!(BasicColor::ALL.is_sorted_by(|a, b| a.as_str() < b.as_str()));
    }

    #[test]
    fn typical_colors_have_their_name() {
        for color in BasicColor::ALL {
            assert_eq!(BasicColor::nearest(color.srgb()), color);
        }
    }

    #[test]
    fn plain_colors_have_their_name() {
        use BasicColor::*;
        for (rgb, name) in [
            ([4, 4, 4], Black),
            ([30, 80, 220], Blue),
            ([110, 70, 30], Brown),
            ([30, 160, 40], Green),
            ([128, 128, 128], Grey),
            ([250, 140, 20], Orange),
            ([250, 150, 200], Pink),
            ([130, 40, 160], Purple),
            ([220, 20, 20], Red),
            ([252, 252, 252], White),
            ([250, 230, 30], Yellow),
        ] {
            assert_eq!(BasicColor::nearest(rgb), name, "{rgb:?}");
        }
    }

    #[test]
    fn index_is_the_place_in_all() {
        for (place, color) in BasicColor::ALL.into_iter().enumerate() {
            assert_eq!(color.index(), place);
        }
    }

    #[test]
    fn every_name_reads_back() {
        for color in BasicColor::ALL {
            assert_eq!(color.to_string().parse::<BasicColor>().ok(), Some(color));
            assert_eq!(
                color.as_str().to_uppercase().parse::<BasicColor>().ok(),
                Some(color)
            );
        }
    }

    #[test]
    fn gray_is_read_as_grey() {
        assert_eq!("gray".parse::<BasicColor>().ok(), Some(BasicColor::Grey));
    }

    #[test]
    fn unknown_name_is_refused_with_the_legal_names() {
        let err = "teal".parse::<BasicColor>().unwrap_err();
        assert!(
            matches!(err.kind(), ErrorKind::UnknownColor { name, .. } if name == "teal"),
            "{err}"
        );
        let message = err.to_string();
        for color in BasicColor::ALL {
            assert!(message.contains(color.as_str()), "{message}");
        }
    }

    #[test]
    fn display_honours_the_width() {
        assert_eq!(
            format!("{:>6}|{:<6}", BasicColor::Red, BasicColor::Blue),
            "   red|blue  "
        );
    }

    #[cfg(feature = "serde")]
    #[test]
    fn serde_uses_the_lower_case_name() {
        assert_eq!(
            serde_json::to_string(&BasicColor::Grey).expect("a name"),
            "\"grey\""
        );
        let read: Vec<BasicColor> = serde_json::from_str(r#"["gray", "pink"]"#).expect("two names");
        assert_eq!(read, [BasicColor::Grey, BasicColor::Pink]);
        assert!(serde_json::from_str::<BasicColor>("\"teal\"").is_err());
    }
}
