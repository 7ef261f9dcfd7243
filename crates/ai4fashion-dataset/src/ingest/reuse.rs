//! The results of earlier ingestions, by the hash of the source file.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_files::sha256_hex;
use ai4fashion_garment::TypeHint;

use super::{journal::Line, options::DUPLICATE};
use crate::{
    dataset::Dataset,
    error::Error,
    record::{Filtered, Record},
};

/// Images that need not be decoded again: the same bytes and settings give the same image.
#[derive(Debug, Default)]
pub(super) struct Reusable {
    /// By the hash of the file, and by what the source says of the type.
    taken: HashMap<(String, TypeHint), Made>,
    filtered: HashMap<String, String>,
}

/// An image that was made from a source file.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) record: Record,
    /// Where it is now.
    pub(super) file: PathBuf,
    /// Whether an earlier ingestion has made it.
    pub(super) is_reused: bool,
}

impl Reusable {
    /// Collects the images of a data set, if there is one.
    pub(super) fn of(before: Option<&Dataset>) -> Result<Self, Error> {
        let mut all = Self::default();
        if let Some(before) = before {
            for record in before.records() {
                all.add(record.clone(), before.root().join(&record.file));
            }
            let filtered = before.filtered()?;
            filtered.into_iter().for_each(|it| all.add_filtered(it));
        }
        Ok(all)
    }

    /// Adds the lines of a journal; the images are in `store`.
    pub(super) fn add_journal(&mut self, lines: Vec<Line>, store: &Path) {
        for line in lines {
            match line {
                Line::Taken(record) => {
                    let file = stored(store, &record.source_blake3);
                    self.add(*record, file);
                }
                Line::Filtered(filtered) => self.add_filtered(filtered),
            }
        }
    }

    fn add(&mut self, record: Record, file: PathBuf) {
        let made = Made {
            record,
            file,
            is_reused: true,
        };
        let key = (made.record.source_blake3.clone(), made.record.type_hint());
        self.taken.insert(key, made);
    }

    /// Adds a filtered image, but not a duplicate: it is one only beside another image.
    fn add_filtered(&mut self, filtered: Filtered) {
        if filtered.reason != DUPLICATE {
            self.filtered.insert(filtered.source_blake3, filtered.reason);
        }
    }

    /// The image that was made from the source file with this hash, if it is whole and was labelled
    /// with the same hint.
    pub(super) fn made_of(&self, source_blake3: &str, hint: TypeHint) -> Option<&Made> {
        let is_whole = |made: &&Made| {
            let bytes = fs::read(&made.file);
            bytes.is_ok_and(|bytes| sha256_hex(&bytes) == made.record.image_sha256)
        };
        let key = (source_blake3.to_owned(), hint);
        self.taken.get(&key).filter(is_whole)
    }

    /// Why the source file with this hash was filtered, if it was.
    pub(super) fn reason_against(&self, source_blake3: &str) -> Option<&str> {
        self.filtered.get(source_blake3).map(String::as_str)
    }
}

/// Where the image of a source file is kept until it gets its name.
pub(super) fn stored(store: &Path, source_blake3: &str) -> PathBuf {
    store.join(format!("{source_blake3}.jpg"))
}
