//! The folder in a data set that changes are prepared in.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use ai4fashion_files::{ErrorKind as FilesErrorKind, FileLock};
use walkdir::WalkDir;

use super::bounds;
use crate::{
    dataset::layout::REVIEW,
    error::{Error, ErrorKind},
};

/// A data set's folder, as the place of changes.
#[derive(Clone, Debug)]
pub(crate) struct ChangeFolder {
    /// The data set.
    pub(super) root: PathBuf,
    own: PathBuf,
}

impl ChangeFolder {
    pub(crate) fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            own: root.join(REVIEW),
        }
    }

    pub(super) fn journal(&self) -> PathBuf {
        self.own.join("journal.json")
    }

    pub(super) fn staged(&self) -> PathBuf {
        self.own.join("staged")
    }

    pub(super) fn staged_undo(&self) -> PathBuf {
        self.own.join("staged.undo")
    }

    pub(super) fn undo(&self) -> PathBuf {
        self.own.join("undo")
    }

    /// Whether a change was interrupted after it was decided on.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.journal().is_file()
    }

    /// Takes the lock at once or not at all.
    pub(crate) fn try_lock(&self) -> Result<FileLock, Error> {
        FileLock::try_acquire(self.lock_path()?).map_err(|error| match error.kind() {
            FilesErrorKind::Locked { .. } => ErrorKind::InUse {
                path: self.root.clone(),
                activity: "correcting its labels",
            }
            .into(),
            _ => Error::file(error),
        })
    }

    /// Waits for the lock.
    pub(crate) fn lock(&self) -> Result<FileLock, Error> {
        FileLock::acquire(self.lock_path()?).map_err(Error::file)
    }

    fn lock_path(&self) -> Result<PathBuf, Error> {
        fs::create_dir_all(&self.own).map_err(Error::io("create", &self.own))?;
        Ok(self.own.join("lock"))
    }

    /// Prepares an empty folder for new files; each goes to the same path below the data set.
    pub(crate) fn stage(&self) -> Result<PathBuf, Error> {
        self.unstage()?;
        for path in [self.staged(), self.staged_undo()] {
            fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        }
        Ok(self.staged())
    }

    /// Throws away staged files.
    pub(super) fn unstage(&self) -> Result<(), Error> {
        for path in [self.staged(), self.staged_undo()] {
            if let Err(error) = fs::remove_dir_all(&path)
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(Error::io("remove", &path)(error));
            }
        }
        Ok(())
    }

    /// The staged files, by their paths below the data set.
    pub(super) fn staged_files(&self) -> Result<Vec<String>, Error> {
        let staged = self.staged();
        let mut files = Vec::new();
        for entry in WalkDir::new(&staged).sort_by_file_name() {
            let entry = entry.map_err(|error| Error::io("read", &staged)(error.into()))?;
            let file = entry.path().strip_prefix(&staged).ok().and_then(Path::to_str);
            if let (true, Some(file)) = (entry.file_type().is_file(), file) {
                files.push(file.replace(std::path::MAIN_SEPARATOR, "/"));
            }
        }
        Ok(files)
    }

    /// The changes that can be undone, oldest first.
    pub(crate) fn entries(&self) -> Result<Vec<String>, Error> {
        let undo = self.undo();
        let entries = match fs::read_dir(&undo) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("read", &undo))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(Error::io("read", &undo))?.file_name();
            names.extend(
                name.to_str()
                    .filter(|name| bounds::is_entry(name))
                    .map(str::to_owned),
            );
        }
        names.sort_unstable();
        Ok(names)
    }

    /// The name of the next entry of the undo list.
    pub(super) fn next_entry(&self) -> Result<String, Error> {
        let last = self.entries()?.pop();
        let number: u64 = last.and_then(|name| name.parse().ok()).unwrap_or(0);
        Ok(format!("{:06}", number + 1))
    }
}

/// Syncs a file, or the entries of a folder, to the disk.
pub(super) fn sync(path: &Path) -> Result<(), Error> {
    // Windows opens no folders, and needs no sync of them.
    if cfg!(windows) && path.is_dir() {
        return Ok(());
    }
    let file = File::open(path).map_err(Error::io("open", path))?;
    file.sync_all().map_err(Error::io("write", path))
}

/// Syncs everything below a folder.
pub(super) fn sync_all(folder: &Path) -> Result<(), Error> {
    for entry in WalkDir::new(folder) {
        let entry = entry.map_err(|error| Error::io("read", folder)(error.into()))?;
        sync(entry.path())?;
    }
    Ok(())
}
