//! Any folder of pictures.

use std::path::{Path, PathBuf};

use super::{Source, SourcePlan, TypeTable, check_folder, walk::pictures_below};
use crate::{Error, ErrorKind};

/// Every picture file in a folder and the folders below it. Types are not known unless a table gives them.
#[derive(Clone, Debug)]
pub struct Folder {
    root: PathBuf,
    types: TypeTable,
}

impl Folder {
    /// Opens a folder.
    ///
    /// # Errors
    /// If there is none at `root`.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        check_folder(&root)?;
        Ok(Self {
            root,
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

    fn root(&self) -> &Path {
        &self.root
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let mut found = pictures_below(&self.root)?;
        if found.is_empty() {
            let what = "files ending in jpg, jpeg, jfif, png, webp, bmp or gif";
            return Err(ErrorKind::NoPictures {
                path: self.root.clone(),
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
}
