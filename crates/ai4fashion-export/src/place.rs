//! The folder of an export: filled in a work folder, then put into its place.
//!
//! The work folder is `.NAME.part` beside `NAME`; where `NAME` is an empty folder already, which
//! may be a mount point, it is `NAME/.export.part`.
//!
//! 1. `lock` keeps other processes out, and `export.json` says what is exported: both come first.
//! 2. `new` is filled. A shard has its name only once it is whole and on the disk, so an export
//!    that was stopped keeps the shards that it finds. With another `export.json` it begins anew.
//! 3. `new` is synced and becomes `NAME`, or what is in it is moved up, `croissant.json` last. Then
//!    the work folder is removed. `croissant.json` says what was exported, so that the same export
//!    finds that all is done.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    path::{Component, Path, PathBuf},
    time::Duration,
};

use ai4fashion_files::{FileLock, TreeSync, json, sweep_partial, sync_folder};
use serde::{Deserialize, Serialize};

use crate::{
    croissant,
    error::{Error, ErrorKind},
    work_folder::{
        INSIDE, LOCK, NEW, STATE, beside, check_ours, lock, remove_if_there, remove_strays, sweep,
        sweep_folders,
    },
};

/// What is exported: equal for exports that write the same bytes.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct State {
    fingerprint: String,
}

/// Where an export shall lie.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    work: PathBuf,
    is_inside: bool,
}

/// A place that is being filled.
#[derive(Debug)]
pub(crate) struct Claim {
    place: Place,
    tree: TreeSync,
    /// Where there are no locks, there is none.
    lock: Option<FileLock>,
}

/// What was found at a place.
#[derive(Debug)]
pub(crate) enum Found {
    /// It can be filled.
    Free(Claim),
    /// What shall be exported is there.
    Finished,
}

impl Place {
    /// Checks that an export of the data set in the folder `dataset` may lie at `path`; nothing is
    /// written.
    pub(crate) fn find(path: &Path, dataset: &Path) -> Result<Self, Error> {
        let path = resolved(path)?;
        let dataset = dataset.canonicalize().map_err(Error::read(dataset))?;
        if path.starts_with(&dataset) || dataset.starts_with(&path) {
            return Err(ErrorKind::Overlap { out: path, dataset }.into());
        }
        let is_inside = path.is_dir();
        let is_place = path.file_name().is_some() && (is_inside || path.symlink_metadata().is_err());
        if !is_place {
            return Err(ErrorKind::NotAFolder { path }.into());
        }
        let is_literal = path.components().all(|part| match part {
            Component::Normal(name) => name.to_str().is_some_and(is_literal),
            _ => true,
        });
        if !is_literal {
            return Err(ErrorKind::Name { path }.into());
        }
        let work = match is_inside {
            true => path.join(INSIDE),
            false => beside(&path),
        };
        let place = Self {
            path,
            work,
            is_inside,
        };
        check_ours(&place.work)?;
        if !place.others()?.is_empty() && !place.is_begun() && place.exported().is_none() {
            return Err(ErrorKind::NotEmpty { path: place.path }.into());
        }
        Ok(place)
    }

