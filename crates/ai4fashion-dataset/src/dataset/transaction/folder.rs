//! The folder in a data set that changes are prepared in, and its lock.

use std::{
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
};

use walkdir::WalkDir;

use super::bounds;
use crate::error::{Error, ErrorKind};

/// Its name in the data set.
pub(crate) const FOLDER: &str = "review";

/// A data set's folder, seen as what changes are made to.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// The data set.
    pub(super) root: PathBuf,
    own: PathBuf,
}

/// Keeps other processes out until it is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Folder {
    pub(crate) fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            own: root.join(FOLDER),
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

    /// Locks it, at once or not at all.
    pub(crate) fn try_lock(&self) -> Result<Lock, Error> {
        let (path, file) = self.lock_file()?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(ErrorKind::Locked {
                path: self.root.clone(),
            }
            .into()),
            Err(TryLockError::Error(source)) => Err(Error::io("lock", &path)(source)),
        }
    }

    /// Locks it as soon as nobody else has it.
    pub(crate) fn lock(&self) -> Result<Lock, Error> {
        let (path, file) = self.lock_file()?;
        file.lock().map_err(Error::io("lock", &path))?;
        Ok(Lock { _file: file })
    }

    fn lock_file(&self) -> Result<(PathBuf, File), Error> {
        fs::create_dir_all(&self.own).map_err(Error::io("create", &self.own))?;
        let path = self.own.join("lock");
        let file = File::options().create(true).append(true).open(&path);
        let file = file.map_err(Error::io("write", &path))?;
        Ok((path, file))
    }

    /// An empty folder for the files that take the place of others; each goes to the same place below the data set.
    pub(crate) fn stage(&self) -> Result<PathBuf, Error> {
        self.unstage()?;
        for path in [self.staged(), self.staged_undo()] {
            fs::create_dir_all(&path).map_err(Error::io("create", &path))?;
        }
        Ok(self.staged())
    }

    /// Throws away what was prepared.
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

    /// The files that are staged, by their places below the data set.
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

    /// What can be taken back, oldest first.
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

    /// The name of the next one.
    pub(super) fn next_entry(&self) -> Result<String, Error> {
        let last = self.entries()?.pop();
        let number: u64 = last.and_then(|name| name.parse().ok()).unwrap_or(0);
        Ok(format!("{:06}", number + 1))
    }
}

/// Makes sure that a folder's entries, or a file's bytes, outlive a loss of power.
pub(super) fn sync(path: &Path) -> Result<(), Error> {
    // Windows opens no folders, and needs no sync of them.
    if cfg!(windows) && path.is_dir() {
        return Ok(());
    }
    let file = File::open(path).map_err(Error::io("open", path))?;
    file.sync_all().map_err(Error::io("write", path))
}

/// The same for all below a folder.
pub(super) fn sync_all(folder: &Path) -> Result<(), Error> {
    for entry in WalkDir::new(folder) {
        let entry = entry.map_err(|error| Error::io("read", folder)(error.into()))?;
        sync(entry.path())?;
    }
    Ok(())
}
