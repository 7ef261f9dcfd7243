//! Where a source's files are: in a folder or in an archive.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use ai4fashion_image::{Limits, read_file};

use super::{
    archive::Archive,
    entry::Entry,
    walk::{Found, check_folder, images_below},
};
use crate::{error::Error, record::Rejected};

/// The most bytes of a table.
const MAX_TABLE: u64 = 256 << 20;

/// A folder, or a `.zip` with a folder in it.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Folder(PathBuf),
    Archive {
        archive: Arc<Archive>,
        /// The folder in it, with a slash at its end unless it is the whole archive.
        folder: String,
    },
}

impl Place {
    pub(super) fn open(root: PathBuf) -> Result<Self, Error> {
        if is_archive(&root) {
            return Ok(Self::Archive {
                archive: Arc::new(Archive::open(&root)?),
                folder: String::new(),
            });
        }
        check_folder(&root)?;
        Ok(Self::Folder(root))
    }

    /// Descends, in an archive, to the folder that has a file `name`: often everything is in a
    /// folder of the archive's name.
    #[must_use]
    pub(super) fn at(self, name: &str) -> Self {
        match self {
            Self::Archive { archive, folder } => {
                let folder = archive.folder_of(name).map_or(folder, str::to_owned);
                Self::Archive { archive, folder }
            }
            folder => folder,
        }
    }

    pub(super) fn root(&self) -> &Path {
        match self {
            Self::Folder(root) => root,
            Self::Archive { archive, .. } => archive.path(),
        }
    }

    /// The path of a file, for messages.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        match self {
            Self::Folder(root) => root.join(name),
            Self::Archive { archive, folder } => archive.path().join(folder).join(name),
        }
    }

    pub(super) fn has_file(&self, name: &str) -> bool {
        match self {
            Self::Folder(root) => root.join(name).is_file(),
            Self::Archive { archive, folder } => {
                archive.folder_of(name).is_some_and(|found| found == *folder)
            }
        }
    }

    /// Lists the images in the folder `below`, which ends with a slash, or is empty for all, by
    /// their paths in this place.
    pub(super) fn images(&self, below: &str) -> Result<Found, Error> {
        match self {
            Self::Folder(root) => images_below(root, below),
            Self::Archive { archive, folder } => Ok(archive.images(folder, below)),
        }
    }

    /// Files of an archive that have the name of a table and are not taken for it.
    pub(super) fn other_tables(&self, name: &str) -> Vec<Rejected> {
        match self {
            Self::Folder(_) => Vec::new(),
            Self::Archive { archive, folder } => archive
                .others(&format!("{folder}{name}"))
                .map(|problem| Rejected::new(name, &problem.into()))
                .collect(),
        }
    }

    /// Reads a table.
    pub(super) fn table(&self, name: &str) -> Result<Vec<u8>, Error> {
        match self {
            Self::Folder(root) => {
                let path = root.join(name);
                fs::read(&path).map_err(Error::io("read", &path))
            }
            Self::Archive { archive, folder } => archive.read_name(
                &format!("{folder}{name}"),
                &Limits::default().with_max_bytes(MAX_TABLE),
            ),
        }
    }

    /// Reads an image.
    pub(super) fn read(&self, image: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        match self {
            Self::Folder(_) => Ok(read_file(&image.path, limits)?),
            Self::Archive { archive, .. } => archive.read(image, limits),
        }
    }
}

/// Whether there is a `.zip` at a path.
pub(super) fn is_archive(path: &Path) -> bool {
    path.is_file()
        && path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}
