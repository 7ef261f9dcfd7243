//! Folders for photos and data sets, and the shortest way from one to the other.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_dataset::image::ImageFormat;
use ai4fashion_dataset::{
    Error, Folder, Ingest, IngestOptions, LookBook,
    ingest::{IngestReport, Progress},
    source::Source,
};
use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::{encoded, garment};
pub(crate) use ai4fashion_testkit::{files_below as content, red_garment as red, write};
use tempfile::TempDir;

/// A place for photos and one for the data set.
pub(crate) fn places() -> (TempDir, PathBuf, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    fs::create_dir(&photos).unwrap();
    (temp, photos, out)
}

/// A red garment that no other number has.
pub(crate) fn photo(number: u8) -> Vec<u8> {
    encoded(garment(64, [200, number, 30]), ImageFormat::Png)
}

pub(crate) fn ingest(source: &dyn Source, out: &Path) -> IngestReport {
    ingest_with(IngestOptions::default(), source, out)
}

pub(crate) fn ingest_with(options: IngestOptions, source: &dyn Source, out: &Path) -> IngestReport {
    Ingest::new(options).unwrap().run(&[source], out, &()).unwrap()
}

/// Asks to stop after a number of images.
pub(crate) struct StopAfter(usize, AtomicUsize);

impl StopAfter {
    pub(crate) fn new(images: usize) -> Self {
        Self(images, AtomicUsize::new(0))
    }
}

impl Progress for StopAfter {
    fn advance(&self, done: usize) {
        self.1.fetch_max(done, Ordering::Relaxed);
    }

    fn should_stop(&self) -> bool {
        self.1.load(Ordering::Relaxed) >= self.0
    }
}

/// A synthetic catalogue of 132 garments in `photos`.
pub(crate) fn synthetic(photos: &Path) -> LookBook {
    Catalogue::new(1)
        .with_per_label(1)
        .write_lookbook(photos)
        .unwrap();
    LookBook::open(photos).unwrap()
}

/// Ingests the folder `photos`.
pub(crate) fn run(options: IngestOptions, photos: &Path, out: &Path) -> Result<IngestReport, Error> {
    Ingest::new(options)
        .unwrap()
        .run(&[&Folder::open(photos).unwrap()], out, &())
}
