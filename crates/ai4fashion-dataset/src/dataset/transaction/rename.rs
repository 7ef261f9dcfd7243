//! Files and folders that are moved once, however often a change is carried out.

use std::{fs, io, path::Path};

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// The old and the new file of an image, both below the data set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rename {
    pub(super) from: String,
    pub(super) to: String,
}

/// Moves a file or folder, unless an earlier attempt did so.
pub(super) fn move_once(from: &Path, to: &Path) -> Result<(), Error> {
    match fs::rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && to.exists() => Ok(()),
        moved => moved.map_err(Error::io("rename", from)),
    }
}

/// Renames an image, and never over another one.
pub(super) fn move_image(from: &Path, to: &Path) -> Result<(), Error> {
    // A file system without atomic renames may have both names of one image after a power cut.
    let is_another = || Some(fs::read(from).ok()? != fs::read(to).ok()?);
    if from != to && from.exists() && to.symlink_metadata().is_ok() && is_another().unwrap_or(true) {
        return Err(Error::not_a_dataset(
            to,
            format!("a change of labels would put `{}` in its place", from.display()),
        ));
    }
    move_once(from, to)
}

/// Puts a staged file into its place.
pub(super) fn place_file(staged: &Path, place: &Path) -> Result<(), Error> {
    match staged.symlink_metadata() {
        Ok(metadata) if !metadata.is_file() => Err(Error::not_a_dataset(staged, "it is not a file")),
        _ => move_once(staged, place),
    }
}
