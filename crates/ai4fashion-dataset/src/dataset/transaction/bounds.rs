//! The files that a change may touch. A journal may have come with somebody else's data set, and
//! must not make us write elsewhere.

use std::{fs, path::Path};

use super::rename::Rename;
use crate::{
    dataset::layout::{MANIFEST, METADATA, SUMMARY, is_image, is_plot},
    error::Error,
};

/// Refuses renames of other files than images, and changes of other files than those that follow
/// from the labels. `path` is the file that asks for them.
pub(super) fn check<'a>(
    path: &Path,
    renames: &'a [Rename],
    files: impl IntoIterator<Item = &'a String>,
) -> Result<(), Error> {
    let images = renames.iter().flat_map(|Rename { from, to }| [from, to]);
    let images = images.filter(|file| !is_image(file));
    let files = files.into_iter().filter(|file| !follows_from_labels(file));
    match images.chain(files).next() {
        None => Ok(()),
        Some(file) => Err(outside(path, file)),
    }
}

/// Refuses to remove other files than those that a change may have made. `path` is the file that
/// asks for it.
pub(super) fn check_removed(path: &Path, files: &[String]) -> Result<(), Error> {
    let stays = |file: &&String| !is_plot(file) && **file != METADATA;
    match files.iter().find(stays) {
        None => Ok(()),
        Some(file) => Err(outside(path, file)),
    }
}

/// Refuses a staged manifest with another number of lines than the data set's: a change of labels
/// keeps all images. `path` is the file that asks for it.
pub(super) fn check_manifest(path: &Path, root: &Path, staged: &Path) -> Result<(), Error> {
    let lines = |folder: &Path| {
        let bytes = fs::read(folder.join(MANIFEST)).ok()?;
        let lines = bytes.split(|byte| *byte == b'\n');
        Some(lines.filter(|line| !line.trim_ascii().is_empty()).count())
    };
    match (lines(root), lines(staged)) {
        (Some(old), Some(new)) if old != new => Err(Error::not_a_dataset(
            path,
            format!("it puts a manifest of {new} lines in the place of one of {old}"),
        )),
        _ => Ok(()),
    }
}

/// Checks the name of an entry of the undo list.
pub(super) fn check_entry(path: &Path, name: &str) -> Result<(), Error> {
    if is_entry(name) {
        Ok(())
    } else {
        Err(outside(path, name))
    }
}

/// Whether a name is one of the undo list: a number.
pub(super) fn is_entry(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

fn follows_from_labels(file: &str) -> bool {
    is_plot(file) || [MANIFEST, METADATA, SUMMARY].contains(&file)
}

fn outside(path: &Path, file: &str) -> Error {
    let file = file.escape_debug();
    Error::not_a_dataset(
        path,
        format!("it names `{file}`, which no change of labels touches"),
    )
}
