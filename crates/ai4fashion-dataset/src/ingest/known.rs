//! What an ingestion before has found out, by the hash of the source file.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
};

use super::{journal::Line, options::DUPLICATE};
use crate::{
    dataset::Dataset,
    error::Error,
    files::sha256,
    record::{LeftOut, Record},
};

/// Pictures that need not be decoded again: the same bytes under the same settings become the same.
#[derive(Debug, Default)]
pub(super) struct Known {
    taken: HashMap<String, Made>,
    left_out: HashMap<String, String>,
}

/// A picture that was made of a source file.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) record: Record,
    /// Where it is now.
    pub(super) file: PathBuf,
    /// Whether it was made by an ingestion before.
    pub(super) is_reused: bool,
}

impl Known {
    /// What is in a data set, if there is one.
    pub(super) fn of(before: Option<&Dataset>) -> Result<Self, Error> {
        let mut known = Self::default();
        if let Some(before) = before {
            known.add_dataset(before.root(), before.records().to_vec(), before.left_out()?);
        }
        Ok(known)
    }

    /// Adds what a journal says; the pictures are in `store`.
    pub(super) fn add_journal(&mut self, lines: Vec<Line>, store: &Path) {
        for line in lines {
            match line {
                Line::Taken(record) => {
                    let file = stored(store, &record.sha256);
                    self.add(*record, file);
                }
                Line::LeftOut(left_out) => self.add_left_out(left_out),
            }
        }
    }

    fn add_dataset(&mut self, root: &Path, records: Vec<Record>, left_out: Vec<LeftOut>) {
        for mut record in records {
            let file = root.join(&record.file);
            // As it was made; what a person has said comes back in the end.
            record.say_color(None, "");
            record.say_type(None, "");
            self.add(record, file);
        }
        left_out
            .into_iter()
            .for_each(|left_out| self.add_left_out(left_out));
    }

    fn add(&mut self, record: Record, file: PathBuf) {
        let made = Made {
            record,
            file,
            is_reused: true,
        };
        self.taken.insert(made.record.sha256.clone(), made);
    }

    /// Not a duplicate, which is one only beside another picture, and has that one's bytes.
    fn add_left_out(&mut self, left_out: LeftOut) {
        if left_out.reason == DUPLICATE {
            return;
        }
        self.left_out.insert(left_out.sha256, left_out.reason);
    }

    /// What was made of the source file with this hash, if it is still there and as it was.
    pub(super) fn made_of(&self, source: &str) -> Option<&Made> {
        let is_whole =
            |made: &&Made| fs::read(&made.file).is_ok_and(|bytes| sha256(&bytes) == made.record.image_sha256);
        self.taken.get(source).filter(is_whole)
    }

    /// Why the source file with this hash was left out, if it was.
    pub(super) fn reason_against(&self, sha256: &str) -> Option<&str> {
        self.left_out.get(sha256).map(String::as_str)
    }
}

/// Where the picture that is made of a source file is kept until it gets its name.
pub(super) fn stored(store: &Path, sha256: &str) -> PathBuf {
    store.join(format!("{sha256}.jpg"))
}
