//! Data sets to export, and exports that stop.

use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_dataset::{Dataset, Folder, Ingest, IngestOptions, ingest::Progress};
use ai4fashion_export::{Export, ExportOptions, ExportReport, Format};
use ai4fashion_testkit::{encoded, garment, write};
use image::ImageFormat;
use tempfile::TempDir;

/// A data set of some images, each with another stripe.
pub(crate) fn dataset(images: u8) -> (TempDir, Dataset) {
    let temp = tempfile::tempdir().unwrap();
    let photos = temp.path().join("photos");
    for image in 0..images {
        let color = [10 * image, 200 - 9 * image, 90];
        let bytes = encoded(garment(64, color), ImageFormat::Png);
        write(photos.join(format!("{image}.png")), bytes);
    }
    let out = temp.path().join("dataset");
    let options = IngestOptions::default().with_image_size(64);
    let source = Folder::open(&photos).unwrap();
    Ingest::new(options).unwrap().run(&[&source], &out, &()).unwrap();
    (temp, Dataset::open(out).unwrap())
}

pub(crate) fn export(format: Format) -> Export {
    Export::new(ExportOptions::new(format)).unwrap()
}

pub(crate) fn run(format: Format, dataset: &Dataset, out: &Path) -> Result<ExportReport, ErrorOfTest> {
    export(format).run(dataset, out, &()).map_err(ErrorOfTest)
}

#[derive(Debug)]
pub(crate) struct ErrorOfTest(pub(crate) ai4fashion_export::Error);

pub(crate) fn work_folder(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap().to_str().unwrap();
    out.with_file_name(format!(".{name}.part"))
}

/// Asks to stop after some images.
pub(crate) struct StopAfter {
    images: usize,
    seen: AtomicUsize,
}

impl StopAfter {
    pub(crate) fn new(images: usize) -> Self {
        let seen = AtomicUsize::new(0);
        Self { images, seen }
    }
}

impl Progress for StopAfter {
    fn advance(&self, done: usize) {
        self.seen.fetch_max(done, Ordering::Relaxed);
    }

    fn should_stop(&self) -> bool {
        self.seen.load(Ordering::Relaxed) >= self.images
    }
}
