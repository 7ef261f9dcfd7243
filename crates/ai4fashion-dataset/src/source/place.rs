//! Where a source's files are: in a folder or in an archive.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    archive::Archive,
    entry::Entry,
    walk::{Found, check_folder, pictures_below},
};
use crate::{
    decode::{Limits, read_file},
    error::{Error, ErrorKind},
};

/// How large a table may be.
const MAX_TABLE: u64 = 256 << 20;

/// A folder, or a `.zip` with a folder in it.
#[derive(Clone, Debug)]
pub(super) enum Place {
    Folder(PathBuf),
    Archive {
        archive: Arc<Archive>,
        /// The folder in it, with a slash at its end unless it is the whole.
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

    /// In an archive the folder that has a file `name`; often all is in a folder of the archive's name.
    pub(super) fn at(self, name: &str) -> Result<Self, Error> {
        Ok(match self {
            Self::Archive { archive, folder } => {
                let found = archive.folder_of(name)?;
                Self::Archive {
                    archive,
                    folder: found.unwrap_or(folder),
                }
            }
            folder => folder,
        })
    }

    pub(super) fn root(&self) -> &Path {
        match self {
            Self::Folder(root) => root,
            Self::Archive { archive, .. } => archive.path(),
        }
    }

    /// What is called `name`, for messages.
    pub(super) fn path_of(&self, name: &str) -> PathBuf {
        match self {
            Self::Folder(root) => root.join(name),
            Self::Archive { archive, folder } => archive.path().join(folder).join(name),
        }
    }

    pub(super) fn has_file(&self, name: &str) -> Result<bool, Error> {
        match self {
            Self::Folder(root) => Ok(root.join(name).is_file()),
            Self::Archive { archive, folder } => {
                Ok(archive.folder_of(name)?.is_some_and(|found| found == *folder))
            }
        }
    }

    /// The pictures below the folder `below`, which ends with a slash, or is empty for all.
    pub(super) fn pictures(&self, below: &str) -> Result<Found, Error> {
        match self {
            Self::Folder(root) => pictures_below(&root.join(below)),
            Self::Archive { archive, folder } => archive.pictures(&format!("{folder}{below}")),
        }
    }

    /// The bytes of a table.
    pub(super) fn table(&self, name: &str) -> Result<Vec<u8>, Error> {
        match self {
            Self::Folder(root) => {
                let path = root.join(name);
                fs::read(&path).map_err(Error::io("read", &path))
            }
            Self::Archive { archive, folder } => archive.read(
                &format!("{folder}{name}"),
                &Limits::default().with_max_bytes(MAX_TABLE),
            ),
        }
    }

    /// The bytes of a picture.
    pub(super) fn read(&self, picture: &Entry, limits: &Limits) -> Result<Vec<u8>, Error> {
        match self {
            Self::Folder(_) => read_file(&picture.path, limits),
            Self::Archive { archive, .. } => match archive.name_of(picture) {
                Some(name) => archive.read(&name, limits),
                None => Err(ErrorKind::NotAFile.into()),
            },
        }
    }
}

/// Whether a path is that of a `.zip`.
pub(super) fn is_archive(path: &Path) -> bool {
    path.is_file()
        && path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("zip"))
}
