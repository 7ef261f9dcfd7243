//! The LookBook data set (D. Yoo et al., *Pixel-Level Domain Transfer*, ECCV 2016).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use ai4fashion_image::Limits;

use super::{entry::Entry, place::Place, plan::SourcePlan, source_trait::Source, type_table::TypeTable};
use crate::error::{Error, ErrorKind};

/// Part of the names of garment-only photos.
const GARMENT_ONLY: &str = "CLEAN1";
/// Part of the names of on-model photos.
const ON_MODEL: &str = "CLEAN0";

/// The garment-only photos of a LookBook folder or `.zip`: their names contain `CLEAN1`.
///
/// On-model photos are filtered. Types are unknown unless a table gives them.
#[derive(Clone, Debug)]
pub struct LookBook {
    place: Place,
    types: TypeTable,
}

impl LookBook {
    /// Opens a LookBook folder or a `.zip` of one.
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

impl Source for LookBook {
    fn name(&self) -> &str {
        "lookbook"
    }

    fn root(&self) -> Option<&Path> {
        Some(self.place.root())
    }

    fn type_table(&self) -> Option<&TypeTable> {
        Some(&self.types).filter(|types| !types.is_empty())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let found = self.place.images("")?;
        let is_garment_only = |image: &Entry| name_contains(image, GARMENT_ONLY);
        let (mut images, others): (Vec<Entry>, Vec<Entry>) =
            found.images.into_iter().partition(is_garment_only);
        if images.is_empty() && found.unreadable_folders.is_empty() {
            return Err(ErrorKind::NoImages {
                path: self.place.root().to_owned(),
                expected: "image files with CLEAN1 in the name",
                left_out: found.left_out.in_words(),
            }
            .into());
        }
        for image in &mut images {
            image.is_apparel = Some(true);
        }
        let mut filtered = BTreeMap::new();
        if !others.is_empty() {
            filtered.insert("not-clean1".to_owned(), others.len());
        }
        let mut plan = SourcePlan {
            images,
            filtered,
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

/// Whether an image is named as in this data set.
pub(super) fn has_its_name(image: &Entry) -> bool {
    name_contains(image, GARMENT_ONLY) || name_contains(image, ON_MODEL)
}

fn name_contains(image: &Entry, part: &str) -> bool {
    let name = image.path.file_name();
    name.is_some_and(|name| name.to_string_lossy().contains(part))
}
