//! The folder that is being filled.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::{TreeSync, sha256_hex, sync_folder};

use super::{
    journal::{Journal, Line},
    ownership::{JOURNAL, STORE, remove},
    reuse::stored,
};
use crate::{dataset::layout::IMAGES, error::Error, record::Record};

/// A folder that is being filled. It stays if the ingestion is stopped.
#[derive(Debug)]
pub(super) struct Staging {
    folder: PathBuf,
    /// New folders around it, innermost first.
    made: Vec<PathBuf>,
    journal: Journal,
    tree: TreeSync,
}

impl Staging {
    pub(super) fn new(folder: PathBuf, made: Vec<PathBuf>, journal: Journal, tree: TreeSync) -> Self {
        Self {
            folder,
            made,
            journal,
            tree,
        }
    }

    /// Waits until all that was written is on the disk, and the names of the new folders around it.
    pub(super) fn sync(&self) -> Result<(), Error> {
        self.tree.finish().map_err(Error::file)?;
        let mut above = self.made.iter().filter_map(|folder| folder.parent());
        above.try_for_each(sync_folder).map_err(Error::file)
    }

    /// The folder, and its journal, which stays locked until it is dropped.
    pub(super) fn into_parts(self) -> (PathBuf, Journal) {
        (self.folder, self.journal)
    }

    pub(super) fn path(&self) -> &Path {
        &self.folder
    }

    pub(super) fn store(&self) -> PathBuf {
        self.folder.join(STORE)
    }

    pub(super) fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Moves images that have their names already back into the store, where the lines of the
    /// journal say that they are: an ingestion was stopped at its very end.
    pub(super) fn take_back_names(&self, lines: &[Line]) -> Result<(), Error> {
        let (images, store) = (self.folder.join(IMAGES), self.store());
        if !images.exists() {
            return Ok(());
        }
        let mut homes = HashMap::new();
        for line in lines {
            if let Line::Taken(record) = line {
                homes.insert(&*record.image_sha256, stored(&store, &record.source_blake3));
            }
        }
        for image in fs::read_dir(&images).map_err(Error::io("read", &images))? {
            let image = image.map_err(Error::io("read", &images))?.path();
            let bytes = fs::read(&image).map_err(Error::io("read", &image))?;
            if let Some(home) = homes.get(&*sha256_hex(&bytes)) {
                fs::rename(&image, home).map_err(Error::io("put back", &image))?;
            }
        }
        Ok(())
    }

    /// Removes the tables of an ingestion that was stopped at its very end.
    fn clear(&self) -> Result<(), Error> {
        for entry in fs::read_dir(&self.folder).map_err(Error::io("read", &self.folder))? {
            let entry = entry.map_err(Error::io("read", &self.folder))?;
            if entry.file_name() != STORE && entry.file_name() != JOURNAL {
                remove(&entry.path())?;
            }
        }
        Ok(())
    }

    /// Gives the images their names; `files` are their present places.
    pub(super) fn name_images(&self, records: &[Record], files: &[PathBuf]) -> Result<(), Error> {
        self.clear()?;
        let images = self.folder.join(IMAGES);
        fs::create_dir(&images).map_err(Error::io("create", &images))?;
        let mut moved: HashMap<&Path, PathBuf> = HashMap::new();
        for (record, file) in records.iter().zip(files) {
            let to = self.folder.join(&record.file);
            // Two names may be one to the file system.
            if to.symlink_metadata().is_ok() {
                return Err(Error::io("create", &to)(io::ErrorKind::AlreadyExists.into()));
            }
            let done = match moved.get(&**file) {
                Some(first) => link(first, &to),
                None if file.starts_with(&self.folder) => fs::rename(file, &to),
                // The old data set stays whole until the new one is.
                None => link(file, &to),
            };
            done.map_err(Error::io("write", &to))?;
            moved.entry(file).or_insert(to);
        }
        Ok(())
    }

    /// Removes the folder and the new folders around it.
    pub(super) fn discard(self) -> Result<(), Error> {
        let Self {
            folder,
            made,
            journal,
            tree: _,
        } = self;
        drop(journal);
        fs::remove_dir_all(&folder).map_err(Error::io("remove", &folder))?;
        // From the inside, up to the first that is not empty.
        let _ = made.iter().try_for_each(fs::remove_dir);
        Ok(())
    }
}

/// Gives a file a second name, or copies it where the file system has no links.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to).or_else(|_| fs::copy(from, to).map(drop))
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{jpeg, write};

    use super::*;
    use crate::{
        dataset::Dataset,
        error::ErrorKind,
        ingest::{Ingest, IngestOptions, output::Output},
        source::Folder,
    };

    #[test]
    fn image_does_not_take_the_place_of_another() {
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
            .name_images(&[record.clone(), record.clone()], &files)
            .unwrap_err();
        let ErrorKind::Io { source, .. } = error.kind() else {
            panic!("{error}")
        };
        assert_eq!(source.kind(), io::ErrorKind::AlreadyExists);
        let first = fs::read_to_string(staging.path().join(&record.file)).unwrap();
        assert_eq!(Path::new(&first), files[0]);
        assert!(files[1].is_file());
    }
}
