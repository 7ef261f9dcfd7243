//! One picture's way from its file into the data set.

use std::{
    fs,
    path::{Path, PathBuf},
};

use image::DynamicImage;

use super::IngestOptions;
use crate::{
    Entry, Error, LabeledName, Record, Skip, decode,
    decode::on_white,
    files,
    letterbox::{fit, pad},
    read_file,
    record::{IMAGES, Origin},
};

/// A picture that is to be taken in.
#[derive(Debug)]
pub(super) struct Job {
    /// The place of its source.
    pub(super) source: usize,
    pub(super) source_name: &'static str,
    pub(super) entry: Entry,
    pub(super) stem: String,
}

/// What all pictures are done the same way with.
#[derive(Debug)]
pub(super) struct Station<'a> {
    options: &'a IngestOptions,
    images: PathBuf,
}

impl<'a> Station<'a> {
    pub(super) fn new(options: &'a IngestOptions, folder: &Path) -> Result<Self, Error> {
        let images = folder.join(IMAGES);
        fs::create_dir(&images).map_err(Error::io("create", &images))?;
        Ok(Self { options, images })
    }

    /// Reads and writes one picture. The outer error is the machine's, the inner one the picture's.
    pub(super) fn take_in(&self, job: &Job) -> Result<Result<Record, Skip>, Error> {
        let (name, record, jpeg) = match self.made(job) {
            Ok(made) => made,
            Err(error) => {
                log::warn!("skipped `{}`: {}", job.entry.original, error.chain());
                return Ok(Err(
                    Skip::new(&job.entry.original, &error).of_source(job.source_name)
                ));
            }
        };
        let path = self.images.join(name.to_string());
        fs::write(&path, jpeg).map_err(Error::io("write", &path))?;
        Ok(Ok(record))
    }

    fn made(&self, job: &Job) -> Result<(LabeledName, Record, Vec<u8>), Error> {
        let entry = &job.entry;
        let bytes = read_file(&entry.path, &self.options.limits)?;
        let decoded = decode(&bytes, &self.options.limits)?;
        let origin = Origin {
            source: job.source_name,
            original: entry.original.clone(),
            sha256: files::sha256(&bytes),
            pixels_sha256: decoded.pixels_sha256(),
            bytes: bytes.len() as u64,
            width: decoded.stored_width(),
            height: decoded.stored_height(),
            orientation: decoded.orientation(),
        };
        let fitted = fit(decoded.picture(), self.options.size)?;
        // Without the white bars, which would make a grey studio look like cloth, and with alpha, which tells a white
        // shirt from white paper.
        let found = match &fitted {
            DynamicImage::ImageRgba8(rgba) => self.options.classifier.classify_rgba(rgba),
            DynamicImage::ImageRgb8(rgb) => self.options.classifier.classify(rgb),
            other => self.options.classifier.classify(&other.to_rgb8()),
        };
        let (product_type, type_from) = entry.product_type.unzip();
        let name = LabeledName::new(found.name(), &*job.stem, product_type)?;
        let split = self.options.split.of(&origin.pixels_sha256);
        let record = Record::new(&name, origin, &found, type_from, entry.base_color.clone(), split);
        let square = pad(&on_white(fitted), self.options.size);
        Ok((name, record, files::jpeg(&square, self.options.quality)?))
    }
}
