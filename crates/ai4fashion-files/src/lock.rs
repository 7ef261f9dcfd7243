//! Locks that keep other processes out.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use crate::error::{Error, ErrorKind};

/// Keeps other processes out until it is dropped.
///
/// The system releases it when the process ends, in whatever way. The file stays.
///
/// ```
/// use ai4fashion_files::{ErrorKind, FileLock};
///
/// let path = std::env::temp_dir().join(format!("lock-{}", std::process::id()));
/// let lock = FileLock::try_acquire(&path)?;
/// let error = FileLock::try_acquire(&path).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Locked { .. }));
/// drop(lock);
/// assert!(FileLock::try_acquire(&path).is_ok());
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), ai4fashion_files::Error>(())
/// ```
#[derive(Debug)]
pub struct FileLock {
    _file: File,
}

impl FileLock {
    /// Takes the lock of a file at once or not at all; the file is created if it is missing.
    ///
    /// # Errors
    /// [`ErrorKind::Locked`] if another process holds it, [`ErrorKind::NoLocks`] on a file system
    /// without locks, or if the file cannot be created.
    pub fn try_acquire(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = open(path)?;
        try_lock(&file, path)?;
        Ok(Self { _file: file })
    }

    /// Waits for the lock of a file; the file is created if it is missing.
    ///
    /// # Errors
    /// [`ErrorKind::NoLocks`] on a file system without locks, or if the file cannot be created.
    pub fn acquire(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let file = open(path)?;
        file.lock().map_err(|source| ErrorKind::NoLocks {
            path: path.to_owned(),
            source,
        })?;
        Ok(Self { _file: file })
    }
}

/// Locks an open file, at once or not at all, for as long as it stays open; `path` is for messages.
///
/// # Errors
/// [`ErrorKind::Locked`] if another process holds it, [`ErrorKind::NoLocks`] on a file system
/// without locks.
pub fn try_lock(file: &File, path: &Path) -> Result<(), Error> {
    let path = path.to_owned();
    file.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => ErrorKind::Locked { path }.into(),
        TryLockError::Error(source) => ErrorKind::NoLocks { path, source }.into(),
    })
}

fn open(path: &Path) -> Result<File, Error> {
    let file = File::options().create(true).append(true).open(path);
    file.map_err(Error::io("write", path))
}
