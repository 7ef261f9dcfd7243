//! The pages that are written to files.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::fs;

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{
    Dataset, Folder, Ingest, IngestOptions, LabelEditor, ProductType,
    corrections::{Correction, CorrectionTable, LabelChange},
};
use ai4fashion_review::{ReviewOptions, write_contact_sheets, write_page, write_report};
use ai4fashion_testkit::{encoded, garment};
use image::ImageFormat;
use tempfile::TempDir;

/// Ingests two garments.
fn dataset() -> (TempDir, Dataset) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    fs::create_dir(&photos).unwrap();
    for (name, color) in [("a", [200, 20, 30]), ("b", [30, 80, 190])] {
        let bytes = encoded(garment(32, color), ImageFormat::Png);
        fs::write(photos.join(format!("{name}.png")), bytes).unwrap();
    }
    let ingest = Ingest::new(IngestOptions::default().with_image_size(16)).unwrap();
    ingest.run(&[&Folder::open(&photos).unwrap()], &out, &()).unwrap();
    (temp, Dataset::open(out).unwrap())
}

#[test]
fn pages_load_nothing_from_elsewhere_and_name_no_command() {
    let (temp, dataset) = dataset();
    let pages = [
        write_page(&dataset, &ReviewOptions::default()).unwrap(),
        write_report(&dataset, temp.path().join("charts")).unwrap(),
        write_contact_sheets(&dataset, temp.path().join("sheets")).unwrap(),
    ];
    for page in pages {
        let html = fs::read_to_string(&page).unwrap();
        for out in ["http:", "https:", "cargo ", "--apply", "ai4fashion "] {
            assert!(!html.contains(out), "{out} in {}", page.display());
        }
    }
}

/// A column of numbers in the data of a page.
fn column(html: &str, name: &str) -> Vec<i64> {
    let (_, rest) = html.split_once(&format!("\"{name}\":")).unwrap();
    let (numbers, _) = rest.split_once(']').unwrap();
    serde_json::from_str(&format!("{numbers}]")).unwrap()
}

#[test]
fn page_has_suggested_types_and_no_doubt_of_human_labels() {
    let (_temp, dataset) = dataset();
    let page = |dataset: &Dataset| {
        fs::read_to_string(write_page(dataset, &ReviewOptions::default()).unwrap()).unwrap()
    };
    let before = page(&dataset);
    let suggested: Vec<i64> = dataset
        .records()
        .iter()
        .map(|record| ProductType::number_of(record.suggested_type).into())
        .collect();
    assert_eq!(column(&before, "suggested_type"), suggested);
    assert_eq!(column(&before, "type_is_suggested"), [1, 1]);
    let probabilities = [column(&before, "type_confidence"), column(&before, "doubt")].concat();
    assert!(
        probabilities.iter().all(|number| (0..=1000).contains(number)),
        "{probabilities:?}"
    );

    let record = &dataset.records()[0];
    let correction = Correction::new(&record.file, record.color, record.product_type)
        .with_color(LabelChange::Set(record.color))
        .with_type(LabelChange::Set(record.product_type));
    let table: CorrectionTable = [correction].into_iter().collect();
    let mut editor = LabelEditor::open(dataset.root()).unwrap();
    editor.apply(&table).unwrap();
    let after = page(editor.dataset());
    assert_eq!(column(&after, "doubt"), [0, column(&before, "doubt")[1]]);
    // The type before a person has confirmed it.
    assert_eq!(column(&after, "type_is_suggested"), [1, 1]);
}

#[test]
fn page_holds_thumbnails_of_few_images_only() {
    let (_temp, dataset) = dataset();
    let page = |inline| {
        let options = ReviewOptions::default().with_inline(inline);
        fs::read_to_string(write_page(&dataset, &options).unwrap()).unwrap()
    };
    assert_eq!(page(2).matches("class=\"sheet\">").count(), 1);
    assert_eq!(page(1).matches("class=\"sheet\">").count(), 0);
}

#[test]
fn report_compares_the_classifier_with_human_labels() {
    let (temp, dataset) = dataset();
    let record = &dataset.records()[0];
    let correction = Correction::new(&record.file, record.color, record.product_type)
        .with_color(LabelChange::Set(BasicColor::Pink));
    let table: CorrectionTable = [correction].into_iter().collect();
    let mut editor = LabelEditor::open(dataset.root()).unwrap();
    editor.apply(&table).unwrap();
    let path = write_report(editor.dataset(), temp.path().join("charts")).unwrap();
    let html = fs::read_to_string(path).unwrap();
    for part in [
        "2 images; 1 of them checked by a person",
        "agrees with 0.0% of 1 ",
        "pink 1",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
}
