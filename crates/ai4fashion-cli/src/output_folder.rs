//! A folder of outputs: new or empty, and whole or unfinished.
//!
//! 1. Everything is written to `.unfinished/new` in the folder, so that what a killed command has
//!    left is known by its place. `.unfinished/lock` keeps other commands out.
//! 2. `.unfinished/names` lists what was written.
//! 3. That is moved up into the folder, and `.unfinished` is removed, the list last.
//!
//! A folder with `.unfinished`, and with nothing else than the list names, is begun anew. Where the
//! output follows from the data alone, so is one with nothing else than what a command has written.

use std::{
    collections::BTreeSet,
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::{ErrorKind, FileLock, write_atomic};
use anyhow::{Context as _, bail, ensure};

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
    is_made: bool,
    earlier: Earlier,
    /// What an earlier command has written, and this one replaces.
    replaced: BTreeSet<OsString>,
    is_finished: bool,
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
        ensure!(
            is_ours(place, &names, earlier),
            "output folder `{name}` is not empty; name another one with {option}"
        );
        Ok(())
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
            is_made,
            earlier,
            replaced: BTreeSet::new(),
            is_finished: false,
            lock,
        };
        folder
            .clear()
            .and_then(|()| fs::create_dir_all(folder.path()))
            .with_context(|| format!("cannot write to the folder `{name}`"))?;
        if earlier == Earlier::Replaced {
            let written = Written::read(place);
            folder.replaced = names(place)?;
            folder.replaced.retain(|name| written.is_intact(place, name));
        }
        Ok(folder)
    }

    /// The folder to write to.
    pub(crate) fn path(&self) -> PathBuf {
        self.place.join(UNFINISHED).join(NEW)
    }

    /// Puts everything into its place, and returns the path of the file `name` there.
    ///
    /// # Errors
    /// If something cannot be moved.
    pub(crate) fn finish(mut self, name: &str) -> anyhow::Result<PathBuf> {
        let work = self.place.join(UNFINISHED);
        let mut written = names(&self.path())?;
        if self.earlier == Earlier::Replaced {
            Written::write(&self.path(), &written)
                .with_context(|| format!("cannot write to the folder `{}`", self.place.display()))?;
            written = names(&self.path())?;
        }
        let list: Vec<_> = written.union(&self.replaced).map(|name| name.to_string_lossy()).collect();
        write_atomic(work.join(NAMES), list.join("\n").as_bytes())?;
        let moved = written.iter().try_for_each(|name| {
            let to = self.place.join(name);
            fs::rename(self.path().join(name), &to)
        });
        let cleared = moved.and_then(|()| {
            let mut gone = self.replaced.difference(&written);
            gone.try_for_each(|name| remove_if_there(&self.place.join(name)))
        });
        cleared.with_context(|| format!("cannot write to the folder `{}`", self.place.display()))?;
        self.is_finished = true;
        // What is left of our work is swept by the next command.
        drop(self.lock.take());
        let _ = fs::remove_dir(self.path());
        let _ = fs::remove_file(work.join(LOCK));
        let _ = fs::remove_file(work.join(NAMES));
        let _ = fs::remove_dir(work);
        Ok(self.place.join(name))
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
        if self.is_finished {
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

/// Whether all that is in a folder is the work of commands.
fn is_ours(place: &Path, found: &BTreeSet<OsString>, earlier: Earlier) -> bool {
    let work = place.join(UNFINISHED);
    let listed = listed(&work);
    let written = match earlier {
        Earlier::Kept => Written::default(),
        Earlier::Replaced => Written::read(place),
    };
    found.iter().all(|name| {
        if *name == *UNFINISHED {
            return is_work(&work);
        }
        let is_replaced = earlier == Earlier::Replaced;
        listed.contains(name) || is_replaced && written.is_intact(place, name)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn begin(place: &Path) -> OutputFolder {
        let folder = OutputFolder::begin(place, "--out", Earlier::Kept).unwrap();
        for name in ["a.png", "b.png"] {
            fs::write(folder.path().join(name), "new").unwrap();
        }
        folder
    }

    fn content(place: &Path) -> Vec<OsString> {
        names(place).unwrap().into_iter().collect()
    }

    #[test]
    fn folder_is_whole_once_it_is_finished_and_as_before_if_it_is_not() {
        let temp = tempfile::tempdir().unwrap();
        let place = temp.path().join("out");
        drop(begin(&place));
        assert!(!place.exists());
        fs::create_dir(&place).unwrap();
        drop(begin(&place));
        assert!(content(&place).is_empty());
        let first = begin(&place).finish("b.png").unwrap();
        assert_eq!(first, place.join("b.png"));
        assert_eq!(content(&place), ["a.png", "b.png"]);
        let error = OutputFolder::begin(&place, "--out", Earlier::Kept)
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with("out` is not empty; name another one with --out"),
            "{error}"
        );
    }

    #[test]
    fn killed_at_any_moment_the_same_command_goes_on() {
        let temp = tempfile::tempdir().unwrap();
        let killed = |prepare: &dyn Fn(&Path)| {
            let place = tempfile::tempdir_in(&temp).unwrap().keep();
            let work = place.join(UNFINISHED);
            fs::create_dir(&work).unwrap();
            prepare(&work);
            begin(&place).finish("a.png").unwrap();
            assert_eq!(content(&place), ["a.png", "b.png"]);
            assert_eq!(fs::read_to_string(place.join("a.png")).unwrap(), "new");
        };
        let written = |work: &Path| {
            fs::write(work.join(LOCK), "").unwrap();
            fs::create_dir(work.join(NEW)).unwrap();
            fs::write(work.join(NEW).join("old.png"), "old").unwrap();
        };
        killed(&|_| {});
        killed(&|work| written(work));
        killed(&|work| {
            written(work);
            fs::write(work.join(".partial-x"), "old").unwrap();
        });
        // Two of three are moved.
        killed(&|work| {
            written(work);
            fs::write(work.join(NAMES), "a.png\nc.png\nold.png").unwrap();
            for name in ["a.png", "c.png"] {
                fs::write(work.with_file_name(name), "old").unwrap();
            }
        });
        // All are moved.
        killed(&|work| {
            fs::write(work.join(NAMES), "a.png").unwrap();
            fs::write(work.with_file_name("a.png"), "old").unwrap();
        });
    }

    #[test]
    fn what_others_have_written_is_never_taken_for_ours() {
        let temp = tempfile::tempdir().unwrap();
        let work = temp.path().join(UNFINISHED);
        let refused = || assert!(OutputFolder::begin(temp.path(), "--out", Earlier::Kept).is_err());
        fs::create_dir(&work).unwrap();
        fs::write(temp.path().join("mine.png"), "mine").unwrap();
        refused();
        fs::write(work.join(NAMES), "other.png\n../mine.png").unwrap();
        refused();
        fs::remove_file(temp.path().join("mine.png")).unwrap();
        fs::write(work.join("mine"), "").unwrap();
        refused();
        fs::remove_dir_all(&work).unwrap();
        fs::write(&work, "a file").unwrap();
        refused();
    }

    #[test]
    fn earlier_output_is_replaced_unless_it_was_changed() {
        let temp = tempfile::tempdir().unwrap();
        let write = |names: &[&str], text: &str| {
            let folder = OutputFolder::begin(temp.path(), "--plots", Earlier::Replaced)?;
            for name in names {
                fs::write(folder.path().join(name), text)?;
            }
            folder.finish("a.svg")
        };
        let shown = || -> Vec<OsString> {
            let all = content(temp.path()).into_iter();
            all.filter(|name| !name.to_string_lossy().starts_with('.'))
                .collect()
        };
        write(&["a.svg", "b.svg"], "1").unwrap();
        // A file that somebody puts there meanwhile stays.
        let folder = OutputFolder::begin(temp.path(), "--plots", Earlier::Replaced).unwrap();
        fs::write(temp.path().join("mine.svg"), "mine").unwrap();
        folder.finish("").unwrap();
        assert_eq!(shown(), ["mine.svg"]);
        fs::remove_file(temp.path().join("mine.svg")).unwrap();
        write(&["a.svg", "c.svg"], "2").unwrap();
        assert_eq!(shown(), ["a.svg", "c.svg"]);
        // Killed before anything was moved.
        fs::create_dir_all(temp.path().join(UNFINISHED).join(NEW)).unwrap();
        write(&["a.svg"], "3").unwrap();
        assert_eq!(fs::read_to_string(temp.path().join("a.svg")).unwrap(), "3");
        assert_eq!(shown(), ["a.svg"]);
        assert!(OutputFolder::begin(temp.path(), "--out", Earlier::Kept).is_err());
        for (name, text) in [("a.svg", "edited"), ("mine.txt", "mine")] {
            let file = temp.path().join(name);
            let before = fs::read(&file).ok();
            fs::write(&file, text).unwrap();
            let error = write(&["a.svg"], "4").unwrap_err().to_string();
            assert!(
                error.ends_with("is not empty; name another one with --plots"),
                "{error}"
            );
            assert_eq!(fs::read_to_string(&file).unwrap(), text);
            match before {
                Some(before) => fs::write(file, before).unwrap(),
                None => fs::remove_file(file).unwrap(),
            }
        }
        write(&["a.svg"], "5").unwrap();
    }

    #[test]
    fn folder_that_another_process_fills_is_in_use() {
        let temp = tempfile::tempdir().unwrap();
        let place = temp.path().join("out");
        let first = begin(&place);
        let error = OutputFolder::begin(&place, "--out", Earlier::Kept)
            .unwrap_err()
            .to_string();
        assert!(
            error.ends_with("is in use: another process is writing to it"),
            "{error}"
        );
        first.finish("a.png").unwrap();
        assert_eq!(content(&place), ["a.png", "b.png"]);
    }

    #[test]
    fn file_is_no_output_folder() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("out");
        fs::write(&file, "mine").unwrap();
        assert!(OutputFolder::check(&file, "--out", Earlier::Kept).is_err());
    }
}
