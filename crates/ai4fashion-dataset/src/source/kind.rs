//! Sources by name.

use std::path::Path;

use super::{
    folder::Folder,
    list::FileList,
    lookbook::{self, LookBook},
    place::Place,
    plan::Source,
    small_fashion::{self, SmallFashion},
    type_table::TypeTable,
};
use crate::error::Error;

/// The kinds of source that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceKind {
    /// [`SmallFashion`]
    SmallFashion,
    /// [`LookBook`]
    LookBook,
    /// [`Folder`]
    Folder,
    /// [`FileList`]
    List,
}

impl SourceKind {
    /// What a folder or `.zip` looks like: [`SmallFashion`] with a `styles.csv` in it, [`LookBook`] if the names of most
    /// pictures contain `CLEAN0` or `CLEAN1`, else [`Folder`].
    ///
    /// # Errors
    /// If it is neither.
    pub fn detect(root: impl AsRef<Path>) -> Result<Self, Error> {
        let place = Place::open(root.as_ref().to_owned())?;
        if place
            .clone()
            .at(small_fashion::TABLE)?
            .has_file(small_fashion::TABLE)?
        {
            return Ok(Self::SmallFashion);
        }
        let pictures = place.pictures("")?.pictures;
        let named = pictures
            .iter()
            .filter(|picture| lookbook::is_named_so(picture))
            .count();
        Ok(if 2 * named > pictures.len() {
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

    /// Opens a source of this kind; `types` tells product types where the source does not.
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
