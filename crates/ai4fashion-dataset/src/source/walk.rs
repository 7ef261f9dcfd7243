//! All image files below a folder.

use std::{io, path::Path};

use ai4fashion_files::names;
use walkdir::WalkDir;

use super::entry::Entry;
use crate::{
    error::{Error, ErrorKind, RejectReason},
    record::Rejected,
};

/// Extensions of image files, in any case. Formats of the second row cannot be read: such files are
/// rejected, so that they are counted and named.
const EXTENSIONS: [&str; 13] = [
    "jpg", "jpeg", "jfif", "png", "webp", "bmp", "gif", //
    "heic", "heif", "avif", "tif", "tiff", "jxl",
];
/// The files that can be read, for messages.
pub(super) const READABLE: &str = "files ending in jpg, jpeg, jfif, png, webp, bmp or gif";

/// The image files below a folder.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Image files in the order of their names, links followed.
    pub(super) images: Vec<Entry>,
    /// Image files that cannot be read, such as links that lead nowhere.
    pub(super) unreadable: Vec<Rejected>,
    /// Folders that cannot be read, and links that lead to a folder above them.
    pub(super) unreadable_folders: Vec<Rejected>,
}

impl Found {
    /// Whether nothing was found, and nothing is unreadable.
    pub(super) fn is_empty(&self) -> bool {
        self.images.is_empty() && self.unreadable.is_empty() && self.unreadable_folders.is_empty()
    }
}

/// Lists the image files below `root`; it is an error if `root` itself cannot be read.
pub(super) fn images_below(root: &Path) -> Result<Found, Error> {
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
                    || !is_image(file.path())
                    || is_from_a_mac(file.path().strip_prefix(root).unwrap_or(file.path())) => {}
            Ok(file) => {
                let source_path = source_path(root, file.path());
                all.images.push(Entry::new(file.into_path(), source_path));
            }
            Err(source) => {
                let path = source.path().unwrap_or(root).to_owned();
                let ancestor = source.loop_ancestor().map(Path::to_owned);
                let (is_folder, is_root) = (path.is_dir(), source.depth() == 0);
                let error = match (ancestor, source.into_io_error()) {
                    (Some(ancestor), _) => link_loop(&path, &ancestor),
                    (None, Some(error)) => Error::io("read", &path)(error),
                    (None, None) => continue,
                };
                if is_root {
                    return Err(error);
                }
                let rejected = Rejected::new(source_path(root, &path), &error);
                if is_folder {
                    all.unreadable_folders.push(rejected);
                } else if is_image(&path) {
                    all.unreadable.push(rejected);
                }
            }
        }
    }
    Ok(all)
}

/// Whether a file has the name of an image.
pub(super) fn is_image(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    EXTENSIONS
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
}

/// Whether a file is one that a Mac puts beside each file in archives and on foreign disks: it is
/// not an image, whatever its name.
pub(super) fn is_from_a_mac(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default();
    path.starts_with("__MACOSX") || name.as_encoded_bytes().starts_with(b"._")
}

fn source_path(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<String> = below.iter().map(names::file_name).collect();
    parts.join("/")
}

fn link_loop(link: &Path, ancestor: &Path) -> Error {
    let message = format!("link `{}` leads back to `{}`", link.display(), ancestor.display());
    Error::rejected(RejectReason::Unreadable, message)
}

/// Refuses a path that is not a folder.
pub(super) fn check_folder(root: &Path) -> Result<(), Error> {
    if root.is_dir() {
        Ok(())
    } else if root.exists() {
        Err(Error::io("read", root)(io::ErrorKind::NotADirectory.into()))
    } else {
        let (what, path) = ("folder", root.to_owned());
        Err(ErrorKind::Missing { what, path }.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Permissions do not bind root, as in a container: a folder that is gone cannot be read
    /// either.
    #[test]
    fn unreadable_folder_is_not_an_empty_one() {
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
    fn folder_with_only_a_link_back_is_reported() {
        let temp = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink(temp.path(), temp.path().join("back")).unwrap();
        let found = walked(temp.path()).unwrap();
        assert!(!found.is_empty() && found.unreadable_folders.len() == 1);
    }
}
