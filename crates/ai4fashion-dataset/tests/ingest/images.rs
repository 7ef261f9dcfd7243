//! Names, labels and splits of images, and images that cannot be used.

use std::{collections::BTreeMap, fs};

use ai4fashion_dataset::{
    BasicColor, Dataset, Folder, Ingest, IngestOptions, LabeledName, Record, RejectReason, SmallFashion,
    Split,
    image::ImageFormat,
    ingest::{LabelMethod, SplitOptions},
    record::{PixelsHash, TypeSource},
};
use ai4fashion_synthetic::{Catalogue, GroundTruth};
use ai4fashion_testkit::{encoded, garment, hostile_files};

use crate::place::{ingest, ingest_with, places, red, write};

/// Accuracy, and the images with a wrong colour.
fn accuracy(dataset: &Dataset, truth: &[GroundTruth]) -> (f64, Vec<String>) {
    let color_of: BTreeMap<String, BasicColor> = truth
        .iter()
        .map(|truth| (truth.file.display().to_string(), truth.color))
        .collect();
    let wrong: Vec<String> = dataset
        .records()
        .iter()
        .filter(|record| color_of[&record.source_path] != record.color)
        .map(|record| {
            format!(
                "{} is {} named {}",
                record.source_path, color_of[&record.source_path], record.color
            )
        })
        .collect();
    (1.0 - wrong.len() as f64 / dataset.len() as f64, wrong)
}

#[test]
fn small_fashion_is_ingested_whole() {
    let (_temp, photos, out) = places();
    let catalogue = Catalogue::new(3).with_per_label(1);
    let truth = catalogue.write_small_fashion(&photos).unwrap();
    write(photos.join("images/99999.jpg"), red());

    let report = ingest(&SmallFashion::open(&photos).unwrap(), &out);
    let counts = &report.summary.sources[0];
    assert_eq!(
        (
            report.summary.found,
            report.summary.written,
            report.summary.rejected
        ),
        (133, 133, 0)
    );
    assert_eq!(
        (
            counts.rows_without_image,
            counts.images_without_row,
            counts.rows_rejected
        ),
        (1, 1, 0)
    );
    assert!(report.is_complete());

    let dataset = Dataset::open(&out).unwrap();
    assert_eq!(dataset.len(), 133);
    for (index, record) in dataset.records().iter().enumerate() {
        let name: LabeledName = record.file.strip_prefix("images/").unwrap().parse().unwrap();
        assert_eq!(
            (name.color(), name.product_type()),
            (record.color, record.product_type)
        );
        assert_eq!(dataset.load(index).unwrap().dimensions(), (256, 256));
    }
    let stray = dataset
        .records()
        .iter()
        .find(|record| record.source_path == "images/99999.jpg")
        .unwrap();
    assert_eq!(
        (stray.color, stray.product_type),
        (BasicColor::Red, stray.suggested_type)
    );
    let is_from_table = |record: &&Record| record.type_source == Some(TypeSource::ArticleType);
    assert!(!is_from_table(&stray));
    let typed = dataset
        .records()
        .iter()
        .filter(|record| record.product_type.is_some())
        .filter(is_from_table)
        .count();
    // Kaggle has no word for blouses and coats: 10 of 12 types are known.
    assert_eq!(typed, truth.len() / 12 * 10);
}

#[test]
fn synthetic_catalogue_gets_its_true_colors() {
    let (_temp, photos, out) = places();
    let truth = Catalogue::new(11)
        .with_per_label(4)
        .write_small_fashion(&photos)
        .unwrap();
    ingest(&SmallFashion::open(&photos).unwrap(), &out);
    let (share, wrong) = accuracy(&Dataset::open(&out).unwrap(), &truth);
    assert!(share >= 0.98, "{share}: {wrong:#?}");
}

