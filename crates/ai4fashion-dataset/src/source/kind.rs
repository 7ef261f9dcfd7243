//! Kinds of source by name.

use std::{fmt, path::Path, str::FromStr};

use super::{
    folder::Folder,
    list::FileList,
    lookbook::{self, LookBook},
    place::Place,
    small_fashion::{self, SmallFashion},
    source_trait::Source,
    type_table::TypeTable,
};
use crate::error::Error;

/// The kinds of source.
///
/// ```
/// use ai4fashion_dataset::source::SourceKind;
///
/// assert_eq!("small-fashion".parse::<SourceKind>()?, SourceKind::SmallFashion);
/// assert!(SourceKind::Folder.takes_types());
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceKind {
    /// The layout of Kaggle's fashion-product-images-small: see [`SmallFashion`].
    SmallFashion,
    /// The layout of LookBook: see [`LookBook`].
    LookBook,
    /// Any folder of images, or a `.zip`: see [`Folder`].
    Folder,
    /// A list of image files: see [`FileList`].
    List,
}

impl SourceKind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::SmallFashion, Self::LookBook, Self::Folder, Self::List];

    /// The name, as [`Source::name`] of such a source.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SmallFashion => "small-fashion",
            Self::LookBook => "lookbook",
            Self::Folder => "folder",
            Self::List => "list",
        }
    }

    /// Guesses the kind of a folder or `.zip`.
    ///
    /// 1. With a `styles.csv` it is [`SmallFashion`].
    /// 2. If the names of most images contain `CLEAN0` or `CLEAN1` it is [`LookBook`].
    /// 3. Otherwise it is [`Folder`].
    ///
    /// # Errors
    /// If `root` is neither a folder nor a `.zip`.
    pub fn detect(root: impl AsRef<Path>) -> Result<Self, Error> {
        let place = Place::open(root.as_ref().to_owned())?;
        if place
            .clone()
            .at(small_fashion::TABLE)
            .has_file(small_fashion::TABLE)
        {
            return Ok(Self::SmallFashion);
        }
        let images = place.images("")?.images;
        let named = images
            .iter()
            .filter(|image| lookbook::has_its_name(image))
            .count();
        Ok(if 2 * named > images.len() {
            Self::LookBook
        } else {
            Self::Folder
        })
    }

    /// Whether a source of this kind takes its types from a [`TypeTable`].
    #[must_use]
    pub fn takes_types(self) -> bool {
        !matches!(self, Self::SmallFashion)
    }

    /// Opens a source of this kind; `types` gives the types if the source does not know them.
    ///
    /// # Errors
    /// If `root` is no such source.
    pub fn open(self, root: impl AsRef<Path>, types: &TypeTable) -> Result<Box<dyn Source>, Error> {
        let root = root.as_ref();
        Ok(match self {
            Self::SmallFashion => Box::new(SmallFashion::open(root)?),
            Self::LookBook => Box::new(LookBook::open(root)?.with_types(types.clone())),
            Self::Folder => Box::new(Folder::open(root)?.with_types(types.clone())),
            Self::List => Box::new(FileList::open(root)?.with_types(types.clone())),
        })
    }
}

impl fmt::Display for SourceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for SourceKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|kind| kind.as_str() == text);
        found.ok_or_else(|| Error::parse("a kind of source", text, Self::ALL.map(Self::as_str).join(", ")))
    }
}
