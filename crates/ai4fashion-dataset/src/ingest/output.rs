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
    journal::{Journal, Line},
    known::stored,
    ours::{
        JOURNAL, STORE, check_begun, check_ours, check_remains, is_empty, remove, remove_dataset,
        remove_remains,
    },
};
use crate::{
    dataset::{
        Settings,
        layout::{IMAGES, MANIFEST},
        transaction,
    },
    error::{Error, ErrorKind},
    files::sha256,
    record::Record,
    source::Source,
};

/// Where a data set is to be, found free, or ours, before anything is read.
#[derive(Debug)]
pub(super) struct Output {
    path: PathBuf,
    parent: PathBuf,
}

impl Output {
    /// Mends first what an ingestion has left that was killed.
    pub(super) fn check(path: &Path, sources: &[&dyn Source]) -> Result<Self, Error> {
        let output = Self::look(path, sources)?;
        output.mend()?;
        output.check_folder()
    }

    /// Changes nothing.
    pub(super) fn look(path: &Path, sources: &[&dyn Source]) -> Result<Self, Error> {
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
        Self { path, parent }.check_folder()
    }

    fn check_folder(self) -> Result<Self, Error> {
        if self.path.exists() && !self.path.is_dir() {
            return Err(ErrorKind::NotAFolder { path: self.path }.into());
        }
        Ok(self)
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

    /// Finishes, or takes back, what an ingestion was doing when it was killed at its very end. What is not ours stays, and
    /// ends it.
    fn mend(&self) -> Result<(), Error> {
        for folder in [&self.beside("part"), &self.path] {
            Journal::check_idle(&folder.join(JOURNAL))?;
        }
        let old = self.beside("old");
        if old.exists() {
            if self.path.exists() {
                check_remains(&old)?;
                remove_dataset(&old)?;
            } else {
                check_ours(&old)?;
                fs::rename(&old, &self.path).map_err(Error::io("put back", &old))?;
            }
        }
        if Journal::is_ours(&self.path.join(JOURNAL)) {
            remove_remains(&self.path)?;
        }
        Ok(())
    }

    /// What tells whether somebody else has changed what is there: its manifest's hash, if there is one.
    pub(super) fn state(&self) -> Option<String> {
        fs::read(self.path.join(MANIFEST))
            .ok()
            .map(|manifest| sha256(&manifest))
    }

    /// What an ingestion before has left beside the place, which is not touched; nothing if it had other settings and
    /// `may_go`.
    pub(super) fn begun(&self, settings: &Settings, may_go: bool) -> Result<(PathBuf, Vec<Line>), Error> {
        let folder = self.beside("part");
        let store = folder.join(STORE);
        if is_empty(&folder)? {
            return Ok((store, Vec::new()));
        }
        check_begun(&folder)?;
        match Journal::look(&folder.join(JOURNAL), settings) {
            Err(error) if may_go && matches!(error.kind(), ErrorKind::BegunOtherwise { .. }) => {
                Ok((store, Vec::new()))
            }
            lines => Ok((store, lines?)),
        }
    }

    /// The folder beside the place, with what an ingestion before has left there; if that had other settings it is refused,
    /// or if it `may_go`, removed.
    pub(super) fn staging(&self, settings: &Settings, may_go: bool) -> Result<(Staging, Vec<Line>), Error> {
        let folder = self.beside("part");
        let missing = self.parent.ancestors().take_while(|folder| !folder.exists());
        let made = missing.map(Path::to_owned).collect();
        let journal = folder.join(JOURNAL);
        if !is_empty(&folder)? {
            check_begun(&folder)?;
        }
        if may_go && journal.is_file() {
            // Not under the feet of another process.
            match Journal::open(&journal, settings).map(drop) {
                Err(error) if matches!(error.kind(), ErrorKind::BegunOtherwise { .. }) => {
                    fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
                }
                result => result?,
            }
        }
        let store = folder.join(STORE);
        fs::create_dir_all(&store).map_err(Error::io("create", &store))?;
        let (journal, lines) = Journal::open(&journal, settings)?;
        let staging = Staging {
            folder,
            made,
            journal,
        };
        staging.take_back(&lines)?;
        Ok((staging, lines))
    }

    /// Puts the folder into its place, if that is in the `state` that it was found in.
    pub(super) fn commit(&self, staging: Staging, state: Option<&str>) -> Result<(), Error> {
        let Staging { folder, journal, .. } = staging;
        // Against corrections in this moment.
        #[cfg(unix)]
        let _no_corrections = match state {
            Some(_) => Some(transaction::Folder::of(&self.path).try_lock()?),
            None => None,
        };
        if self.state().as_deref() != state {
            return Err(ErrorKind::ChangedMeanwhile {
                path: self.path.clone(),
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
            // Back with what was there.
            let _ = fs::rename(&old, &self.path);
            return Err(Error::io("put into place", &self.path)(source));
        }
        remove_remains(&self.path)?;
        if old.exists() {
            remove_dataset(&old)?;
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

    /// Puts pictures that have got their names already, because an ingestion was stopped at its very end, back to where a
    /// journal's lines say that they are.
    fn take_back(&self, lines: &[Line]) -> Result<(), Error> {
        let (images, store) = (self.folder.join(IMAGES), self.store());
        if !images.exists() {
            return Ok(());
        }
        let mut homes = HashMap::new();
        for line in lines {
            if let Line::Taken(record) = line {
                homes.insert(&*record.image_sha256, stored(&store, &record.sha256));
            }
        }
        for picture in fs::read_dir(&images).map_err(Error::io("read", &images))? {
            let picture = picture.map_err(Error::io("read", &images))?.path();
            let bytes = fs::read(&picture).map_err(Error::io("read", &picture))?;
            if let Some(home) = homes.get(&*sha256(&bytes)) {
                fs::rename(&picture, home).map_err(Error::io("put back", &picture))?;
            }
        }
        Ok(())
    }

    /// Removes what an ingestion that was stopped at its very end has written beside the pictures.
    fn clear(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.folder).map_err(Error::io("read", &self.folder))? {
            let entry = entry.map_err(Error::io("read", &self.folder))?;
            if entry.file_name() != STORE && entry.file_name() != JOURNAL {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Gives the pictures their names; `files` are where they are.
    pub(super) fn name_pictures(&self, records: &[Record], files: &[PathBuf]) -> Result<(), Error> {
        self.clear()?;
        let images = self.folder.join(IMAGES);
        fs::create_dir(&images).map_err(Error::io("create", &images))?;
        let mut moved: HashMap<&Path, PathBuf> = HashMap::new();
        for (record, file) in records.iter().zip(files) {
            let to = self.folder.join(&record.file);
            // Two names may be one to the file system.
            if to.symlink_metadata().is_ok() {
                return Err(ErrorKind::FileExists { path: to }.into());
            }
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

/// `path` with the links of that part of it that exists resolved.
fn resolved(path: &Path) -> PathBuf {
    match (fs::canonicalize(path), path.parent(), path.file_name()) {
        (Ok(found), _, _) => found,
        (Err(_), Some(parent), Some(name)) => resolved(parent).join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{jpeg, write};

    use super::*;
    use crate::{
        dataset::Dataset,
        ingest::{Ingest, options::IngestOptions},
        source::Folder,
    };

    #[test]
    fn picture_does_not_take_the_place_of_another() {
        let temp = tempfile::tempdir().unwrap();
        let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
        write(photos.join("a.jpg"), jpeg(20, 20));
        let options = IngestOptions::default();
        let source = Folder::open(&photos).unwrap();
        Ingest::new(options.clone())
            .unwrap()
            .run(&[&source], &out, &())
            .unwrap();
        let record = Dataset::open(&out).unwrap().records()[0].clone();
        let output = Output::check(&temp.path().join("other"), &[]).unwrap();
        let (staging, _) = output.staging(&options.settings(), false).unwrap();
        let files = ["a", "b"].map(|name| staging.store().join(name));
        for file in &files {
            write(file, file.to_str().unwrap());
        }
        let error = staging
            .name_pictures(&[record.clone(), record.clone()], &files)
            .unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::FileExists { .. }), "{error}");
        let first = fs::read_to_string(staging.path().join(&record.file)).unwrap();
        assert_eq!(Path::new(&first), files[0]);
        assert!(files[1].is_file());
    }
}
