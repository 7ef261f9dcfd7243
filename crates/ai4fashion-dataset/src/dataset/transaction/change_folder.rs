//! The folder in a data set that changes are prepared in.

use std::{
    fs, io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use ai4fashion_files::{ErrorKind as FilesErrorKind, FileLock, PARTIAL, sweep_partial};
use walkdir::WalkDir;

use super::{bounds, waiting::wait};
use crate::{
    dataset::layout::{IMAGES, PLOTS, REVIEW},
    error::{Error, ErrorKind},
};

/// How long the lock is tried for: a reader holds it for a moment while it sweeps.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often it is tried.
const TICK: Duration = Duration::from_millis(10);
/// What is written in the folder before a change is decided on.
const STAGED: [&str; 2] = ["staged", "staged.undo"];

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
        self.own.join(STAGED[0])
    }

    pub(super) fn staged_undo(&self) -> PathBuf {
        self.own.join(STAGED[1])
    }

    pub(super) fn undo(&self) -> PathBuf {
        self.own.join("undo")
    }

    /// The folder that changes are prepared in.
    pub(super) fn own(&self) -> &Path {
        &self.own
    }

    /// Whether a change was interrupted after it was decided on.
    ///
    /// A change that another process is carrying out is waited for; if that process stands still,
    /// the answer is true, and [`lock`](Self::lock) says so. What a killed change has left that was
    /// not decided on is swept, if no process is correcting labels.
    pub(crate) fn is_interrupted(&self) -> bool {
        if !self.journal().is_file() {
            self.sweep();
            return false;
        }
        let mut is_there = true;
        let touched = [IMAGES, PLOTS].map(|folder| self.root.join(folder));
        let own = [self.staged(), self.undo(), self.own.clone(), self.root.clone()];
        wait(&self.root, &[&touched[..], &own[..]].concat(), || {
            is_there = self.journal().is_file();
            let held = |error: &Error| matches!(error.kind(), ErrorKind::InUse { .. });
            !is_there || !self.lock_now().is_err_and(|error| held(&error))
        });
        is_there
    }

    /// Takes the lock soon or not at all, to change labels.
    pub(crate) fn try_lock(&self) -> Result<FileLock, Error> {
        let begin = Instant::now();
        loop {
            match self.lock_now() {
                Err(error)
                    if matches!(error.kind(), ErrorKind::InUse { .. }) && begin.elapsed() < PATIENCE =>
                {
                    thread::sleep(TICK);
                }
                result => return result,
            }
        }
    }

    /// Takes the lock soon or not at all, to finish a change that [was
    /// interrupted](Self::is_interrupted).
    pub(crate) fn lock(&self) -> Result<FileLock, Error> {
        self.try_lock().map_err(|error| match error.kind() {
            ErrorKind::InUse { path, .. } => ErrorKind::InUse {
                path: path.clone(),
                activity: "correcting its labels, and does not go on",
            }
            .into(),
            _ => error,
        })
    }

    fn lock_now(&self) -> Result<FileLock, Error> {
        FileLock::try_acquire(self.lock_path()?).map_err(|error| match error.kind() {
            FilesErrorKind::Locked { .. } => ErrorKind::InUse {
                path: self.root.clone(),
                activity: "correcting its labels",
            }
            .into(),
            _ => Error::file(error),
        })
    }

    /// Throws away what a killed change has left, if no process is correcting labels. What cannot
    /// be removed is in nobody's way.
    fn sweep(&self) {
        let entries = fs::read_dir(&self.own).into_iter().flatten().flatten();
        let is_left = entries.map(|entry| entry.file_name()).any(|name| {
            let name = name.to_string_lossy();
            STAGED.contains(&&*name) || name.starts_with(PARTIAL)
        });
        if is_left
            && let Ok(_lock) = self.lock_now()
            && !self.journal().exists()
        {
            let _ = self.unstage();
        }
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

    /// Throws away staged files, and a journal that was not put into place. The caller holds the
    /// lock.
    pub(crate) fn unstage(&self) -> Result<(), Error> {
        sweep_partial(&self.own, Duration::ZERO);
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
