//! A folder of outputs: new, empty or to be replaced, and whole or unfinished.
//!
//! 1. Everything is written to `.unfinished/new` in the folder, so that what a killed command has
//!    left is known by its place. `.unfinished/lock` keeps other commands out.
//! 2. `.unfinished/names` lists what was written.
//! 3. That is moved up into the folder, and `.unfinished` is removed, the list last.
//!
//! A folder with `.unfinished`, and with nothing else than the list names, is begun anew.
//!
//! Where the output follows from the data alone, it replaces what the same option has written,
//! known by a list of hashes. The list of the new files is moved last, so that until then each
//! file is as the one list or the other says. What is not, is never touched.

use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::{ErrorKind, FileLock, write_atomic};
use anyhow::{Context as _, bail};

#[cfg(test)]
mod tests;
mod written;

use written::Written;

const UNFINISHED: &str = ".unfinished";
const NEW: &str = "new";
const NAMES: &str = "names";
const LOCK: &str = "lock";

/// What becomes of the output of an earlier command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Earlier {
    /// It is kept, and another folder must be named.
    Kept,
    /// It is replaced, if nothing in the folder has changed since.
    Replaced,
}

/// A folder that is being filled. Dropped before [`finish`](Self::finish), it is as it was before.
#[derive(Debug)]
pub(crate) struct OutputFolder {
    place: PathBuf,
    option: String,
    is_made: bool,
    earlier: Earlier,
    /// What an earlier command has written, and this one replaces.
    replaced: BTreeSet<OsString>,
    is_finished: bool,
    /// Whether files are being moved: then an error leaves the rest to the next command.
    is_moving: bool,
    /// Where there are no locks, there is none.
    lock: Option<FileLock>,
}

impl OutputFolder {
    /// Checks that `place`, which `option` names, is new or empty, or was being filled by a command
    /// that was killed, or holds what `earlier` allows to replace.
    ///
    /// # Errors
    /// If something else is in it, it is no folder, or cannot be read.
    pub(crate) fn check(place: &Path, option: &str, earlier: Earlier) -> anyhow::Result<()> {
        let name = place.display();
        let names = names(place).with_context(|| format!("cannot read the output folder `{name}`"))?;
        match (foreign(place, &names, option, earlier), earlier) {
            (None, _) => Ok(()),
            (Some(_), Earlier::Kept) => {
                bail!("output folder `{name}` is not empty; name another one with {option}")
            }
            (Some(file), Earlier::Replaced) => bail!(
                "output folder `{name}` holds `{}`, which is no unchanged output of {option}; name \
                 another one with {option}",
                file.display()
            ),
        }
    }

    /// Makes the folder if it is missing, and begins to fill it.
    ///
    /// # Errors
    /// As [`check`](Self::check), if another process is filling it, or if it cannot be written to.
    pub(crate) fn begin(place: &Path, option: &str, earlier: Earlier) -> anyhow::Result<Self> {
        let name = place.display();
        Self::check(place, option, earlier)?;
        let work = place.join(UNFINISHED);
        let is_made = !place.exists();
        fs::create_dir_all(&work).with_context(|| format!("cannot create the folder `{name}`"))?;
        let lock = match FileLock::try_acquire(work.join(LOCK)) {
            Ok(lock) => Some(lock),
            Err(error) => match error.kind() {
                ErrorKind::Locked { .. } => {
                    bail!("output folder `{name}` is in use: another process is writing to it")
                }
                ErrorKind::NoLocks { .. } => None,
                _ => return Err(error.into()),
            },
        };
        let mut folder = Self {
            place: place.to_owned(),
            option: option.to_owned(),
            is_made,
            earlier,
            replaced: BTreeSet::new(),
            is_finished: false,
            is_moving: false,
            lock,
        };
        folder
            .settle()
            .and_then(|()| folder.clear())
            .and_then(|()| fs::create_dir_all(folder.path()))
            .with_context(|| format!("cannot write to the folder `{name}`"))?;
        Ok(folder)
    }

    /// The folder to write to.
    pub(crate) fn path(&self) -> PathBuf {
        self.place.join(UNFINISHED).join(NEW)
    }

    /// Finds what is to be replaced. What a killed command has moved into the folder already is
    /// removed.
    fn settle(&mut self) -> io::Result<()> {
        if self.earlier == Earlier::Kept {
            return Ok(());
        }
        let [old, new] = lists(&self.place, &self.option);
        let found = names(&self.place)?;
        let (kept, others): (BTreeSet<_>, BTreeSet<_>) =
            found.into_iter().partition(|name| old.is_intact(name));
        self.replaced = kept;
        let mut moved = others.iter().filter(|name| new.is_intact(name));
        moved.try_for_each(|name| remove_if_there(&self.place.join(name)))
    }

