//! The files of a data set, as other programs read them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{fs, path::Path};

use ai4fashion_dataset::{
    BasicColor, Dataset, Error, Ingest, IngestOptions, LookBook, Record, Sidecar,
    ingest::{SplitOptions, Summary},
};
use ai4fashion_synthetic::{Catalogue, GroundTruth, View};

fn dataset() -> (tempfile::TempDir, Dataset, Vec<GroundTruth>) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    let truth = Catalogue::new(2)
        .with_per_label(1)
        .write_lookbook(&photos)
        .unwrap();
    let source = LookBook::open(&photos).unwrap();
    Ingest::new(IngestOptions::default())
        .unwrap()
        .run(&[&source], &out, &())
        .unwrap();
    (temp, Dataset::open(out).unwrap(), truth)
}

#[test]
fn every_image_is_in_manifest_metadata_and_on_disk() {
    let (_temp, dataset, truth) = dataset();
    assert_eq!(
        dataset.len(),
        truth
            .iter()
            .filter(|truth| truth.view == View::GarmentOnly)
            .count()
    );
    let mut table = csv::Reader::from_path(dataset.root().join("metadata.csv")).unwrap();
    assert_eq!(
        table.headers().unwrap().iter().take(3).collect::<Vec<_>>(),
        ["file_name", "color", "type"]
    );
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), dataset.len());
    for (index, (row, record)) in rows.iter().zip(dataset.records()).enumerate() {
        assert_eq!((&row[0], &row[1]), (&*record.file, record.color.as_str()));
        assert!(dataset.path(index).is_file());
    }
    assert_eq!(
        fs::read_dir(dataset.root().join("images")).unwrap().count(),
        dataset.len()
    );
}

#[test]
fn images_are_filtered_by_their_records() {
    let (_temp, dataset, truth) = dataset();
    let red = dataset.filter(|record| record.color == BasicColor::Red);
    assert!(
        red.len()
            >= truth
                .iter()
                .filter(|truth| truth.view == View::GarmentOnly && truth.color == BasicColor::Red)
                .count()
                - 1
    );
    assert!(red.iter().all(|(record, image)| {
        record.file.starts_with("images/red_") && image.unwrap().dimensions() == (256, 256)
    }));
}

#[test]
fn fractions_sum_to_one_and_the_hash_is_of_the_file() {
    let (temp, dataset, _) = dataset();
    for record in dataset.records() {
        assert!(
            (record.fractions.iter().sum::<f32>() - 1.0).abs() < 1e-4,
            "{record:?}"
        );
        let bytes = fs::read(temp.path().join("photos").join(&record.source_path)).unwrap();
        let hash = blake3::hash(&bytes).to_string();
        assert_eq!(
            (record.source_bytes, &*record.source_blake3),
            (bytes.len() as u64, &*hash)
        );
    }
}

#[test]
fn summary_adds_up() {
    let (_temp, dataset, _) = dataset();
    let text = fs::read_to_string(dataset.root().join("summary.json")).unwrap();
    let summary: Summary = serde_json::from_str(&text).unwrap();
    assert_eq!(summary.format, 4);
    assert_eq!(summary.colors.values().sum::<usize>(), dataset.len());
    assert_eq!(summary.types.values().sum::<usize>(), dataset.len());
    for record in &dataset {
        assert!(summary.count_of_color(record.color) > 0, "{}", record.color);
        assert!(
            summary.count_of_type(record.product_type) > 0,
            "{:?}",
            record.product_type
        );
    }
    let red = dataset
        .records()
        .iter()
        .filter(|record| record.color == BasicColor::Red);
    assert_eq!(summary.count_of_color(BasicColor::Red), red.count());
    assert_eq!(summary.splits.values().sum::<usize>(), dataset.len());
    assert_eq!(summary.settings.split, SplitOptions::default());
    let filtered: usize = summary.sources[0].filtered.values().sum();
    assert_eq!(summary.found, summary.written + summary.rejected + filtered);
}

/// Writes the number of images.
#[derive(Debug)]
struct Count;

impl Sidecar for Count {
    fn write(&self, records: &[Record], folder: &Path) -> Result<(), Error> {
        fs::create_dir_all(folder).map_err(Error::other)?;
        fs::write(folder.join("count.txt"), records.len().to_string()).map_err(Error::other)
    }

    fn is_complete(&self, _: &[Record], folder: &Path) -> bool {
        folder.join("count.txt").is_file()
    }
}

#[test]
fn sidecar_is_written_with_the_labels_and_again_if_it_is_gone() {
    let (temp, dataset, _) = dataset();
    let source = LookBook::open(temp.path().join("photos")).unwrap();
    let ingest = Ingest::new(IngestOptions::default()).unwrap().with_sidecar(Count);
    let file = dataset.root().join("plots/count.txt");
    for _ in 0..2 {
        let report = ingest.run(&[&source], dataset.root(), &()).unwrap();
        assert!(!report.is_unchanged);
        assert_eq!(fs::read_to_string(&file).unwrap(), dataset.len().to_string());
        assert!(ingest.run(&[&source], dataset.root(), &()).unwrap().is_unchanged);
        fs::remove_file(&file).unwrap();
    }
}
