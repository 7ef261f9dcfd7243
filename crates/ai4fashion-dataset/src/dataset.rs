//! A data set to work with.

pub(crate) mod layout;
#[cfg(feature = "parquet")]
mod parquet;
mod settings;
mod summary;
pub(crate) mod tables;
pub(crate) mod transaction;

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
};

use image::RgbImage;
use serde::de::DeserializeOwned;

pub use settings::{Dedup, Keep, Settings};
pub use summary::{SourceSummary, Summary};

use crate::{
    decode::{Decoded, Limits, decode_file, read_file},
    error::{Error, ErrorKind},
    files::sha256,
    record::{LeftOut, Record, Skip},
    stats::Distribution,
};
use layout::{LEFT_OUT, MANIFEST, SKIPPED, SUMMARY, is_picture};
use transaction::Folder;

/// A data set folder that was opened for reading.
#[derive(Clone, Debug)]
pub struct Dataset {
    root: PathBuf,
    records: Vec<Record>,
}

impl Dataset {
    /// Opens the folder that an ingestion has written. If labels were being corrected in it when a process was killed,
    /// that is finished first.
    ///
    /// # Errors
    /// If there is no manifest in it, a line of it cannot be understood, or a correction cannot be finished.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        Self::check_is_one(&root)?;
        let folder = Folder::of(&root);
        if folder.is_interrupted() {
            // Or not interrupted but under way: then it is done once the lock is ours.
            let _lock = folder.lock()?;
            transaction::finish(&folder)?;
        }
        Self::read(root)
    }

    pub(crate) fn check_is_one(root: &Path) -> Result<(), Error> {
        if !root.exists() {
            return Err(ErrorKind::Missing {
                what: "data set",
                path: root.to_owned(),
            }
            .into());
        }
        if !root.join(MANIFEST).is_file() {
            return Err(ErrorKind::NotADataset {
                path: root.to_owned(),
                missing: MANIFEST,
            }
            .into());
        }
        Ok(())
    }

    /// Reads the manifest as it is.
    pub(crate) fn read(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        let records: Vec<Record> = read_lines(&root.join(MANIFEST))?;
        records.iter().try_for_each(|record| check_inside(&record.file))?;
        Ok(Self { root, records })
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// How many pictures it has.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether it has none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// What is known of its pictures, in the order of the manifest.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Takes over records that were changed, by their places.
    pub(crate) fn replace(&mut self, changes: &[(usize, Record)]) {
        for (index, record) in changes {
            self.records[*index] = record.clone();
        }
    }

    /// The counts and settings of the ingestion.
    ///
    /// # Errors
    /// If `summary.json` cannot be read or understood.
    pub fn summary(&self) -> Result<Summary, Error> {
        let path = self.root.join(SUMMARY);
        let bytes = fs::read(&path).map_err(Error::io("read", &path))?;
        serde_json::from_slice(&bytes).map_err(|source| {
            let line = source.line();
            let source = source.into();
            ErrorKind::Json { path, line, source }.into()
        })
    }

    /// What could not be used.
    ///
    /// # Errors
    /// If `skipped.jsonl` cannot be read or understood.
    pub fn skipped(&self) -> Result<Vec<Skip>, Error> {
        read_lines(&self.root.join(SKIPPED))
    }

    /// What was left out for what it shows.
    ///
    /// # Errors
    /// If `left_out.jsonl` cannot be read or understood.
    pub fn left_out(&self) -> Result<Vec<LeftOut>, Error> {
        read_lines(&self.root.join(LEFT_OUT))
    }

    /// A hash that is another one if a picture is added, removed, changed or labelled anew, or if the pictures were made
    /// with other settings: the SHA-256 of all records and of the settings of `summary.json`, in hexadecimal.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let settings = self.summary().map(|summary| summary.settings).ok();
        let mut lines = settings
            .and_then(|settings| serde_json::to_string(&settings).ok())
            .unwrap_or_default();
        lines.push('\n');
        for record in &self.records {
            lines.push_str(&serde_json::to_string(record).unwrap_or_default());
            lines.push('\n');
        }
        sha256(lines.as_bytes())
    }

    /// The data set of those pictures alone that are `wanted`, in the same folder:
    ///
    /// ```no_run
    /// # use ai4fashion_dataset::{BasicColor, Dataset, Split};
    /// let dataset = Dataset::open("dataset")?;
    /// let red = dataset.filtered(|record| record.color == BasicColor::Red && record.split == Split::Train);
    /// for (record, picture) in red.iter() {
    ///     println!("{}: {:?}", record.file, picture?.dimensions());
    /// }
    /// # Ok::<(), ai4fashion_dataset::Error>(())
    /// ```
    #[must_use]
    pub fn filtered(&self, wanted: impl Fn(&Record) -> bool) -> Self {
        let records = self.records.iter().filter(|record| wanted(record));
        Self {
            root: self.root.clone(),
            records: records.cloned().collect(),
        }
    }

    /// Each picture with what is known of it, in the order of the manifest; read when the iterator comes to it.
    pub fn iter(&self) -> impl Iterator<Item = (&Record, Result<RgbImage, Error>)> {
        (0..self.len()).map(|index| (&self.records[index], self.load(index)))
    }

    /// Writes what is known of all pictures to a Parquet file, in the order of the manifest. A file that is there is
    /// replaced.
    ///
    /// # Errors
    /// If it cannot be written.
    #[cfg(feature = "parquet")]
    pub fn write_parquet(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        parquet::write(&self.records, path.as_ref())
    }

    /// How often each label occurs.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        Distribution::of(&self.records)
    }

    /// The file of the picture at `index`.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[must_use]
    #[track_caller]
    pub fn path(&self, index: usize) -> PathBuf {
        self.root.join(&self.records[index].file)
    }

    /// Reads the picture at `index`.
    ///
    /// # Errors
    /// If its file is missing or damaged.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[track_caller]
    pub fn load(&self, index: usize) -> Result<RgbImage, Error> {
        decode_file(self.path(index), &Limits::default()).map(Decoded::into_rgb)
    }

    /// Reads the file of the picture at `index`.
    ///
    /// # Errors
    /// If it is missing or empty.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[track_caller]
    pub fn read_file(&self, index: usize) -> Result<Vec<u8>, Error> {
        let path = self.path(index);
        read_file(&path, &Limits::default()).map_err(|error| error.of_picture(&path))
    }
}

/// The values of a file that has one a line.
fn read_lines<T: DeserializeOwned>(path: &Path) -> Result<Vec<T>, Error> {
    let file = fs::File::open(path).map_err(Error::io("read", path))?;
    let mut values = Vec::new();
    for (place, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(Error::io("read", path))?;
        if line.trim().is_empty() {
            continue;
        }
        let json = |source: serde_json::Error| ErrorKind::Json {
            path: path.to_owned(),
            line: place + 1,
            source: source.into(),
        };
        values.push(serde_json::from_str(&line).map_err(json)?);
    }
    Ok(values)
}

/// A manifest that somebody else wrote must not make us read elsewhere.
fn check_inside(file: &str) -> Result<(), Error> {
    if is_picture(file) {
        return Ok(());
    }
    let file = file.to_owned();
    Err(ErrorKind::OutsideImages { file }.into())
}
