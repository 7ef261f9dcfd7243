//! The data set's folder: written beside its place, then renamed into it.
//!
//! Beside `NAME` there are, while an ingestion runs or after it was stopped, `.NAME.part`, which is
//! being filled, and for a moment `.NAME.old`, which is being replaced. Killed at any moment, or
//! without power, the next ingestion finds either the old data set or the new one, whole.
//!
//! 1. `.NAME.part/journal.jsonl` is made first, and synced: it says whose folder this is.
//! 2. Images go to `.NAME.part/store`, each followed by a line in the journal. They are not synced:
//!    an image that is not the one of its line is made again.
//! 3. Images get their names, tables are written, and all is synced.
//! 4. `NAME` becomes `.NAME.old`, `.NAME.part` becomes `NAME`, and the folder around them is
//!    synced: from here on the new data set is there.
//! 5. The journal goes, then `.NAME.old`.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::{TreeSync, sha256_hex, sync_folder};

use super::{
    journal::{Journal, Line},
    ownership::{
        JOURNAL, STORE, check_begun, check_dataset, check_rest, is_empty, remove_dataset, remove_work,
    },
    staging::Staging,
};
#[cfg(unix)]
use crate::dataset::transaction::ChangeFolder;
use crate::{
    dataset::{Settings, layout::MANIFEST},
    error::{Error, ErrorKind},
    source::Source,
};

/// The place of a data set, checked before anything is read.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    parent: PathBuf,
}

impl Output {
    /// Checks the place after repairing what a killed ingestion has left.
    pub(super) fn check(path: &Path, sources: &[&dyn Source]) -> Result<Self, Error> {
        let output = Self::look(path, sources)?;
        output.repair()?;
        output.check_folder()
    }

    /// Checks the place, and changes nothing.
    pub(super) fn look(path: &Path, sources: &[&dyn Source]) -> Result<Self, Error> {
        let path = std::path::absolute(path).map_err(Error::io("find", path))?;
        if path.is_symlink() && !path.exists() {
            return Err(not_a_folder(&path));
        }
        // Through links: a link to a folder stays, what it leads to is written.
        let path = resolved(&path);
        for root in sources.iter().filter_map(|source| source.root()) {
            let found = fs::canonicalize(root).map_err(Error::io("find", root))?;
            if path.starts_with(&found) || found.starts_with(&path) {
                return Err(ErrorKind::Overlap {
                    out: path,
                    source_folder: root.to_owned(),
                }
                .into());
            }
        }
        let parent = path.parent().map_or_else(|| path.clone(), Path::to_owned);
        Self { path, parent }.check_folder()
    }

