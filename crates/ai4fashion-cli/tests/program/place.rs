//! Folders and images for the program.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::LazyLock};

use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::files_below;
pub(crate) use ai4fashion_testkit::red_garment as red;
use tempfile::TempDir;

use crate::program::succeeds;

/// A folder of a test's own.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.0.path().join(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        ai4fashion_testkit::write(self.0.path().join(name), bytes);
    }

    /// Names of its files and folders.
    pub(crate) fn content(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.0.path()).unwrap();
        let mut names: Vec<PathBuf> = entries.map(|entry| entry.unwrap().file_name().into()).collect();
        names.sort();
        names
    }
}

/// 132 synthetic photos in Kaggle's layout, each colour and type once.
pub(crate) fn synthetic_photos(place: &Place) -> String {
    copy("photos", place)
}

/// A data set of them.
pub(crate) fn synthetic_dataset(place: &Place) -> String {
    copy("photos", place);
    copy("data", place)
}

/// Writes one of the two, which are made once, into a place of the test's own.
fn copy(name: &str, place: &Place) -> String {
    static MADE: LazyLock<BTreeMap<PathBuf, Vec<u8>>> = LazyLock::new(|| {
        let made = Place::new();
        let [photos, data] = ["photos", "data"].map(|name| made.path(name));
        let catalogue = Catalogue::new(1).with_per_label(1);
        catalogue.write_small_fashion(&photos).unwrap();
        succeeds("ingest", &["small-fashion", &photos, "--out", &data]);
        files_below(made.0.path())
    });
    for (path, bytes) in MADE.iter().filter(|(path, _)| path.starts_with(name)) {
        place.write(path.to_str().unwrap(), bytes);
    }
    place.path(name)
}
