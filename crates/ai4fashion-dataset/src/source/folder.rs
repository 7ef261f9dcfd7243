//! Any folder of images.

use std::path::{Path, PathBuf};

use ai4fashion_image::Limits;

use super::{
    entry::Entry, place::Place, plan::SourcePlan, source_trait::Source, type_table::TypeTable, walk::READABLE,
};
use crate::error::{Error, ErrorKind};

/// All image files in a folder and the folders below it, or in a `.zip`.
///
/// Types are unknown unless a table gives them.
///
/// ```
/// use ai4fashion_dataset::source::{Folder, Source, TypeTable};
/// use ai4fashion_dataset::ProductType;
///
/// let photos = std::env::temp_dir();
/// let types = TypeTable::new([("shirt-1", ProductType::Shirt)])?;
/// let source = Folder::open(&photos)?.with_types(types);
/// assert_eq!(source.name(), "folder");
/// # Ok::<(), ai4fashion_dataset::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Folder {
    place: Place,
    types: TypeTable,
}

impl Folder {
    /// Opens a folder or a `.zip`.
    ///
    /// # Errors
    /// If there is none at `root`.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        Ok(Self {
            place: Place::open(root.into())?,
            types: TypeTable::default(),
        })
    }

    /// Takes the types of the images from a table.
    #[must_use]
    pub fn with_types(mut self, types: TypeTable) -> Self {
        self.types = types;
        self
    }
}

impl Source for Folder {
    fn name(&self) -> &str {
        "folder"
    }

    fn root(&self) -> Option<&Path> {
        Some(self.place.root())
    }

    fn type_table(&self) -> Option<&TypeTable> {
        Some(&self.types).filter(|types| !types.is_empty())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let found = self.place.images("")?;
        if found.is_empty() {
            return Err(ErrorKind::NoImages {
                path: self.place.root().to_owned(),
                expected: READABLE,
                left_out: found.left_out.in_words(),
            }
            .into());
        }
        let mut plan = SourcePlan {
            images: found.images,
            unreadable: found.unreadable,
            unreadable_folders: found.unreadable_folders,
            left_out: found.left_out,
            ..SourcePlan::default()
        };
        self.types.apply(&mut plan);
        Ok(plan)
    }

    fn read(&self, image: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        self.place.read(image, limits)
    }
}
