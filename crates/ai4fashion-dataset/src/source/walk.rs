//! All image files below a folder.

use std::{io, path::Path};

use ai4fashion_files::{machine::is_of_machine, names};
use walkdir::WalkDir;

use super::{
    entry::Entry,
    leavings::{is_left_out, is_left_out_folder},
};
use crate::{
    error::{Error, ErrorKind, RejectReason},
    record::{LeftOut, Rejected},
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
    /// Image files that programs have left beside photos.
    pub(super) left_out: LeftOut,
}

impl Found {
    /// Whether nothing was found, and nothing is unreadable.
    pub(super) fn is_empty(&self) -> bool {
        self.images.is_empty() && self.unreadable.is_empty() && self.unreadable_folders.is_empty()
    }
}

/// Lists the image files in the folder `below` of `root` by their paths below `root`; it is an
/// error if that folder itself cannot be read.
pub(super) fn images_below(root: &Path, below: &str) -> Result<Found, Error> {
    let folder = root.join(below);
    check_folder(&folder)?;
    walked(root, &folder)
}

fn walked(root: &Path, folder: &Path) -> Result<Found, Error> {
    let mut all = Found::default();
    let mut walk = WalkDir::new(folder)
        .min_depth(1)
        .follow_links(true)
        .sort_by_file_name()
        .into_iter();
    while let Some(found) = walk.next() {
        match found {
            Ok(file) if file.file_type().is_dir() => {
                // A link there may lead anywhere, and only counting is to be done.
                if file.path_is_symlink() && is_left_out_folder(inside(root, file.path())) {
                    walk.skip_current_dir();
                }
            }
            Ok(file) if !is_image(file.path()) => {}
            Ok(file) => {
                let source_path = source_path(root, file.path());
                if is_left_out(inside(root, file.path())) {
                    all.left_out.add(source_path);
                } else {
                    all.images.push(Entry::new(file.into_path(), source_path));
                }
            }
            Err(source) => {
                let path = source.path().unwrap_or(folder).to_owned();
                if is_left_out_folder(inside(root, &path)) || is_left_out(inside(root, &path)) {
                    continue;
                }
                let ancestor = source.loop_ancestor().map(Path::to_owned);
                let (is_folder, is_root) = (path.is_dir(), source.depth() == 0);
                let error = match (ancestor, source.into_io_error()) {
                    (Some(ancestor), _) => link_loop(&path, &ancestor),
                    (None, Some(error)) => Error::io("read", &path)(error),
                    (None, None) => continue,
                };
                if is_root || is_of_machine(&error) {
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

fn source_path(root: &Path, path: &Path) -> String {
    let parts: Vec<String> = inside(root, path).iter().map(names::file_name).collect();
    parts.join("/")
}

fn inside<'a>(root: &Path, path: &'a Path) -> &'a Path {
    path.strip_prefix(root).unwrap_or(path)
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
        assert!(walked(temp.path(), temp.path()).unwrap().is_empty());
        let gone = temp.path().join("gone");
        let error = walked(&gone, &gone).unwrap_err();
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
        let found = walked(temp.path(), temp.path()).unwrap();
        assert!(!found.is_empty() && found.unreadable_folders.len() == 1);
    }
}