    fn check_folder(self) -> Result<Self, Error> {
        if self.path.exists() && !self.path.is_dir() {
            return Err(not_a_folder(&self.path));
        }
        Ok(self)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether there is a data set, and nothing else with it.
    pub(super) fn holds_dataset(&self) -> Result<bool, Error> {
        if is_empty(&self.path)? {
            return Ok(false);
        }
        check_dataset(&self.path).map(|()| true)
    }

    /// Finishes or undoes the last steps of a killed ingestion. Other folders stay, and are an
    /// error.
    fn repair(&self) -> Result<(), Error> {
        for folder in [&self.beside("part"), &self.path] {
            Journal::check_idle(&folder.join(JOURNAL))?;
        }
        let old = self.beside("old");
        if old.exists() {
            if self.path.exists() {
                check_rest(&old)?;
                remove_dataset(&old)?;
            } else {
                check_dataset(&old)?;
                fs::rename(&old, &self.path).map_err(Error::io("put back", &old))?;
            }
        }
        if Journal::is_one(&self.path.join(JOURNAL)) {
            remove_work(&self.path)?;
        }
        Ok(())
    }

    /// The hash of the manifest, if there is one: it tells whether somebody else has changed the
    /// data set.
    pub(super) fn state(&self) -> Option<String> {
        fs::read(self.path.join(MANIFEST))
            .ok()
            .map(|manifest| sha256_hex(&manifest))
    }

    /// The store and the journal of an unfinished ingestion, which are not changed; an empty
    /// journal if it had other settings and `may_go`.
    pub(super) fn begun(&self, settings: &Settings, may_go: bool) -> Result<(PathBuf, Vec<Line>), Error> {
        let folder = self.beside("part");
        let store = folder.join(STORE);
        if is_empty(&folder)? {
            return Ok((store, Vec::new()));
        }
        check_begun(&folder)?;
        match Journal::look(&folder.join(JOURNAL), settings) {
            Err(error) if may_go && has_other_settings(&error) => Ok((store, Vec::new())),
            lines => Ok((store, lines?)),
        }
    }

    /// The folder beside the place, with the journal of an unfinished ingestion; one with other
    /// settings is refused, or if it `may_go`, removed.
    pub(super) fn staging(&self, settings: &Settings, may_go: bool) -> Result<(Staging, Vec<Line>), Error> {
        let folder = self.beside("part");
        let missing = self.parent.ancestors().take_while(|folder| !folder.exists());
        let made = missing.map(Path::to_owned).collect();
        let journal = folder.join(JOURNAL);
        if !is_empty(&folder)? {
            check_begun(&folder)?;
        }
        if may_go && journal.is_file() {
            // Not while another process writes it.
            match Journal::open(&journal, settings).map(drop) {
                Err(error) if has_other_settings(&error) => {
                    fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
                }
                result => result?,
            }
        }
        fs::create_dir_all(&folder).map_err(Error::io("create", &folder))?;
        let tree = TreeSync::begin(&folder).map_err(Error::file)?;
        // The journal comes first: it says whose folder this is.
        let (journal, lines) = Journal::open(&journal, settings)?;
        let store = folder.join(STORE);
        fs::create_dir_all(&store).map_err(Error::io("create", &store))?;
        let staging = Staging::new(folder, made, journal, tree);
        staging.take_back_names(&lines)?;
        Ok((staging, lines))
    }

    /// Puts the folder into its place, if the place has the `state` that it had at the start.
    ///
    /// The new data set is on the disk before the old one is touched, and its name is before the
    /// old one is removed.
    pub(super) fn commit(&self, staging: Staging, state: Option<&str>) -> Result<(), Error> {
        staging.sync()?;
        let (folder, journal) = staging.into_parts();
        // No corrections in this moment.
        #[cfg(unix)]
        let _no_corrections = match state {
            Some(_) => Some(ChangeFolder::new(&self.path).try_lock()?),
            None => None,
        };
        if self.state().as_deref() != state {
            return Err(ErrorKind::Changed {
                path: self.path.clone(),
                outcome: "nothing is lost, and running again resumes there",
            }
            .into());
        }
        // Locked until all is done, where a folder with an open file in it can be renamed.
        #[cfg(not(unix))]
        drop(journal);
        #[cfg(unix)]
        let _locked = journal;
        let old = self.beside("old");
        if self.path.exists() {
            fs::rename(&self.path, &old).map_err(Error::io("move away", &self.path))?;
        }
        if let Err(source) = fs::rename(&folder, &self.path) {
            // The old data set comes back.
            let _ = fs::rename(&old, &self.path);
            return Err(Error::io("put into place", &self.path)(source));
        }
        sync_folder(&self.parent).map_err(Error::file)?;
        remove_work(&self.path)?;
        if old.exists() {
            remove_dataset(&old)?;
        }
        Ok(())
    }

    /// The folder of a stopped ingestion.
    pub(super) fn unfinished(&self) -> Option<PathBuf> {
        Some(self.beside("part")).filter(|folder| folder.join(JOURNAL).is_file())
    }

    fn beside(&self, suffix: &str) -> PathBuf {
        let mut name = std::ffi::OsString::from(".");
        name.push(self.path.file_name().unwrap_or_default());
        name.push(".");
        name.push(suffix);
        self.parent.join(name)
    }
}

/// Resolves the links in the part of `path` that exists.
fn resolved(path: &Path) -> PathBuf {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Ok(found), _, _) => found,
        (Err(_), Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}

fn not_a_folder(path: &Path) -> Error {
    Error::io("write to", path)(io::ErrorKind::NotADirectory.into())
}

fn has_other_settings(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::OtherSettings {
            is_unfinished: true,
            ..
        }
    )
}
