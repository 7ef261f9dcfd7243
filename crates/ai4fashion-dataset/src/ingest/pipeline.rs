//! One image's way from its file into the data set.

use std::{fs, path::PathBuf};

use ai4fashion_color::{Classification, Workspace};
use ai4fashion_files::sha256_hex;
use ai4fashion_image::{
    DecodedImage, PerceptualHash, QualityFlag, decode, encode_jpeg, fit, flatten_on_white, pad, quality_flags,
};
use image::{DynamicImage, RgbImage};

use super::{
    garment,
    job::Job,
    journal::Line,
    options::{self, IngestOptions},
    reuse::{Made, Reusable, stored},
    staging::Staging,
};
use crate::{
    dataset::{Filter, layout::IMAGES},
    error::Error,
    labels::LabeledName,
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
    pub(super) reusable: &'a Reusable,
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
    pub(super) fn process(&self, workspace: &mut Workspace, job: &Job) -> Result<Outcome, Error> {
        let source = self.sources[job.source];
        let bytes = match source.read(&job.entry, &self.options.limits) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(self.rejected(job, &error)),
        };
        let sha256 = sha256_hex(&bytes);
        if let Some(reason) = self.reusable.reason_against(&sha256) {
            return Ok(Outcome::Filtered(self.filtered(job, &sha256, reason)));
        }
        if let Some(made) = self.reusable.made_of(&sha256) {
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
        let seen = decode(&bytes, &self.options.limits)
            .map_err(Error::from)
            .and_then(|decoded| self.observe(workspace, &bytes, &sha256, decoded));
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

    /// Decides on a decoded image, and makes the file of the data set.
    fn observe(
        &self,
        workspace: &mut Workspace,
        bytes: &[u8],
        sha256: &str,
        decoded: DecodedImage,
    ) -> Result<Seen, Error> {
        let origin = Origin::new(bytes, sha256.to_owned(), &decoded);
        let size = self.options.image_size;
        let fitted = fit(decoded.image(), size)?;
        // Without the bars, which would make a grey studio look like cloth, and with alpha, which
        // tells a white shirt from white paper.
        let found = self.classify(workspace, &fitted);
        let fitted = flatten_on_white(fitted);
        if self.options.filter == Filter::GarmentOnly && !garment::is_alone(&fitted) {
            let reason = options::NOT_ALONE;
            return Ok(Seen::Unwanted { reason });
        }
        let flags = self.flags(&origin, decoded, &fitted, found.garment_fraction());
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
        let observation = Box::new(Observation::new(origin, image_sha256, hash, &found, flags));
        Ok(Seen::Wanted { observation, jpeg })
    }

    fn classify(&self, workspace: &mut Workspace, fitted: &DynamicImage) -> Classification {
        let classifier = &self.options.classifier;
        match fitted {
            DynamicImage::ImageRgba8(rgba) => classifier.classify_with(workspace, rgba),
            DynamicImage::ImageRgb8(rgb) => classifier.classify_with(workspace, rgb),
            other => classifier.classify_with(workspace, &other.to_rgb8()),
        }
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
        if longer < size {
            quality_flags(&decoded.into_rgb8(), longer, size, garment_fraction)
        } else {
            quality_flags(fitted, longer, size, garment_fraction)
        }
    }

    /// The record of an image under the job's name, with what the source says of it.
    fn record(&self, job: &Job, observation: Observation) -> Result<Record, Error> {
        let product_type = job.entry.product_type.map(|(known, _)| known);
        let name = LabeledName::new(observation.color, &*job.stem, product_type)?;
        let placement = Placement {
            file: format!("{IMAGES}/{name}"),
            source: self.source_name(job).to_owned(),
            source_path: job.entry.source_path.clone(),
            product_type: job.entry.product_type,
            base_color: job.entry.base_color.clone(),
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
