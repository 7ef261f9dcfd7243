//! What a change may touch. A journal may have come with somebody else's data set, and must not make us write elsewhere.

use std::path::Path;

use super::rename::Rename;
use crate::dataset::layout::{MANIFEST, METADATA, PLOTS, SUMMARY, is_picture};
use crate::error::{Error, ErrorKind};

/// Checks that pictures stay pictures of the data set, and that no other files are changed than those that tell of them.
/// `path` is where it is written.
pub(super) fn check<'a>(
    path: &Path,
    renames: &'a [Rename],
    files: impl IntoIterator<Item = &'a String>,
) -> Result<(), Error> {
    let pictures = renames.iter().flat_map(|Rename { from, to }| [from, to]);
    let pictures = pictures.filter(|file| !is_picture(file));
    let files = files.into_iter().filter(|file| !tells_of_pictures(file));
    match pictures.chain(files).next() {
        None => Ok(()),
        Some(file) => Err(outside(path, file)),
    }
}

/// Checks the name of what takes a change back.
pub(super) fn check_entry(path: &Path, name: &str) -> Result<(), Error> {
    if is_entry(name) {
        Ok(())
    } else {
        Err(outside(path, name))
    }
}

/// Whether what takes a change back is called so: a number.
pub(super) fn is_entry(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether it is the manifest, a table that follows from it, or a chart.
fn tells_of_pictures(file: &str) -> bool {
    let chart = file.strip_prefix(PLOTS).and_then(|rest| rest.strip_prefix('/'));
    match chart {
        Some(name) => !["", ".", ".."].contains(&name) && !name.contains(['/', '\\']),
        None => [MANIFEST, METADATA, SUMMARY].contains(&file),
    }
}

fn outside(path: &Path, file: &str) -> Error {
    ErrorKind::ForeignChange {
        path: path.to_owned(),
        file: file.to_owned(),
    }
    .into()
}
