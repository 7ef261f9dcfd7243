//! Who knows the type of a picture.

use serde::{Deserialize, Serialize};

/// How a picture's type is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TypeSource {
    /// From the column `articleType` of `styles.csv`.
    ArticleType,
    /// From a table that the user gave.
    Table,
    /// A person has looked at the picture: see [`Checked`](crate::Checked).
    Person,
}

impl TypeSource {
    /// The name, as in the manifest.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ArticleType => "article-type",
            Self::Table => "table",
            Self::Person => "person",
        }
    }
}
