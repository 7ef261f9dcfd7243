//! All picture files below a folder.

use std::path::Path;

use walkdir::WalkDir;

use super::check_folder;
use crate::{Entry, Error, ErrorKind, Skip, escape};

/// What the names of picture files end in, in any case.
const EXTENSIONS: [&str; 7] = ["jpg", "jpeg", "jfif", "png", "webp", "bmp", "gif"];

/// Picture files in the order of their names, links followed, and what could not be read on the way.
pub(super) fn pictures_below(root: &Path) -> Result<(Vec<Entry>, Vec<Skip>), Error> {
    check_folder(root)?;
    let (mut pictures, mut unreadable) = (Vec::new(), Vec::new());
    for found in WalkDir::new(root)
        .min_depth(1)
        .follow_links(true)
        .sort_by_file_name()
    {
        match found {
            Ok(file) if file.file_type().is_dir() || !is_picture(file.path()) => {}
            Ok(file) => {
                let original = original(root, file.path());
                pictures.push(Entry::new(file.into_path(), original));
            }
            Err(source) => {
                let original = source.path().map(|path| original(root, path)).unwrap_or_default();
                unreadable.push(Skip::new(original, &ErrorKind::Walk { source }.into()));
            }
        }
    }
    Ok((pictures, unreadable))
}

fn is_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    EXTENSIONS
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

fn original(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = below.iter().map(escape::file_name).collect();
    parts.join("/")
}
