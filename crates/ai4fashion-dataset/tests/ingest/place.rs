//! A place for photos and data sets, and the shortest way from the one to the other.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{Ingest, IngestOptions, Report, Source};
pub(crate) use ai4fashion_testkit::{files_below as content, red_garment as red, write};
use tempfile::TempDir;

/// A place for photos and one for the data set.
pub(crate) fn places() -> (TempDir, PathBuf, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    fs::create_dir(&photos).unwrap();
    (temp, photos, out)
}

pub(crate) fn ingest(source: &dyn Source, out: &Path) -> Report {
    ingest_with(IngestOptions::default(), source, out)
}

pub(crate) fn ingest_with(options: IngestOptions, source: &dyn Source, out: &Path) -> Report {
    Ingest::new(options).unwrap().run(&[source], out, &()).unwrap()
}
