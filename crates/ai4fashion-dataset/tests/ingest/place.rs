//! A place for photos and data sets, and the shortest way from the one to the other.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{Ingest, IngestOptions, Report, Source, image::ImageFormat};
use ai4fashion_testkit::{encoded, garment};
use tempfile::TempDir;

pub(crate) fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

pub(crate) fn red() -> Vec<u8> {
    encoded(garment(64, [200, 30, 30]), ImageFormat::Png)
}

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

/// Every file below a folder, by its path there.
pub(crate) fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = PathBuf::from(path.file_name().unwrap());
        if path.is_dir() {
            let below = content(&path).into_iter();
            files.extend(below.map(|(file, bytes)| (name.join(file), bytes)));
        } else {
            files.insert(name, fs::read(&path).unwrap());
        }
    }
    files
}
