//! Sources as they are named on the command line.

use std::path::Path;

use ai4fashion_dataset::{Error, SourceKind};
use clap::ValueEnum;

/// The kinds of source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum KindName {
    /// Kaggle's fashion-product-images-small: `images/ID.jpg` and `styles.csv`
    SmallFashion,
    /// LookBook: the pictures whose name contains CLEAN1
    #[value(name = "lookbook")]
    LookBook,
    /// Every picture in a folder and below, or in a .zip
    Folder,
    /// The pictures that a list names, a path a line
    List,
    /// Whichever of the first three the folder or .zip looks like
    Auto,
}

impl KindName {
    /// The kind of the source at `root`.
    ///
    /// # Errors
    /// If it is to be found out and `root` is neither folder nor .zip.
    pub fn of(self, root: &Path) -> Result<SourceKind, Error> {
        match self {
            Self::SmallFashion => Ok(SourceKind::SmallFashion),
            Self::LookBook => Ok(SourceKind::LookBook),
            Self::Folder => Ok(SourceKind::Folder),
            Self::List => Ok(SourceKind::List),
            Self::Auto => SourceKind::detect(root),
        }
    }

    /// The names, for messages.
    #[must_use]
    pub fn legal() -> String {
        let names = Self::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value);
        names
            .map(|name| name.get_name().to_owned())
            .collect::<Vec<_>>()
            .join(", ")
    }
}
