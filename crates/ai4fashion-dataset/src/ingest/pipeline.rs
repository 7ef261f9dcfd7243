//! One image's way from its file into the data set.

use std::{fs, path::PathBuf};

use ai4fashion_files::{is_of_machine, sha256_hex};
use ai4fashion_garment::{GarmentWorkspace, TypeHint};
use ai4fashion_image::{
    ColorProfile, DecodedImage, ErrorKind as ImageErrorKind, MemoryBudget, MemoryPermit, PerceptualHash,
    QualityFlag, decode_admitted, encode_jpeg, fit, flatten_on_white, pad, quality_flags,
};
use image::RgbImage;

use super::{
    classifiers::{Classifiers, Labels},
    job::Job,
    journal::Line,
    options::{self, IngestOptions},
    reuse::{Made, Reusable, stored},
    staging::Staging,
};
use crate::{
    dataset::layout::IMAGES,
    error::{Error, ErrorKind},
    labels::{LabeledName, TypeSource},
    record::{Filtered, Observation, Origin, Placement, Record, Rejected},
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
    pub(super) options: &'a IngestOptions,
    pub(super) sources: &'a [&'a dyn Source],
    pub(super) classifiers: Classifiers<'a>,
    pub(super) reusable: &'a Reusable,
    /// What the files of all threads take, and what decoding them takes. A thread takes of the
    /// first before the second, so none waits for another one in a circle.
    pub(super) files: MemoryBudget,
    pub(super) memory: MemoryBudget,
    /// Where new images and records go; `None` to write nothing.
    pub(super) staging: Option<&'a Staging>,
}

/// What decoding an image has brought.
enum Seen {
    Wanted {
        observation: Box<Observation>,
        /// Empty without staging.
        jpeg: Vec<u8>,
    },
    Unwanted {
        reason: &'static str,
    },
}

impl Pipeline<'_> {
    /// Reads an image, and writes it if it is new. An error is the machine's.
    pub(super) fn process(&self, workspace: &mut GarmentWorkspace, job: &Job) -> Result<Outcome, Error> {
        let (bytes, _of_file) = match self.read(job) {
            Ok(read) => read,
            Err(error) if is_of_machine(&error) => return Err(error),
            Err(error) => return Ok(self.rejected(job, &error)),
        };
        let sha256 = sha256_hex(&bytes);
        if let Some(reason) = self.reusable.reason_against(&sha256) {
            return Ok(Outcome::Filtered(self.filtered(job, &sha256, reason)));
        }
        if let Some(made) = self.reusable.made_of(&sha256, job.entry.type_hint()) {
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
        let enough = self.options.image_size.saturating_mul(3) / 2;
        let mut permit = None;
        let admit = |needed| permit = Some(self.memory.take(needed));
        let seen = decode_admitted(&bytes, Some(enough), &self.options.limits, admit)
            .map_err(Error::from)
            .and_then(|decoded| self.observe(workspace, job.entry.type_hint(), &bytes, &sha256, decoded));
        drop((permit, bytes));
        match seen {
            Err(error) => Ok(self.rejected(job, &error)),
            Ok(Seen::Unwanted { reason }) => {
                let filtered = self.filtered(job, &sha256, reason);
                self.note(&Line::Filtered(filtered.clone()))?;
                Ok(Outcome::Filtered(filtered))
            }
            Ok(Seen::Wanted { observation, jpeg }) => match self.record(job, *observation) {
                Err(error) => Ok(self.rejected(job, &error)),
                Ok(record) => self.keep(record, &jpeg),
            },
        }
    }

    /// Reads a file, a large one when there is memory for it.
    fn read(&self, job: &Job) -> Result<(Vec<u8>, Option<MemoryPermit<'_>>), Error> {
        let (source, limits) = (self.sources[job.source], &self.options.limits);
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

    /// Decides on a decoded image, and makes the file of the data set.
    fn observe(
        &self,
        workspace: &mut GarmentWorkspace,
        hint: TypeHint,
        bytes: &[u8],
        sha256: &str,
        decoded: DecodedImage,
    ) -> Result<Seen, Error> {
        let origin = Origin::new(bytes, sha256.to_owned(), &decoded);
        let size = self.options.image_size;
        let fitted = fit(decoded.image(), size)?;
        // Without the bars, which would make a grey studio look like cloth, and with alpha, which
        // tells a white shirt from white paper.
        let labels = self.classifiers.label(workspace, &fitted, hint);
        let Some(Labels { color, garment }) = labels else {
            let reason = options::NOT_ALONE;
            return Ok(Seen::Unwanted { reason });
        };
        let fitted = flatten_on_white(fitted);
        let flags = self.flags(&origin, decoded, &fitted, color.garment_fraction());
        let hash = PerceptualHash::of(&fitted);
        let (jpeg, image_sha256) = match self.staging {
            Some(_) => {
                let square: RgbImage = pad(&fitted, size, self.options.pad_color);
                let jpeg = encode_jpeg(&square, self.options.jpeg_quality)?;
                let sha256 = sha256_hex(&jpeg);
                (jpeg, sha256)
            }
            None => (Vec::new(), String::new()),
        };
        let observation = Observation::new(origin, image_sha256, hash, &color, garment.as_ref(), flags);
        let observation = Box::new(observation);
        Ok(Seen::Wanted { observation, jpeg })
    }

    /// Flags the image at the smaller of its own size and the data set's.
    fn flags(
        &self,
        origin: &Origin,
        decoded: DecodedImage,
        fitted: &RgbImage,
        garment_fraction: f32,
    ) -> Vec<QualityFlag> {
        let (longer, size) = (origin.width.max(origin.height), self.options.image_size);
        let is_unusable = *decoded.color_profile() == ColorProfile::Unusable;
        let mut flags = if longer < size {
            quality_flags(&decoded.into_rgb8(), longer, size, garment_fraction)
        } else {
            quality_flags(fitted, longer, size, garment_fraction)
        };
        flags.extend(is_unusable.then_some(QualityFlag::UnusableProfile));
        flags
    }

    /// The record of an image under the job's name, with what the source says of it.
    fn record(&self, job: &Job, observation: Observation) -> Result<Record, Error> {
        let entry = &job.entry;
        let (product_type, type_source) = match entry.product_type {
            Some((known, from)) => (known, Some(from)),
            None => {
                let is_suggested = observation.suggested_type_confidence.is_some();
                let from = is_suggested.then_some(TypeSource::Classifier);
                (observation.suggested_type, from)
            }
        };
        let name = LabeledName::new(observation.color, &*job.stem, product_type)?;
        let placement = Placement {
            file: format!("{IMAGES}/{name}"),
            source: self.source_name(job).to_owned(),
            source_path: entry.source_path.clone(),
            product_type,
            type_source,
            base_color: entry.base_color.clone(),
            source_row: entry.source_row.clone(),
            split: self.options.split.split_of(&observation.origin.pixels_sha256),
        };
        Ok(Record::new(observation, placement))
    }

    /// Writes the image, then the line that says that it is there.
    fn keep(&self, record: Record, jpeg: &[u8]) -> Result<Outcome, Error> {
        let mut file = PathBuf::new();
        if let Some(staging) = self.staging {
            file = stored(&staging.store(), &record.source_sha256);
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

    fn filtered(&self, job: &Job, sha256: &str, reason: &str) -> Filtered {
        Filtered::new(self.source_name(job), &job.entry.source_path, sha256, reason)
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
