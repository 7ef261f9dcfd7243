//! The charts of a data set: as files, and as part of an ingestion and of a change of labels.
#![cfg(feature = "dataset")]
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{fs, path::Path};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{
    Dataset, Ingest, IngestOptions, LabelEditor, LookBook,
    corrections::{Correction, CorrectionTable, LabelChange},
};
use ai4fashion_image::{Limits, decode_file};
use ai4fashion_plot::{DistributionCharts, write_charts};
use ai4fashion_synthetic::Catalogue;

const FILES: [&str; 4] = ["colors.svg", "colors.png", "types.svg", "types.png"];

/// Ingests a synthetic catalogue with charts.
fn dataset() -> (tempfile::TempDir, Dataset) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    Catalogue::new(2)
        .with_per_label(1)
        .write_lookbook(&photos)
        .unwrap();
    ingest(&photos, &out);
    (temp, Dataset::open(out).unwrap())
}

/// Returns whether nothing had to be written.
fn ingest(photos: &Path, out: &Path) -> bool {
    let ingest = Ingest::new(IngestOptions::default().with_image_size(32)).unwrap();
    let ingest = ingest.with_sidecar(DistributionCharts);
    let source = LookBook::open(photos).unwrap();
    ingest.run(&[&source], out, &()).unwrap().is_unchanged
}

fn read(dataset: &Dataset) -> [Vec<u8>; 4] {
    FILES.map(|file| fs::read(dataset.root().join("plots").join(file)).unwrap())
}

#[test]
fn each_bar_has_the_colour_of_its_name() {
    let (_temp, dataset) = dataset();
    let plots = dataset.root().join("plots");
    let svg = fs::read_to_string(plots.join("colors.svg")).unwrap();
    let png = decode_file(plots.join("colors.png"), &Limits::default()).unwrap();
    let png = png.into_rgb8();
    assert!(svg.contains("@font-face"));
    for color in BasicColor::ALL {
        let [red, green, blue] = color.srgb();
        assert!(svg.contains(&format!(">\n{color}\n<")), "{color} is not written");
        assert!(
            svg.contains(&format!("#{red:02X}{green:02X}{blue:02X}")),
            "{color} has no bar"
        );
        let shown = png.pixels().filter(|pixel| pixel.0 == [red, green, blue]).count();
        assert!(shown > 500, "{color}: {shown} pixels");
    }
    // The names are written: dark pixels are below the bars.
    let below = png
        .enumerate_pixels()
        .filter(|(_, y, pixel)| *y > png.height() - 60 && pixel.0[0] < 120);
    assert!(below.count() > 300);
}

#[test]
fn ingestion_writes_missing_charts_again() {
    let (temp, dataset) = dataset();
    let photos = temp.path().join("photos");
    assert!(ingest(&photos, dataset.root()), "nothing has changed");
    let before = read(&dataset);
    fs::remove_file(dataset.root().join("plots/colors.png")).unwrap();
    assert!(!ingest(&photos, dataset.root()));
    assert_eq!(read(&dataset), before);
}

#[test]
fn charts_change_with_the_labels_and_are_undone_with_them() {
    let (_temp, dataset) = dataset();
    let before = read(&dataset);
    let record = &dataset.records()[0];
    let other = BasicColor::ALL.into_iter().find(|color| *color != record.color);
    let correction = Correction::new(&record.file, record.color, record.product_type);
    let correction = correction.with_color(LabelChange::Set(other.unwrap()));
    let table: CorrectionTable = [correction].into_iter().collect();

    let editor = LabelEditor::open(dataset.root()).unwrap();
    let mut editor = editor.with_sidecar(DistributionCharts);
    editor.apply(&table).unwrap();
    let after = read(&dataset);
    assert!(before[0] != after[0] && before[1] != after[1], "the colours");
    assert_eq!((&before[2], &before[3]), (&after[2], &after[3]), "the types");
    assert!(editor.undo().unwrap());
    assert_eq!(read(&dataset), before);
}

#[test]
fn charts_of_annotations_are_written_where_there_are_any() {
    let (temp, dataset) = dataset();
    let names = |dataset: &Dataset| {
        let charts = write_charts(dataset, temp.path().join("charts")).unwrap();
        charts.into_iter().map(|chart| chart.name).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&dataset),
        ["colors", "types", "colors-by-type", "confidence", "splits"]
    );
    let record = &dataset.records()[0];
    let correction = Correction::new(&record.file, record.color, record.product_type);
    let correction = correction.with_color(LabelChange::Set(record.color));
    let table: CorrectionTable = [correction].into_iter().collect();
    LabelEditor::open(dataset.root()).unwrap().apply(&table).unwrap();
    let dataset = Dataset::open(dataset.root()).unwrap();
    assert_eq!(
        names(&dataset)[5..],
        ["human", "before-and-after", "types-before-and-after"]
    );
}
