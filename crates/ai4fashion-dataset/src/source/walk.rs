//! All picture files below a folder.

use std::path::Path;

use walkdir::WalkDir;

use super::entry::Entry;
use crate::{
    error::{Error, ErrorKind},
    escape,
    record::Skip,
};

/// What the names of picture files end in, in any case. The second row cannot be read: those are skipped, named and
/// counted like damaged ones.
const EXTENSIONS: [&str; 13] = [
    "jpg", "jpeg", "jfif", "png", "webp", "bmp", "gif", //
    "heic", "heif", "avif", "tif", "tiff", "jxl",
];

/// What lies below a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Picture files in the order of their names, links followed.
    pub(super) pictures: Vec<Entry>,
    /// Picture files that cannot be read, e.g. links that lead nowhere.
    pub(super) unreadable: Vec<Skip>,
    /// Folders that cannot be read, and links that lead back to where they are.
    pub(super) unreadable_folders: Vec<Skip>,
}

impl Found {
    /// Whether there is nothing to be told of it.
    pub(super) fn is_empty(&self) -> bool {
        self.pictures.is_empty() && self.unreadable.is_empty() && self.unreadable_folders.is_empty()
    }
}

/// What lies below `root`; that `root` itself cannot be read is an error.
pub(super) fn pictures_below(root: &Path) -> Result<Found, Error> {
    check_folder(root)?;
    walked(root)
}

fn walked(root: &Path) -> Result<Found, Error> {
    let mut all = Found::default();
    for found in WalkDir::new(root)
        .min_depth(1)
        .follow_links(true)
        .sort_by_file_name()
    {
        match found {
            Ok(file)
                if file.file_type().is_dir()
                    || !is_picture(file.path())
                    || is_apples(file.path().strip_prefix(root).unwrap_or(file.path())) => {}
            Ok(file) => {
                let original = original(root, file.path());
                all.pictures.push(Entry::new(file.into_path(), original));
            }
            Err(source) => {
                let path = source.path().unwrap_or(root).to_owned();
                let ancestor = source.loop_ancestor().map(Path::to_owned);
                let (is_folder, is_root) = (path.is_dir(), source.depth() == 0);
                let error = match (ancestor, source.into_io_error()) {
                    (Some(ancestor), _) => ErrorKind::LinkLoop {
                        path: path.clone(),
                        ancestor,
                    }
                    .into(),
                    (None, Some(error)) => Error::io("read", &path)(error),
                    (None, None) => continue,
                };
                if is_root {
                    return Err(error);
                }
                let skip = Skip::new(original(root, &path), &error);
                if is_folder {
                    all.unreadable_folders.push(skip);
                } else if is_picture(&path) {
                    all.unreadable.push(skip);
                }
            }
        }
    }
    Ok(all)
}

/// Whether a file's name is that of a picture.
pub(super) fn is_picture(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    EXTENSIONS
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// What a Mac puts beside each file into archives, and on disks of others: no picture, whatever its name.
pub(super) fn is_apples(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    path.starts_with("__MACOSX") || name.as_encoded_bytes().starts_with(b"._")
}

fn original(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = below.iter().map(escape::file_name).collect();
    parts.join("/")
}

/// Whether there is a folder at `root`.
pub(super) fn check_folder(root: &Path) -> Result<(), Error> {
    if root.is_dir() {
        Ok(())
    } else if root.exists() {
        Err(ErrorKind::NotAFolder {
            path: root.to_owned(),
        }
        .into())
    } else {
        Err(ErrorKind::Missing {
            what: "folder",
            path: root.to_owned(),
        }
        .into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Permissions do not bind who may do everything, e.g. in a container: a folder that has gone cannot be read either.
    #[test]
    fn folder_that_cannot_be_read_is_no_empty_one() {
        let temp = tempfile::tempdir().unwrap();
        assert!(walked(temp.path()).unwrap().is_empty());
        let gone = temp.path().join("gone");
        let error = walked(&gone).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Io { path, .. } if *path == gone),
            "{error}"
        );
    }

    #[cfg(unix)]
    #[test]
    fn folder_of_nothing_but_a_link_back_is_told_of() {
        let temp = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(temp.path(), temp.path().join("back")).unwrap();
        let found = walked(temp.path()).unwrap();
        assert!(!found.is_empty() && found.unreadable_folders.len() == 1);
    }
}
