//! The LookBook data set (D. Yoo et al., *Pixel-Level Domain Transfer*, ECCV 2016).

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::{Source, SourcePlan, TypeTable, check_folder, walk::pictures_below};
use crate::{Entry, Error, ErrorKind};

/// What the name of a catalogue photo contains; worn ones have `CLEAN0`.
const CATALOGUE: &str = "CLEAN1";

/// The catalogue photos of a LookBook folder: those whose name contains `CLEAN1`. Types are not known unless a table
/// gives them.
#[derive(Clone, Debug)]
pub struct LookBook {
    root: PathBuf,
    types: TypeTable,
}

impl LookBook {
    /// Opens a LookBook folder.
    ///
    /// # Errors
    /// If there is no folder at `root`.
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

impl Source for LookBook {
    fn name(&self) -> &'static str {
        "lookbook"
    }

    fn root(&self) -> &Path {
        &self.root
    }

    fn plan(&self) -> Result<SourcePlan, Error> {
        let (found, unreadable) = pictures_below(&self.root)?;
        let (mut pictures, others): (Vec<Entry>, Vec<Entry>) = found.into_iter().partition(is_catalogue);
        if pictures.is_empty() {
            let what = "picture files with CLEAN1 in the name";
            return Err(ErrorKind::NoPictures {
                path: self.root.clone(),
                what,
            }
            .into());
        }
        for picture in &mut pictures {
            picture.is_apparel = Some(true);
        }
        self.types.apply(&mut pictures);
        let left_out = BTreeMap::from_iter(
            [("not-clean1", others.len())]
                .into_iter()
                .filter(|(_, count)| *count > 0),
        );
        Ok(SourcePlan {
            pictures,
            left_out,
            unreadable,
            ..SourcePlan::default()
        })
    }
}

fn is_catalogue(picture: &Entry) -> bool {
    picture
        .path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().contains(CATALOGUE))
}
