//! The data set's folder: written beside its place, then renamed into it.
//!
//! Beside `NAME` there are, while an ingestion runs or after it was stopped, `.NAME.part`, which is being filled, and for
//! a moment `.NAME.old`, which is being replaced. Killed at any moment, the next ingestion finds either the old data set
//! or the new one, whole.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    Settings,
    journal::{Journal, Line},
};
use crate::{Error, ErrorKind, Record, Source, dataset, record::IMAGES, transaction};

/// Where pictures wait for their names.
pub(super) const STORE: &str = "store";
/// What has been done so far.
const JOURNAL: &str = "journal.jsonl";

/// Where a data set is to be, found free, or ours, before anything is read.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    parent: PathBuf,
}

impl Output {
    pub(super) fn check(path: &Path, sources: &[&dyn Source]) -> Result<Self, Error> {
        let path = std::path::absolute(path).map_err(Error::io("find", path))?;
        if path.is_symlink() && !path.exists() {
            return Err(ErrorKind::NotAFolder { path }.into());
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
        let output = Self { path, parent };
        output.mend()?;
        if output.path.exists() && !output.path.is_dir() {
            return Err(ErrorKind::NotAFolder { path: output.path }.into());
        }
        Ok(output)
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether a data set is there, and nothing else is with it.
    pub(super) fn holds_dataset(&self) -> Result<bool, Error> {
        if is_empty(&self.path)? {
            return Ok(false);
        }
        check_ours(&self.path).map(|()| true)
    }

    /// Finishes, or takes back, what an ingestion was doing when it was killed at its very end.
    fn mend(&self) -> Result<(), Error> {
        for folder in [&self.beside("part"), &self.path] {
            Journal::check_idle(&folder.join(JOURNAL))?;
        }
        let old = self.beside("old");
        if old.exists() {
            if self.path.exists() {
                fs::remove_dir_all(&old).map_err(Error::io("remove", &old))?;
            } else {
                fs::rename(&old, &self.path).map_err(Error::io("put back", &old))?;
            }
        }
        if self.path.join(dataset::MANIFEST).is_file() {
            remove_remains(&self.path)?;
        }
        Ok(())
    }

    /// The folder beside the place, with what an ingestion before has left there.
    pub(super) fn staging(&self, settings: &Settings, afresh: bool) -> Result<(Staging, Vec<Line>), Error> {
        let folder = self.beside("part");
        let missing = self.parent.ancestors().take_while(|folder| !folder.exists());
        let made = missing.map(Path::to_owned).collect();
        let journal = folder.join(JOURNAL);
        if afresh && journal.is_file() {
            // Not under the feet of another process.
            match Journal::open(&journal, settings).map(drop) {
                Err(error) if !matches!(error.kind(), ErrorKind::SettingsChanged { .. }) => {
                    return Err(error);
                }
                _ => fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?,
            }
        }
        if !journal.is_file() && !is_empty(&folder)? {
            return Err(ErrorKind::NotOurs {
                path: folder,
                found: format!("`{JOURNAL}` is missing"),
            }
            .into());
        }
        let store = folder.join(STORE);
        fs::create_dir_all(&store).map_err(Error::io("create", &store))?;
        let (journal, lines) = Journal::open(&journal, settings)?;
        Ok((
            Staging {
                folder,
                made,
                journal,
            },
            lines,
        ))
    }

    /// Puts the folder into its place.
    pub(super) fn commit(&self, staging: Staging) -> Result<(), Error> {
        let Staging { folder, journal, .. } = staging;
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
            // Back with what was there.
            let _ = fs::rename(&old, &self.path);
            return Err(Error::io("put into place", &self.path)(source));
        }
        remove_remains(&self.path)?;
        if old.exists() {
            fs::remove_dir_all(&old).map_err(Error::io("remove", &old))?;
        }
        Ok(())
    }

    /// Where an ingestion that was stopped has left its work.
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

/// A folder that is being filled. It stays if the ingestion is stopped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// Folders around it that were not there before, innermost first.
    made: Vec<PathBuf>,
    journal: Journal,
}

impl Staging {
    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    pub(super) fn store(&self) -> PathBuf {
        self.folder.join(STORE)
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Gives the pictures their names; `files` are where they are.
    pub(super) fn name_pictures(&self, records: &[Record], files: &[PathBuf]) -> Result<(), Error> {
        let images = self.folder.join(IMAGES);
        if images.exists() {
            fs::remove_dir_all(&images).map_err(Error::io("remove", &images))?;
        }
        fs::create_dir(&images).map_err(Error::io("create", &images))?;
        let mut moved: HashMap<&Path, PathBuf> = HashMap::new();
        for (record, file) in records.iter().zip(files) {
            let to = self.folder.join(&record.file);
            let done = match moved.get(&**file) {
                Some(first) => link(first, &to),
                None if file.starts_with(&self.folder) => fs::rename(file, &to),
                // Of the data set that is there, which stays whole until the new one is.
                None => link(file, &to),
            };
            done.map_err(Error::io("write", &to))?;
            moved.entry(file).or_insert(to);
        }
        Ok(())
    }

    /// Leaves nothing behind.
    pub(super) fn discard(self) -> Result<(), Error> {
        let Self {
            folder,
            made,
            journal,
        } = self;
        drop(journal);
        fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
        // Those that are empty; one that is not ends it.
        let _ = made.iter().try_for_each(fs::remove_dir);
        Ok(())
    }
}

/// The same file under another name, or where the file system cannot do that, a copy.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

fn is_empty(path: &Path) -> Result<bool, Error> {
    match fs::read_dir(path) {
        Ok(mut content) => Ok(content.next().is_none()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(Error::io("read", path)(error)),
    }
}

/// What a data set has no use for.
fn remove_remains(path: &Path) -> Result<(), Error> {
    let (journal, store) = (path.join(JOURNAL), path.join(STORE));
    if store.exists() {
        fs::remove_dir_all(&store).map_err(Error::io("remove", &store))?;
    }
    if journal.exists() {
        fs::remove_file(&journal).map_err(Error::io("remove", &journal))?;
    }
    Ok(())
}

/// What a data set's folder may hold.
const CONTENT: [&str; 10] = [
    IMAGES,
    dataset::MANIFEST,
    dataset::METADATA,
    dataset::SKIPPED,
    dataset::LEFT_OUT,
    dataset::SUMMARY,
    dataset::PLOTS,
    dataset::CACHE,
    dataset::REVIEW_PAGE,
    transaction::FOLDER,
];

/// Only what an ingestion has written is ever replaced.
fn check_ours(path: &Path) -> Result<(), Error> {
    let not_ours = |found: String| {
        Error::from(ErrorKind::NotOurs {
            path: path.to_owned(),
            found,
        })
    };
    for needed in [dataset::MANIFEST, dataset::SUMMARY] {
        if !path.join(needed).is_file() {
            return Err(not_ours(format!("`{needed}` is missing")));
        }
    }
    for entry in fs::read_dir(path).map_err(Error::io("read", path))? {
        let name = entry.map_err(Error::io("read", path))?.file_name();
        if !CONTENT.iter().any(|known| name == *known) {
            return Err(not_ours(format!("`{}` is something else", name.display())));
        }
    }
    Ok(())
}

/// `path` with the links of that part of it that exists resolved.
fn resolved(path: &Path) -> PathBuf {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Ok(found), _, _) => found,
        (Err(_), Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}
