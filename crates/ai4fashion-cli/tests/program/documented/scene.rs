//! The files that the documentation's commands name.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use ai4fashion_dataset::Dataset;
use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::{ZipFile, files_below, write, zip};
use tempfile::TempDir;

use crate::program::succeeds;

/// A folder that is the project, and folders beside it.
pub(super) struct Scene(TempDir);

impl Scene {
    /// Photos in every layout, a data set, a training run, and what else is named.
    pub(super) fn new() -> Self {
        let scene = Self(tempfile::tempdir().unwrap());
        let photos = scene.add_photos();
        scene.add_data_set(&photos);
        scene.add_runs();
        scene
    }

    /// A scene of a page's own.
    pub(super) fn copy(&self) -> Self {
        let copy = tempfile::tempdir().unwrap();
        let mut copying = Command::new("cp");
        copying.arg("-R").arg(self.0.path().join(".")).arg(copy.path());
        assert!(copying.status().unwrap().success());
        Self(copy)
    }

    /// Where commands are run.
    pub(super) fn project(&self) -> PathBuf {
        self.0.path().join("project")
    }

    fn path(&self, name: &str) -> String {
        self.project().join(name).to_str().unwrap().to_owned()
    }

    /// Writes photos, and returns the folder in Kaggle's layout.
    fn add_photos(&self) -> PathBuf {
        let catalogue = Catalogue::new(1).with_per_label(1);
        let kaggle = self.0.path().join("shared/data/smallfashion");
        let truth = catalogue.write_small_fashion(&kaggle).unwrap();
        catalogue.write_lookbook(self.path("shop")).unwrap();
        write(self.path("archive.zip"), archive(&kaggle));
        write(self.path("lookbook.zip"), archive(self.path("shop").as_ref()));
        let types = fs::read(self.path("shop/types.csv")).unwrap();
        write(self.path("types.csv"), types);

        // The first half shows garments alone, as its last column says.
        let mut garment_only = "id,color,garment_only\n".to_owned();
        for (number, garment) in truth.iter().enumerate() {
            let id = garment.file.file_stem().unwrap().display();
            let is_alone = u8::from(number < truth.len() / 2);
            garment_only.push_str(&format!("{id},{},{is_alone}\n", garment.color));
        }
        write(kaggle.join("labels.csv"), garment_only);

        let mut labels = "id,color\n".to_owned();
        for (number, garment) in truth.iter().enumerate().take(16) {
            let photo = fs::read(kaggle.join(&garment.file)).unwrap();
            let name = garment.file.file_name().unwrap().to_str().unwrap();
            for folder in ["photos", "DIR", "HELD_OUT", "generated"] {
                write(self.path(&format!("{folder}/{name}")), &photo);
            }
            write(self.path(&format!("more/{number}_CLEAN1_1.jpg")), &photo);
            for photo_alone in ["shirt.jpg", "FILE"] {
                write(self.path(photo_alone), &photo);
            }
            labels.push_str(&format!("{},{}\n", name.trim_end_matches(".jpg"), garment.color));
        }
        write(self.path("CSV"), labels);
        // What the quickstart renders.
        for id in [10182, 10658] {
            let name = format!("target/quickstart/photos/small-fashion/images/{id}.jpg");
            fs::create_dir_all(Path::new(&self.path(&name)).parent().unwrap()).unwrap();
            fs::copy(self.path("shirt.jpg"), self.path(&name)).unwrap();
        }
        kaggle
    }

    /// A data set under both of its names, some of its labels corrected.
    fn add_data_set(&self, photos: &Path) {
        for dataset in ["dataset", "DATASET"].map(|name| self.path(name)) {
            succeeds(
                "ingest",
                &["small-fashion", photos.to_str().unwrap(), "--out", &dataset],
            );
        }
        let dataset = Dataset::open(self.path("DATASET")).unwrap();
        let mut corrections = "file,new_color\n".to_owned();
        for record in dataset.records().iter().take(20) {
            corrections.push_str(&format!("{},red\n", record.file));
        }
        write(self.path("corrections.csv"), corrections);
        let apply = ["--apply", &self.path("corrections.csv")];
        succeeds("review", &[&[&*self.path("dataset")], &apply[..]].concat());
    }

    /// A run and one with labels, as they are called, and weights and images of other programs.
    fn add_runs(&self) {
        let data = [
            "--data",
            &self.path("dataset"),
            "--limit",
            "24",
            "--batch-size",
            "12",
        ];
        let small = ["--image-size", "16", "--ngf", "4", "--ndf", "4"];
        let runs: [(&str, &[&str]); 2] = [("runs/first", &[]), ("runs/by-label", &["--condition", "both"])];
        for (run, options) in runs {
            let run = ["--run", &self.path(run), "--epochs", "1"];
            succeeds("train", &[&data[..], &small, &run, options].concat());
        }
        let weights = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../ai4fashion-dcgan/tests/data/tiny.pth"
        );
        for name in ["netG.pth", "netG_epoch_24.pth"] {
            fs::copy(weights, self.path(name)).unwrap();
        }
        write(
            self.path("tiny.json"),
            r#"{"image_size": 8, "nz": 2, "ngf": 1, "ndf": 1}"#,
        );
        for name in ["real.npy", "fake.npy"] {
            write(self.path(name), npy());
        }
    }
}

/// A folder as a `.zip`.
fn archive(folder: &Path) -> Vec<u8> {
    let files = files_below(folder).into_iter();
    let files = files.map(|(name, bytes)| ZipFile::new(name.to_str().unwrap(), bytes));
    zip(&files.collect::<Vec<_>>()).bytes
}

/// Sixteen images of 16x16 as NumPy saves them: format 1.0 of `numpy.lib.format`.
fn npy() -> Vec<u8> {
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (16, 16, 16, 3), }";
    let header = format!("{header:117}\n");
    let pixels = (0..16 * 16 * 16 * 3).map(|at: usize| (at * at % 251) as u8);
    let bytes = b"\x93NUMPY\x01\x00v\x00".iter().copied().chain(header.bytes());
    bytes.chain(pixels).collect()
}
