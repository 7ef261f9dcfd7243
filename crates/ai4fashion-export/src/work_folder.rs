//! The work folder of an export: its name, its lock, and what is ours in it.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_files::{ErrorKind as FileErrorKind, FileLock, sweep_partial};

use crate::error::{Error, ErrorKind};

pub(crate) const LOCK: &str = "lock";
pub(crate) const STATE: &str = "export.json";
pub(crate) const NEW: &str = "new";
/// The work folder inside of a folder that is there already.
pub(crate) const INSIDE: &str = ".export.part";

/// The work folder beside a folder that is not there yet.
pub(crate) fn beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

/// Takes the lock of a work folder, for an export to `path`.
pub(crate) fn lock(work: &Path, path: &Path) -> Result<Option<FileLock>, Error> {
    loop {
        fs::create_dir_all(work).map_err(Error::io(work))?;
        let file = work.join(LOCK);
        match FileLock::try_acquire(&file) {
            // Else it was removed by the process that has just finished.
            Ok(lock) if file.exists() => return Ok(Some(lock)),
            Ok(_) => {}
            Err(error) => match error.kind() {
                FileErrorKind::Locked { .. } => {
                    let path = path.to_owned();
                    return Err(ErrorKind::InUse { path }.into());
                }
                FileErrorKind::NoLocks { .. } => return Ok(None),
                _ => return Err(error.into()),
            },
        }
    }
}

/// Removes a work folder that nobody uses, if it is ours.
pub(crate) fn sweep(work: &Path) {
    if work.exists() && check_ours(work).is_ok() && lock(work, work).is_ok() {
        let _ = fs::remove_dir_all(work);
    }
}

/// Checks that a work folder, if there is one, holds nothing but ours.
pub(crate) fn check_ours(work: &Path) -> Result<(), Error> {
    let not_ours = || {
        Error::from(ErrorKind::NotOurs {
            path: work.to_owned(),
        })
    };
    match work.symlink_metadata() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Ok(found) if !found.is_dir() => return Err(not_ours()),
        found => found.map_err(Error::read(work))?,
    };
    let has_state = work.join(STATE).is_file();
    for entry in fs::read_dir(work).map_err(Error::read(work))? {
        let entry = entry.map_err(Error::read(work))?;
        let (name, kind) = (entry.file_name(), entry.file_type().map_err(Error::read(work))?);
        let is_partial = name.to_string_lossy().starts_with(ai4fashion_files::PARTIAL);
        let is_file = (is_partial || name == LOCK || name == STATE) && kind.is_file();
        let is_folder = name == NEW && has_state && kind.is_dir();
        if !(is_file || is_folder) {
            return Err(not_ours());
        }
    }
    Ok(())
}

/// Removes from a folder what is not of this export.
pub(crate) fn remove_strays(folder: &Path, names: &BTreeSet<String>) -> Result<(), Error> {
    for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
        let entry = entry.map_err(Error::read(folder))?;
        if entry
            .file_name()
            .to_str()
            .is_some_and(|name| names.contains(name))
        {
            continue;
        }
        let path = entry.path();
        let removed = match path.symlink_metadata().is_ok_and(|it| it.is_dir()) {
            true => fs::remove_dir_all(&path),
            false => fs::remove_file(&path),
        };
        removed.map_err(Error::io(&path))?;
    }
    Ok(())
}

/// Removes half-written files of a killed export from a folder and from those in it.
pub(crate) fn sweep_folders(folder: &Path) -> Result<(), Error> {
    sweep_partial(folder, Duration::ZERO);
    for entry in fs::read_dir(folder).map_err(Error::read(folder))? {
        let path = entry.map_err(Error::read(folder))?.path();
        if path.is_dir() {
            sweep_partial(&path, Duration::ZERO);
        }
    }
    Ok(())
}

pub(crate) fn remove_if_there(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(folder)(error)),
        _ => Ok(()),
    }
}
