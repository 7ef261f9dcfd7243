//! One image's way from its file into the data set.

use std::{fs, path::PathBuf};

use ai4fashion_files::machine::is_of_machine;
use ai4fashion_image::{ErrorKind as ImageErrorKind, MemoryBudget, MemoryPermit};

use super::{
    job::Job,
    journal::Line,
    labeled::Labeled,
    labeler::{LabelWorkspace, Labeler, file_hash},
    reuse::{Made, Reusable, stored},
    staging::Staging,
};
use crate::{
    error::{Error, ErrorKind},
    record::{Filtered, Observation, Record, Rejected},
    source::Source,
};

/// What has become of an image.
#[derive(Debug)]
pub(super) enum Outcome {
    /// The image is in the store, or was made before.
    Taken(Box<Made>),
    /// The content is not wanted.
    Filtered(Filtered),
    /// It cannot be used.
    Rejected(Rejected),
}

/// The way of all images of a run.
#[derive(Debug)]
pub(super) struct Pipeline<'a> {
    pub(super) labeler: Labeler,
    pub(super) sources: &'a [&'a dyn Source],
    pub(super) reusable: &'a Reusable,
    /// What the files of all threads take, and what decoding them takes. A thread takes of the
    /// first before the second, so none waits for another one in a circle.
    pub(super) files: MemoryBudget,
    pub(super) memory: MemoryBudget,
    /// Where new images and records go; `None` to write nothing.
    pub(super) staging: Option<&'a Staging>,
}

impl Pipeline<'_> {
    /// Reads an image, and writes it if it is new. An error is the machine's.
    pub(super) fn process(&self, workspace: &mut LabelWorkspace, job: &Job) -> Result<Outcome, Error> {
        let (bytes, _of_file) = match self.read(job) {
            Ok(read) => read,
            Err(error) if is_of_machine(&error) => return Err(error),
            Err(error) => return Ok(self.rejected(job, &error)),
        };
        let blake3 = file_hash(&bytes);
        if let Some(reason) = self.reusable.reason_against(&blake3) {
            return Ok(Outcome::Filtered(self.filtered(job, &blake3, reason)));
        }
        if let Some(made) = self.reusable.made_of(&blake3, job.entry.type_hint()) {
            let record = self.record(job, made.record.observation());
            return Ok(record.map_or_else(
                |error| self.rejected(job, &error),
                |record| {
                    let made = Made {
                        record,
                        ..made.clone()
                    };
                    Outcome::Taken(Box::new(made))
                },
            ));
        }
        let mut permit = None;
        let admit = |needed| permit = Some(self.memory.take(needed));
        let hint = job.entry.type_hint();
        let labeled = self
            .labeler
            .label_admitted(workspace, &bytes, blake3.clone(), hint, admit);
        drop((permit, bytes));
        match labeled {
            Err(error) => Ok(self.rejected(job, &error)),
            Ok(Labeled::Filtered(reason)) => {
                let filtered = self.filtered(job, &blake3, reason);
                self.note(&Line::Filtered(filtered.clone()))?;
                Ok(Outcome::Filtered(filtered))
            }
            Ok(Labeled::Taken(image)) => match self.record(job, image.observation) {
                Err(error) => Ok(self.rejected(job, &error)),
                Ok(record) => self.keep(record, &image.jpeg),
            },
        }
    }

    /// Reads a file, a large one when there is memory for it.
    fn read(&self, job: &Job) -> Result<(Vec<u8>, Option<MemoryPermit<'_>>), Error> {
        let (source, limits) = (self.sources[job.source], &self.labeler.options().limits);
        let at_once = self.files.unshared().min(limits.max_bytes);
        match source.read(&job.entry, &limits.with_max_bytes(at_once)) {
            Ok(bytes) => Ok((bytes, None)),
            Err(error) if at_once == limits.max_bytes => Err(error),
            Err(error) => {
                let Some(size) = too_large(&error) else {
                    return Err(error);
                };
                limits.check_bytes(size)?;
                let permit = self.files.take(size);
                Ok((source.read(&job.entry, limits)?, Some(permit)))
            }
        }
    }

    /// The record of an image under the job's name, with what the source says of it.
    fn record(&self, job: &Job, observation: Observation) -> Result<Record, Error> {
        let source = self.source_name(job);
        self.labeler.record(observation, source, &job.entry, &job.stem)
    }

    /// Writes the image, then the line that says that it is there.
    fn keep(&self, record: Record, jpeg: &[u8]) -> Result<Outcome, Error> {
        let mut file = PathBuf::new();
        if let Some(staging) = self.staging {
            file = stored(&staging.store(), &record.source_blake3);
            fs::write(&file, jpeg).map_err(Error::io("write", &file))?;
            self.note(&Line::Taken(Box::new(record.clone())))?;
        }
        Ok(Outcome::Taken(Box::new(Made {
            record,
            file,
            is_reused: false,
        })))
    }

    fn note(&self, line: &Line) -> Result<(), Error> {
        self.staging.map_or(Ok(()), |staging| {
            let added = staging.journal().add(line);
            added.map_err(Error::io("write", staging.path()))
        })
    }

    fn rejected(&self, job: &Job, error: &Error) -> Outcome {
        let rejected = Rejected::new(&job.entry.source_path, error).with_source(self.source_name(job));
        log::warn!("rejected {rejected}");
        Outcome::Rejected(rejected)
    }

    fn filtered(&self, job: &Job, blake3: &str, reason: &str) -> Filtered {
        Filtered::new(self.source_name(job), &job.entry.source_path, blake3, reason)
    }

    fn source_name(&self, job: &Job) -> &str {
        self.sources[job.source].name()
    }
}

/// The size of a file that is over the limit.
fn too_large(error: &Error) -> Option<u64> {
    match error.kind() {
        ErrorKind::Image(error) => match error.kind() {
            ImageErrorKind::FileTooLarge { bytes, .. } => Some(*bytes),
            _ => None,
        },
        _ => None,
    }
}
