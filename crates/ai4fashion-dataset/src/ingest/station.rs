//! One picture's way from its file into the data set.

use std::{fs, path::PathBuf};

use ai4fashion_color::{Classification, Workspace};
use image::{DynamicImage, RgbImage};

use super::{
    garment,
    job::Job,
    journal::Line,
    known::{Known, Made, stored},
    options::{self, IngestOptions},
    output::Staging,
};
use crate::{
    dataset::{Keep, layout::IMAGES},
    decode::{Decoded, decode, on_white},
    error::Error,
    files,
    labels::LabeledName,
    letterbox::{fit, pad},
    perceptual::PerceptualHash,
    quality,
    record::{LeftOut, Origin, Record, Skip},
    source::Source,
};

/// What has become of a picture.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It is in the store, or was made before.
    Taken(Box<Made>),
    /// What it shows is not wanted.
    LeftOut(LeftOut),
    /// It cannot be used.
    Skipped(Skip),
}

/// What all pictures are done the same way with.
#[derive(Debug)]
pub(super) struct Station<'a> {
    pub(super) options: &'a IngestOptions,
    pub(super) sources: &'a [&'a dyn Source],
    pub(super) known: &'a Known,
    /// Where new pictures and what is known of them go; `None` to look only.
    pub(super) staging: Option<&'a Staging>,
}

impl Station<'_> {
    /// Reads a picture, and writes it if it is new. An error is the machine's.
    pub(super) fn take_in(&self, workspace: &mut Workspace, job: &Job) -> Result<Outcome, Error> {
        let source = self.sources[job.source];
        let bytes = match source.read(&job.entry, &self.options.limits) {
            Ok(bytes) => bytes,
            Err(error) => return Ok(skipped(job, &error)),
        };
        let sha256 = files::sha256(&bytes);
        if let Some(reason) = self.known.reason_against(&sha256) {
            return Ok(Outcome::LeftOut(left_out(job, sha256, reason)));
        }
        if let Some(made) = self.known.made_of(&sha256) {
            let named = self.named(job, &made.record);
            return Ok(named.map_or_else(
                |error| skipped(job, &error),
                |record| {
                    Outcome::Taken(Box::new(Made {
                        record,
                        ..made.clone()
                    }))
                },
            ));
        }
        let seen = decode(&bytes, &self.options.limits)
            .and_then(|decoded| self.seen(workspace, job, &bytes, sha256, decoded));
        match seen {
            Err(error) => Ok(skipped(job, &error)),
            Ok(Seen::Unwanted(left_out)) => {
                self.note(&Line::LeftOut(left_out.clone()))?;
                Ok(Outcome::LeftOut(left_out))
            }
            Ok(Seen::Wanted(record, jpeg)) => self.keep(record, &jpeg),
        }
    }

    /// Writes the picture, then the line that says that it is there.
    fn keep(&self, mut record: Box<Record>, jpeg: &[u8]) -> Result<Outcome, Error> {
        let mut file = PathBuf::new();
        if let Some(staging) = self.staging {
            record.image_sha256 = files::sha256(jpeg);
            file = stored(&staging.store(), &record.sha256);
            fs::write(&file, jpeg).map_err(Error::io("write", &file))?;
            self.note(&Line::Taken(record.clone()))?;
        }
        Ok(Outcome::Taken(Box::new(Made {
            record: *record,
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

    fn seen(
        &self,
        workspace: &mut Workspace,
        job: &Job,
        bytes: &[u8],
        sha256: String,
        decoded: Decoded,
    ) -> Result<Seen, Error> {
        let origin = Origin {
            sha256,
            pixels_sha256: decoded.pixels_sha256(),
            bytes: bytes.len() as u64,
            width: decoded.stored_width(),
            height: decoded.stored_height(),
            orientation: decoded.orientation(),
        };
        let size = self.options.size;
        let fitted = fit(decoded.picture(), size)?;
        // Without the bars, which would make a grey studio look like cloth, and with alpha, which tells a white shirt
        // from white paper.
        let found = self.classify(workspace, &fitted);
        let fitted = on_white(fitted);
        if self.options.keep == Keep::GarmentOnly && !garment::is_alone(&fitted) {
            return Ok(Seen::Unwanted(left_out(job, origin.sha256, options::NOT_ALONE)));
        }
        let longer = origin.width.max(origin.height);
        let flags = if longer < size {
            quality::flags(&decoded.into_rgb(), longer, size, found.garment_fraction())
        } else {
            quality::flags(&fitted, longer, size, found.garment_fraction())
        };
        let record = Record::new(origin, &found, PerceptualHash::of(&fitted), flags);
        let record = self.named(job, &record)?;
        let jpeg = match self.staging {
            Some(_) => {
                let square: RgbImage = pad(&fitted, size, self.options.fill);
                files::jpeg(&square, self.options.quality)?
            }
            None => Vec::new(),
        };
        Ok(Seen::Wanted(Box::new(record), jpeg))
    }

    fn classify(&self, workspace: &mut Workspace, fitted: &DynamicImage) -> Classification {
        let classifier = &self.options.classifier;
        match fitted {
            DynamicImage::ImageRgba8(rgba) => classifier.classify_with(workspace, rgba),
            DynamicImage::ImageRgb8(rgb) => classifier.classify_with(workspace, rgb),
            other => classifier.classify_with(workspace, &other.to_rgb8()),
        }
    }

    /// The record of the same picture under the job's name, with what the source says of it.
    fn named(&self, job: &Job, record: &Record) -> Result<Record, Error> {
        let (product_type, type_from) = job.entry.product_type.unzip();
        let name = LabeledName::new(record.color, &*job.stem, product_type)?;
        Ok(Record {
            file: format!("{IMAGES}/{name}"),
            source: job.source_name.to_owned(),
            original: job.entry.original.clone(),
            product_type,
            type_from,
            base_color: job.entry.base_color.clone(),
            split: self.options.split.of(&record.pixels_sha256),
            group: None,
            ..record.clone()
        })
    }
}

/// What looking at a picture has brought.
enum Seen {
    Wanted(Box<Record>, Vec<u8>),
    Unwanted(LeftOut),
}

fn skipped(job: &Job, error: &Error) -> Outcome {
    log::warn!("skipped `{}`: {}", job.entry.original, error.chain());
    Outcome::Skipped(Skip::new(&job.entry.original, error).of_source(job.source_name))
}

fn left_out(job: &Job, sha256: String, reason: &str) -> LeftOut {
    LeftOut {
        source: job.source_name.to_owned(),
        original: job.entry.original.clone(),
        sha256,
        reason: reason.to_owned(),
    }
}
