//! Opening a data set.

use std::{
    io, iter,
    path::{Path, PathBuf},
    slice,
};

use ai4fashion_files::{json, json_lines, sha256_hex_of};
use ai4fashion_image::{DecodedImage, Limits, decode_file, read_file};
use image::RgbImage;

use super::{
    layout::{FILTERED, MANIFEST, REJECTED, SUMMARY},
    manifest,
    settings::Settings,
    summary::Summary,
    transaction::{self, ChangeFolder},
};
use crate::{
    error::{Error, ErrorKind},
    record::{Filtered, Record, Rejected},
    stats::Distribution,
};

/// A data set folder that is open for reading.
///
/// ```
/// use ai4fashion_dataset::{Dataset, ErrorKind};
///
/// let error = Dataset::open("no/such/folder").unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::Missing { .. }));
/// ```
#[derive(Clone, Debug)]
pub struct Dataset {
    root: PathBuf,
    records: Vec<Record>,
    /// Missing in a data set that another program has written.
    settings: Option<Settings>,
}

impl Dataset {
    /// Opens the folder that an ingestion has written.
    ///
    /// A change of labels that was interrupted when a process was killed is finished first.
    ///
    /// # Errors
    /// If there is no manifest, a line of it cannot be parsed, or a change cannot be finished.
    pub fn open(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        Self::check_is_one(&root)?;
        let mut attempts = 0..2;
        loop {
            let folder = ChangeFolder::new(&root);
            if folder.is_interrupted() {
                // Or not interrupted but under way: then it is done once the lock is ours.
                let _lock = folder.lock()?;
                transaction::finish(&folder)?;
            }
            // A change may have begun since: then the journal is there, or the files are new.
            match Self::read(&root) {
                Err(error) if manifest::may_be_changing(&error) && attempts.next().is_some() => {}
                read => return read,
            }
        }
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
            return Err(Error::not_a_dataset(root, format!("`{MANIFEST}` is missing")));
        }
        Ok(())
    }

    /// Reads the manifest as it is.
    pub(crate) fn read(root: impl Into<PathBuf>) -> Result<Self, Error> {
        let root = root.into();
        let summary = summary_if_there(&root)?;
        let records = manifest::read(&root, summary.as_ref())?;
        Ok(Self {
            root,
            records,
            settings: summary.map(|summary| summary.settings),
        })
    }

    /// Returns the folder of the data set.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Number of images.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether there are no images.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The records of all images, in the order of the manifest.
    #[must_use]
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Takes over changed records, by their indices.
    pub(crate) fn replace(&mut self, changes: &[(usize, Record)]) {
        for (index, record) in changes {
            self.records[*index] = record.clone();
        }
    }

    /// Reads the counts and settings of the ingestion.
    ///
    /// # Errors
    /// If `summary.json` cannot be read or parsed.
    pub fn summary(&self) -> Result<Summary, Error> {
        json::read(self.root.join(SUMMARY)).map_err(Error::file)
    }

    /// Reads which images, folders and rows could not be used.
    ///
    /// # Errors
    /// If `rejected.jsonl` cannot be read or parsed.
    pub fn rejected(&self) -> Result<Vec<Rejected>, Error> {
        json_lines::read(self.root.join(REJECTED)).map_err(Error::file)
    }

    /// Reads which images were filtered because of their content.
    ///
    /// # Errors
    /// If `filtered.jsonl` cannot be read or parsed.
    pub fn filtered(&self) -> Result<Vec<Filtered>, Error> {
        json_lines::read(self.root.join(FILTERED)).map_err(Error::file)
    }

    /// A hash of all records and of the settings, in hexadecimal.
    ///
    /// It changes when an image is added, removed, changed or relabelled.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let settings = self.settings.as_ref();
        let settings = settings.and_then(|settings| serde_json::to_string(settings).ok());
        let records = self
            .records
            .iter()
            .map(|record| serde_json::to_string(record).ok());
        let lines = iter::once(settings).chain(records);
        sha256_hex_of(lines.map(|line| line.unwrap_or_default() + "\n"))
    }

    /// Keeps the images whose record satisfies `predicate`, in the same folder.
    ///
    /// ```no_run
    /// use ai4fashion_dataset::{BasicColor, Dataset, Split};
    ///
    /// let dataset = Dataset::open("dataset")?;
    /// let red = dataset.filter(|it| it.color == BasicColor::Red && it.split == Split::Train);
    /// for (record, image) in red.iter() {
    ///     println!("{}: {:?}", record.file, image?.dimensions());
    /// }
    /// # Ok::<(), ai4fashion_dataset::Error>(())
    /// ```
    #[must_use]
    pub fn filter(&self, predicate: impl Fn(&Record) -> bool) -> Self {
        let records = self.records.iter().filter(|record| predicate(record));
        Self {
            root: self.root.clone(),
            records: records.cloned().collect(),
            settings: self.settings.clone(),
        }
    }

    /// Iterates over records and images in the order of the manifest; an image is read when the
    /// iterator comes to it.
    pub fn iter(&self) -> impl Iterator<Item = (&Record, Result<RgbImage, Error>)> {
        (0..self.len()).map(|index| (&self.records[index], self.load(index)))
    }

    /// Counts the labels.
    #[must_use]
    pub fn distribution(&self) -> Distribution {
        Distribution::of(&self.records)
    }

    /// Writes all records to a Parquet file, in the order of the manifest; an old file is replaced.
    ///
    /// # Errors
    /// If the file cannot be written.
    #[cfg(feature = "parquet")]
    pub fn write_parquet(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        super::parquet::write(&self.records, path.as_ref())
    }

    /// The file of an image.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[must_use]
    #[track_caller]
    pub fn path(&self, index: usize) -> PathBuf {
        self.root.join(&self.records[index].file)
    }

    /// Reads an image.
    ///
    /// # Errors
    /// If the file is missing or damaged.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[track_caller]
    pub fn load(&self, index: usize) -> Result<RgbImage, Error> {
        let decoded = decode_file(self.path(index), &Limits::default());
        Ok(decoded.map(DecodedImage::into_rgb8)?)
    }

    /// Reads the bytes of an image's file.
    ///
    /// # Errors
    /// If the file is missing or empty.
    ///
    /// # Panics
    /// If `index` is not below [`len`](Self::len).
    #[track_caller]
    pub fn read_file(&self, index: usize) -> Result<Vec<u8>, Error> {
        let path = self.path(index);
        let bytes = read_file(&path, &Limits::default());
        Ok(bytes.map_err(|error| error.in_file(&path))?)
    }
}

/// Over the records, in the order of the manifest; [`Dataset::iter`] reads the images, too.
///
/// ```
/// use ai4fashion_dataset::Dataset;
///
/// fn names(dataset: &Dataset) -> Vec<&str> {
///     let mut names = Vec::new();
///     for record in dataset {
///         names.push(&*record.file);
///     }
///     names
/// }
/// ```
impl<'a> IntoIterator for &'a Dataset {
    type Item = &'a Record;
    type IntoIter = slice::Iter<'a, Record>;

    fn into_iter(self) -> Self::IntoIter {
        self.records.iter()
    }
}

fn summary_if_there(root: &Path) -> Result<Option<Summary>, Error> {
    match json::read(root.join(SUMMARY)).map_err(Error::file) {
        Ok(summary) => Ok(Some(summary)),
        Err(error) => match error.kind() {
            ErrorKind::Io { source, .. } if source.kind() == io::ErrorKind::NotFound => Ok(None),
            _ => Err(error),
        },
    }
}