    /// The folder of the export.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The folder's name, as it stands in the data card.
    pub(crate) fn name(&self) -> String {
        let name = self.path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Takes the place for the export that `fingerprint` tells, whose files and folders right below
    /// it are `names`.
    pub(crate) fn claim(self, fingerprint: &str, names: &BTreeSet<String>) -> Result<Found, Error> {
        if self.exported().as_deref() == Some(fingerprint) {
            sweep(&self.work);
            sweep(&beside(&self.path));
            return Ok(Found::Finished);
        }
        let lock = lock(&self.work, &self.path)?;
        sweep_partial(&self.work, Duration::ZERO);
        let new = self.work.join(NEW);
        let state = State {
            fingerprint: fingerprint.to_owned(),
        };
        let others = self.others()?;
        if json::read::<State>(self.work.join(STATE)).is_ok_and(|found| found == state) {
            fs::create_dir_all(&new).map_err(Error::io(&new))?;
            remove_strays(&new, names)?;
            self.take_back(&others, names)?;
        } else if others.is_empty() {
            remove_if_there(&new)?;
            json::write(self.work.join(STATE), &state)?;
            fs::create_dir_all(&new).map_err(Error::io(&new))?;
        } else {
            return Err(ErrorKind::NotEmpty { path: self.path }.into());
        }
        sweep_folders(&new)?;
        let tree = TreeSync::begin(&new)?;
        let place = self;
        Ok(Found::Free(Claim { place, tree, lock }))
    }

    /// What an export that is there was of.
    fn exported(&self) -> Option<String> {
        croissant::fingerprint(&self.path)
    }

    /// Whether an export to this place was stopped.
    fn is_begun(&self) -> bool {
        self.work.join(STATE).is_file()
    }

    /// The names in the folder beside our own.
    fn others(&self) -> Result<Vec<OsString>, Error> {
        let entries = match fs::read_dir(&self.path) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Error::read(&self.path)(error)),
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(Error::read(&self.path))?.file_name();
            if name != INSIDE {
                names.push(name);
            }
        }
        Ok(names)
    }

    /// Moves what a killed export has moved up already back into the work folder.
    fn take_back(&self, others: &[OsString], names: &BTreeSet<String>) -> Result<(), Error> {
        let is_ours = |name: &OsString| name.to_str().is_some_and(|name| names.contains(name));
        if !self.is_inside && !others.is_empty() || !others.iter().all(is_ours) {
            return Err(ErrorKind::NotEmpty {
                path: self.path.clone(),
            }
            .into());
        }
        for name in others {
            let to = self.work.join(NEW).join(name);
            fs::rename(self.path.join(name), &to).map_err(Error::io(&to))?;
        }
        Ok(())
    }
}

impl Claim {
    /// The folder to write to.
    pub(crate) fn folder(&self) -> PathBuf {
        self.place.work.join(NEW)
    }

    /// Puts the folder into its place.
    pub(crate) fn finish(self) -> Result<(), Error> {
        let Self { place, tree, lock } = self;
        let Place {
            path,
            work,
            is_inside,
        } = place;
        tree.finish()?;
        let new = work.join(NEW);
        if is_inside {
            move_up(&new, &path)?;
            sync_folder(&path)?;
        } else {
            fs::rename(&new, &path).map_err(Error::io(&path))?;
            sync_folder(path.parent().unwrap_or(&path))?;
        }
        // What is left is swept by the next export to this place. The lock goes last.
        for name in [STATE, LOCK] {
            let _ = fs::remove_file(work.join(name));
        }
        drop(lock);
        let _ = fs::remove_dir(&work);
        Ok(())
    }
}

/// Moves everything in `new` to `path`, what says that all is there last, and removes `new`.
fn move_up(new: &Path, path: &Path) -> Result<(), Error> {
    let mut names = Vec::new();
    for entry in fs::read_dir(new).map_err(Error::read(new))? {
        names.push(entry.map_err(Error::read(new))?.file_name());
    }
    names.sort_by_key(|name| *name == croissant::FILE);
    for name in names {
        let to = path.join(&name);
        fs::rename(new.join(&name), &to).map_err(Error::io(&to))?;
    }
    fs::remove_dir(new).map_err(Error::io(new))
}

/// The place itself, through links: a link to a folder stays, what it leads to is written.
fn resolved(path: &Path) -> Result<PathBuf, Error> {
    let path = std::path::absolute(path).map_err(Error::read(path))?;
    // The part that is there, and below it what is not.
    let mut there = path.clone();
    let mut missing = Vec::new();
    while there.symlink_metadata().is_err()
        && let (Some(name), Some(parent)) = (there.file_name(), there.parent())
    {
        missing.push(name.to_owned());
        there = parent.to_owned();
    }
    // A link that leads nowhere stays what it is.
    let there = there.canonicalize().unwrap_or(there);
    Ok(missing.iter().rev().fold(there, |path, name| path.join(name)))
}

/// Whether loaders take a folder's name for what it is.
fn is_literal(name: &str) -> bool {
    let is_pattern = |it: char| it.is_control() || "*?[]{}".contains(it);
    !name.contains(is_pattern) && !name.contains("::") && !name.starts_with('~')
}