#[test]
fn bad_images_are_rejected_listed_and_counted() {
    let (_temp, photos, out) = places();
    write(photos.join("good.png"), red());
    let hostile = hostile_files();
    for file in &hostile {
        write(photos.join(file.name).with_extension("jpg"), &file.bytes);
    }
    let report = ingest(&Folder::open(&photos).unwrap(), &out);
    assert_eq!(
        (report.summary.written, report.summary.rejected),
        (1, hostile.len())
    );
    assert!(!report.is_complete());
    let listed = fs::read_to_string(out.join("rejected.jsonl")).unwrap();
    assert_eq!(listed.lines().count(), hostile.len());
    for file in &hostile {
        let line = listed
            .lines()
            .find(|line| line.contains(&format!("\"{}.jpg\"", file.name)))
            .unwrap();
        assert!(
            line.contains(&format!("\"reason\":\"{}\"", file.reason)),
            "{line}"
        );
    }
}

#[test]
fn image_of_a_format_that_is_not_read_is_listed() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.HEIC"), b"\0\0\0\x18ftypheic");
    let report = ingest(&Folder::open(&photos).unwrap(), &out);
    assert_eq!((report.summary.found, report.summary.written), (2, 1));
    assert_eq!(
        (&*report.rejected[0].source_path, report.rejected[0].reason),
        ("b.HEIC", RejectReason::NotAnImage)
    );
}

#[test]
fn image_that_is_turned_by_its_exif_data_comes_upright() {
    let (_temp, photos, out) = places();
    let mut lying = garment(64, [30, 60, 180]);
    lying = ai4fashion_dataset::image::imageops::crop_imm(&lying, 0, 16, 64, 32).to_image();
    write(
        photos.join("a.jpg"),
        ai4fashion_testkit::jpeg_with_orientation(&lying, 6),
    );
    ingest(&Folder::open(&photos).unwrap(), &out);
    let dataset = Dataset::open(&out).unwrap();
    assert_eq!(
        (dataset.records()[0].orientation, dataset.records()[0].width),
        (6, 64)
    );
    // Upright it is 32 wide and 64 high: white at the left, cloth in the middle.
    let image = dataset.load(0).unwrap();
    assert!(
        image
            .get_pixel(60, 128)
            .0
            .iter()
            .all(|component| *component > 245)
    );
    assert!(image.get_pixel(128, 128).0[2] > 150 && image.get_pixel(128, 128).0[0] < 60);
}

#[test]
fn equal_stems_in_two_folders_and_two_sources_keep_both_images() {
    let (temp, photos, out) = places();
    let more = temp.path().join("more");
    write(photos.join("a/x.png"), red());
    write(photos.join("b/x.png"), red());
    write(more.join("X.png"), red());
    let sources = [Folder::open(&photos).unwrap(), Folder::open(&more).unwrap()];
    let report = Ingest::new(IngestOptions::default().with_labels(LabelMethod::Color))
        .unwrap()
        .run(&[&sources[0], &sources[1]], &out, &())
        .unwrap();
    assert_eq!(report.summary.sources.len(), 2);
    let dataset = Dataset::open(&out).unwrap();
    let files: Vec<&str> = dataset.records().iter().map(|record| &*record.file).collect();
    assert_eq!(
        files,
        [
            "images/red_x_0.jpg",
            "images/red_x~2_0.jpg",
            "images/red_X~3_0.jpg"
        ]
    );
}

#[test]
fn equal_images_are_counted_and_stay_in_one_split() {
    let (_temp, photos, out) = places();
    for level in 0..20 {
        let image = garment(64, [level * 12, 30, 30]);
        write(
            photos.join(format!("{level}.png")),
            encoded(image.clone(), ImageFormat::Png),
        );
        write(
            photos.join(format!("{level}.bmp")),
            encoded(image, ImageFormat::Bmp),
        );
    }
    let split = SplitOptions::default().with_percent(30, 30);
    let source = Folder::open(&photos).unwrap();
    let report = ingest_with(IngestOptions::default().with_split(split), &source, &out);
    assert_eq!(report.summary.duplicates, 20);
    assert!(
        report.summary.splits.values().all(|count| *count > 0),
        "{:?}",
        report.summary.splits
    );
    let dataset = Dataset::open(&out).unwrap();
    let mut splits: BTreeMap<PixelsHash, Vec<Split>> = BTreeMap::new();
    for record in dataset.records() {
        splits.entry(record.pixels_blake3).or_default().push(record.split);
    }
    assert!(splits.len() == 20 && splits.values().all(|splits| splits[0] == splits[1]));
}
