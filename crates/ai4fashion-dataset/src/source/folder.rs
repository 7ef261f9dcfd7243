//! Any folder of pictures.

use std::path::{Path, PathBuf};

use super::{
    entry::Entry,
    place::Place,
    plan::{Source, SourcePlan},
    type_table::TypeTable,
};
use crate::{
    decode::Limits,
    error::{Error, ErrorKind},
};

/// Every picture file in a folder and the folders below it, or in a `.zip`. Types are not known unless a table gives them.
#[derive(Clone, Debug)]
pub struct Folder {
    place: Place,
    types: TypeTable,
}

impl Folder {
    /// Opens a folder, or a `.zip`.
    ///
    /// # Errors
    /// If there is none at `root`.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        Ok(Self {
            place: Place::open(root.into())?,
            types: TypeTable::default(),
        })
    }

    /// Takes the pictures' types from a table.
    #[must_use]
    pub fn with_types(mut self, types: TypeTable) -> Self {
        self.types = types;
        self
    }
}

impl Source for Folder {
    fn name(&self) -> &'static str {
        "folder"
    }

    fn root(&self) -> Option<&Path> {
        Some(self.place.root())
    }

    fn types(&self) -> Option<&TypeTable> {
        Some(&self.types).filter(|types| !types.is_empty())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut found = self.place.pictures("")?;
        if found.is_empty() {
            let what = "files ending in jpg, jpeg, jfif, png, webp, bmp or gif";
            return Err(ErrorKind::NoPictures {
                path: self.place.root().to_owned(),
                what,
            }
            .into());
        }
        let rows_without_picture = self.types.apply(&mut found.pictures);
        Ok(SourcePlan {
            pictures: found.pictures,
            unreadable: found.unreadable,
            unreadable_folders: found.unreadable_folders,
            rows_without_picture,
            ..SourcePlan::default()
        })
    }

    fn read(&self, picture: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.place.read(picture, limits)
    }
}