    /// Puts everything into its place, and returns the path of the file `name` there.
    ///
    /// # Errors
    /// If something cannot be moved.
    pub(crate) fn finish(mut self, name: &str) -> anyhow::Result<PathBuf> {
        let work = self.place.join(UNFINISHED);
        let written = names(&self.path())?;
        let moved = match self.earlier {
            Earlier::Kept => {
                let list: Vec<_> = written.iter().map(|name| name.to_string_lossy()).collect();
                write_atomic(work.join(NAMES), list.join("\n").as_bytes())?;
                written.iter().try_for_each(|name| self.put(name))
            }
            Earlier::Replaced => {
                self.check_unchanged(&written)?;
                self.replace(&written)
            }
        };
        moved.with_context(|| format!("cannot write to the folder `{}`", self.place.display()))?;
        self.is_finished = true;
        // What is left of our work is swept by the next command.
        drop(self.lock.take());
        let _ = fs::remove_dir(self.path());
        let _ = fs::remove_file(work.join(LOCK));
        let _ = fs::remove_file(work.join(NAMES));
        let _ = fs::remove_dir(work);
        Ok(self.place.join(name))
    }

    fn put(&self, name: &OsStr) -> io::Result<()> {
        fs::rename(self.path().join(name), self.place.join(name))
    }

    /// Checks that what is to be replaced is as it was, and that nothing else is in its place.
    fn check_unchanged(&self, written: &BTreeSet<OsString>) -> anyhow::Result<()> {
        let [old, _] = lists(&self.place, &self.option);
        let is_there = |name: &&OsString| self.place.join(name).symlink_metadata().is_ok();
        let mut targets = self.replaced.union(written).filter(is_there);
        let changed = targets.find(|name| !self.replaced.contains(*name) || !old.is_intact(name));
        if let Some(name) = changed {
            bail!(
                "`{}` was changed while {} was written; nothing was replaced",
                self.place.join(name).display(),
                self.option
            );
        }
        Ok(())
    }

    /// Moves the new files into their place, and removes the others that an earlier command has
    /// written; the list of the new ones comes last.
    fn replace(&mut self, written: &BTreeSet<OsString>) -> io::Result<()> {
        Written::write(&self.path(), written, &self.option)?;
        self.is_moving = true;
        written.iter().try_for_each(|name| self.put(name))?;
        let list = Written::list(&self.option);
        let mut gone = self.replaced.difference(written).filter(|name| **name != list);
        gone.try_for_each(|name| remove_if_there(&self.place.join(name)))?;
        self.put(&list)
    }

    /// Removes what an earlier command, or this one, has written, but for the lock.
    fn clear(&self) -> io::Result<()> {
        let work = self.place.join(UNFINISHED);
        for name in listed(&work) {
            remove_if_there(&self.place.join(name))?;
        }
        let new = self.path();
        if new.exists() {
            fs::remove_dir_all(new)?;
        }
        for name in names(&work)?.into_iter().filter(|name| *name != *LOCK) {
            remove_if_there(&work.join(name))?;
        }
        Ok(())
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        if self.is_finished || self.is_moving {
            return;
        }
        let _ = self.clear();
        drop(self.lock.take());
        let work = self.place.join(UNFINISHED);
        let _ = fs::remove_file(work.join(LOCK));
        let _ = fs::remove_dir(work);
        if self.is_made {
            let _ = fs::remove_dir(&self.place);
        }
    }
}

/// The lists of the files in a folder that an option has written: of those that are there, and of
/// those that a command was moving there.
fn lists(place: &Path, option: &str) -> [Written; 2] {
    let new = place.join(UNFINISHED).join(NEW);
    [place, &new].map(|lists| Written::read(place, lists, option))
}

/// The first name in a folder that is not the work of commands, or is there to stay.
fn foreign(place: &Path, found: &BTreeSet<OsString>, option: &str, earlier: Earlier) -> Option<OsString> {
    let work = place.join(UNFINISHED);
    let listed = listed(&work);
    let lists = lists(place, option);
    let is_ours = |name: &OsString| {
        if *name == *UNFINISHED {
            return is_work(&work);
        }
        let is_replaced = earlier == Earlier::Replaced && lists.iter().any(|list| list.is_intact(name));
        listed.contains(name) || is_replaced
    };
    found.iter().find(|name| !is_ours(name)).cloned()
}

/// Whether a folder is that in which a command prepares its output.
fn is_work(work: &Path) -> bool {
    let is_ours = |name: &OsString| {
        let partial = name.to_string_lossy().starts_with(ai4fashion_files::PARTIAL);
        partial || [NEW, NAMES, LOCK].iter().any(|ours| *name == **ours)
    };
    let is_folder = work.symlink_metadata().is_ok_and(|it| it.is_dir());
    is_folder && names(work).is_ok_and(|names| names.iter().all(is_ours))
}

/// The files that a command was moving into their place.
fn listed(work: &Path) -> BTreeSet<OsString> {
    let list = fs::read_to_string(work.join(NAMES)).unwrap_or_default();
    let names = list.lines().filter(|name| !name.contains(['/', '\\']));
    names.map(OsString::from).collect()
}

fn names(folder: &Path) -> io::Result<BTreeSet<OsString>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

fn remove_if_there(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
