//! The folder of an export: written beside its place, then renamed into it.
//!
//! Beside `NAME` there is, while an export runs or after it was stopped, `.NAME.part`:
//!
//! 1. `lock` keeps other processes out, and `export.json` says what is exported: both come first.
//! 2. `new` is filled. A shard has its name only once it is whole and on the disk, so an export
//!    that was stopped keeps the shards that it finds. With another `export.json` it begins anew.
//! 3. `new` is synced and becomes `NAME`; then `.NAME.part` is removed. `NAME/croissant.json` says
//!    what was exported, so that the same export finds that all is done.

use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_files::{ErrorKind as FileErrorKind, FileLock, TreeSync, json, sweep_partial, sync_folder};
use serde::{Deserialize, Serialize};

use crate::{
    croissant,
    error::{Error, ErrorKind},
};

const LOCK: &str = "lock";
const STATE: &str = "export.json";
const NEW: &str = "new";

/// What is exported: equal for exports that write the same bytes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    fingerprint: String,
}

/// The place of an export that is being filled.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    work: PathBuf,
    tree: TreeSync,
    /// Where there are no locks, there is none.
    lock: Option<FileLock>,
}

/// What was found at a place.
#[derive(Debug)]
pub(crate) enum Found {
    /// It can be filled.
    Free(Place),
    /// What shall be exported is there.
    Finished,
}

impl Place {
    /// Checks that nothing is at `path` but an empty folder, that an export of `dataset` may lie
    /// there, and takes the work folder beside it.
    pub(crate) fn begin(path: &Path, dataset: &Path, fingerprint: &str) -> Result<Found, Error> {
        let path = resolved(path)?;
        check_apart(&path, dataset)?;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let work = path.with_file_name(format!(".{name}.part"));
        let state = State {
            fingerprint: fingerprint.to_owned(),
        };
        if is_taken(&path)? {
            if croissant::fingerprint(&path).as_deref() != Some(fingerprint) {
                return Err(ErrorKind::NotEmpty { path }.into());
            }
            if check_ours(&work).is_ok() {
                remove_if_there(&work)?;
            }
            return Ok(Found::Finished);
        }
        check_ours(&work)?;
        fs::create_dir_all(&work).map_err(Error::io(&work))?;
        let lock = lock(&work, &path)?;
        sweep_partial(&work, Duration::ZERO);
        if !json::read::<State>(work.join(STATE)).is_ok_and(|found| found == state) {
            remove_if_there(&work.join(NEW))?;
            json::write(work.join(STATE), &state)?;
        }
        let new = work.join(NEW);
        fs::create_dir_all(&new).map_err(Error::io(&new))?;
        sweep(&new)?;
        let tree = TreeSync::begin(&new)?;
        Ok(Found::Free(Self {
            path,
            work,
            tree,
            lock,
        }))
    }

    /// The folder to write to.
    pub(crate) fn folder(&self) -> PathBuf {
        self.work.join(NEW)
    }

    /// Puts the folder into its place.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self {
            path,
            work,
            tree,
            lock,
        } = self;
        tree.finish()?;
        if path.exists() {
            fs::remove_dir(&path).map_err(Error::io(&path))?;
        }
        fs::rename(work.join(NEW), &path).map_err(Error::io(&path))?;
        if let Some(parent) = path.parent() {
            sync_folder(parent)?;
        }
        drop(lock);
        // What is left is swept by the next export to this place.
        let _ = fs::remove_dir_all(&work);
        Ok(())
    }
}

/// The place itself, through links: a link to a folder stays, what it leads to is written.
fn resolved(path: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(path).map_err(Error::io(path))?;
    if let Ok(found) = path.canonicalize() {
        return Ok(found);
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(path);
    };
    fs::create_dir_all(parent).map_err(Error::io(parent))?;
    Ok(parent.canonicalize().map_err(Error::io(parent))?.join(name))
}

fn check_apart(out: &Path, dataset: &Path) -> Result<(), Error> {
    let found = dataset.canonicalize().map_err(Error::io(dataset))?;
    if out.starts_with(&found) || found.starts_with(out) {
        let (out, dataset) = (out.to_owned(), found);
        return Err(ErrorKind::Overlap { out, dataset }.into());
    }
    Ok(())
}

/// Whether there is something else than an empty folder.
fn is_taken(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut entries) => Ok(entries.next().is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => Err(ErrorKind::NotAFolder {
            path: path.to_owned(),
        }
        .into()),
        Err(error) => Err(Error::io(path)(error)),
    }
}

/// Checks that a work folder, if there is one, holds nothing but ours.
fn check_ours(work: &Path) -> Result<(), Error> {
    let entries = match fs::read_dir(work) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Error::io(work)(error)),
    };
    let has_state = work.join(STATE).is_file();
    for entry in entries {
        let name = entry.map_err(Error::io(work))?.file_name();
        let is_partial = name.to_string_lossy().starts_with(ai4fashion_files::PARTIAL);
        if !(is_partial || name == LOCK || name == STATE || (name == NEW && has_state)) {
            return Err(ErrorKind::NotOurs {
                path: work.to_owned(),
            }
            .into());
        }
    }
    Ok(())
}

fn lock(work: &Path, path: &Path) -> Result<Option<FileLock>, Error> {
    match FileLock::try_acquire(work.join(LOCK)) {
        Ok(lock) => Ok(Some(lock)),
        Err(error) => match error.kind() {
            FileErrorKind::Locked { .. } => Err(ErrorKind::InUse {
                path: path.to_owned(),
            }
            .into()),
            FileErrorKind::NoLocks { .. } => Ok(None),
            _ => Err(error.into()),
        },
    }
}

/// Removes half-written files of a killed export from a folder and from those in it.
fn sweep(folder: &Path) -> Result<(), Error> {
    sweep_partial(folder, Duration::ZERO);
    for entry in fs::read_dir(folder).map_err(Error::io(folder))? {
        let path = entry.map_err(Error::io(folder))?.path();
        if path.is_dir() {
            sweep_partial(&path, Duration::ZERO);
        }
    }
    Ok(())
}

fn remove_if_there(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io(folder)(error)),
        _ => Ok(()),
    }
}
