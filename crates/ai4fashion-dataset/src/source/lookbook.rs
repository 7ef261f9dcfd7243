//! The LookBook data set (D. Yoo et al., *Pixel-Level Domain Transfer*, ECCV 2016).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

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

/// What the name of a catalogue photo contains.
const CATALOGUE: &str = "CLEAN1";
/// What the name of a worn one contains.
const WORN: &str = "CLEAN0";

/// The catalogue photos of a LookBook folder or `.zip`: those whose name contains `CLEAN1`. Types are not known unless a table
/// gives them.
#[derive(Clone, Debug)]
pub struct LookBook {
    place: Place,
    types: TypeTable,
}

impl LookBook {
    /// Opens a LookBook folder, or a `.zip` of one.
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

impl Source for LookBook {
    fn name(&self) -> &'static str {
        "lookbook"
    }

    fn root(&self) -> Option<&Path> {
        Some(self.place.root())
    }

    fn types(&self) -> Option<&TypeTable> {
        Some(&self.types).filter(|types| !types.is_empty())
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let found = self.place.pictures("")?;
        let (mut pictures, others): (Vec<Entry>, Vec<Entry>) =
            found.pictures.into_iter().partition(is_catalogue);
        if pictures.is_empty() && found.unreadable_folders.is_empty() {
            let what = "picture files with CLEAN1 in the name";
            return Err(ErrorKind::NoPictures {
                path: self.place.root().to_owned(),
                what,
            }
            .into());
        }
        for picture in &mut pictures {
            picture.is_apparel = Some(true);
        }
        let rows_without_picture = self.types.apply(&mut pictures);
        let left_out = BTreeMap::from_iter(
            [("not-clean1", others.len())]
                .into_iter()
                .filter(|(_, count)| *count > 0),
        );
        Ok(SourcePlan {
            pictures,
            left_out,
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

fn is_catalogue(picture: &Entry) -> bool {
    name_contains(picture, CATALOGUE)
}

/// Whether a picture has a name of this data set.
pub(super) fn is_named_so(picture: &Entry) -> bool {
    name_contains(picture, CATALOGUE) || name_contains(picture, WORN)
}

fn name_contains(picture: &Entry, part: &str) -> bool {
    let name = picture.path.file_name();
    name.is_some_and(|name| name.to_string_lossy().contains(part))
}
