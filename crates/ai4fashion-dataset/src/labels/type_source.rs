//! How a product type is known.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Where the product type of an image comes from.
///
/// ```
/// use ai4fashion_dataset::record::TypeSource;
///
/// assert_eq!("article-type".parse::<TypeSource>()?, TypeSource::ArticleType);
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TypeSource {
    /// The column `articleType` of `styles.csv`.
    ArticleType,
    /// A table that the user gave.
    Table,
    /// The classifier, where the source says nothing: a suggestion.
    Classifier,
    /// A human label: see [`Annotation`](crate::record::Annotation).
    Human,
}

impl TypeSource {
    /// All sources of a type.
    pub const ALL: [Self; 4] = [Self::ArticleType, Self::Table, Self::Classifier, Self::Human];

    /// The name, as in the manifest.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ArticleType => "article-type",
            Self::Table => "table",
            Self::Classifier => "classifier",
            Self::Human => "human",
        }
    }
}

impl fmt::Display for TypeSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for TypeSource {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|known| known.as_str() == text);
        found.ok_or_else(|| Error::parse("a source of a type", text, Self::ALL.map(Self::as_str).join(", ")))
    }
}
