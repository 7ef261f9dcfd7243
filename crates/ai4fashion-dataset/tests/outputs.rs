//! The files of a data set, as other programs read them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::fs;

use ai4fashion_dataset::{
    Dataset, Ingest, IngestOptions, LookBook, SplitOptions, Summary,
    synthetic::{Catalogue, Truth},
};

fn dataset() -> (tempfile::TempDir, Dataset, Vec<Truth>) {
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
fn every_picture_stands_in_manifest_and_metadata_and_on_disk() {
    let (_temp, dataset, truth) = dataset();
    assert_eq!(dataset.len(), truth.iter().filter(|truth| !truth.worn).count());
    let mut table = csv::Reader::from_path(dataset.root().join("metadata.csv")).unwrap();
    assert_eq!(
        table.headers().unwrap().iter().take(3).collect::<Vec<_>>(),
        ["file_name", "color", "type"]
    );
    let rows: Vec<csv::StringRecord> = table.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), dataset.len());
    for (index, (row, record)) in rows.iter().zip(dataset.records()).enumerate() {
        assert_eq!((&row[0], &row[1]), (&*record.file, record.color.name()));
        assert!(dataset.path(index).is_file());
    }
    assert_eq!(
        fs::read_dir(dataset.root().join("images")).unwrap().count(),
        dataset.len()
    );
}

#[test]
fn shares_are_whole_and_the_hash_is_that_of_the_file() {
    use sha2::{Digest, Sha256};
    let (temp, dataset, _) = dataset();
    for record in dataset.records() {
        assert!(
            (record.shares.iter().sum::<f32>() - 1.0).abs() < 1e-4,
            "{record:?}"
        );
        let bytes = fs::read(temp.path().join("photos").join(&record.original)).unwrap();
        let hash: String = Sha256::digest(&bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        assert_eq!((record.bytes, &*record.sha256), (bytes.len() as u64, &*hash));
    }
}

#[test]
fn summary_adds_up() {
    let (_temp, dataset, _) = dataset();
    let text = fs::read_to_string(dataset.root().join("summary.json")).unwrap();
    let summary: Summary = serde_json::from_str(&text).unwrap();
    assert_eq!(summary.version, 1);
    assert_eq!(summary.colors.values().sum::<usize>(), dataset.len());
    assert_eq!(summary.types.values().sum::<usize>(), dataset.len());
    assert_eq!(summary.splits.values().sum::<usize>(), dataset.len());
    assert_eq!(summary.settings.split, SplitOptions::default());
    let left_out: usize = summary.sources[0].left_out.values().sum();
    assert_eq!(summary.found, summary.written + summary.skipped + left_out);
}

#[cfg(feature = "plot")]
#[test]
fn plots_have_a_bar_in_each_names_colour_and_their_own_font() {
    use ai4fashion_dataset::{BasicColor, Limits, decode};
    let (_temp, dataset, _) = dataset();
    let plots = dataset.root().join("plots");
    let svg = fs::read_to_string(plots.join("colors.svg")).unwrap();
    let png = decode(&fs::read(plots.join("colors.png")).unwrap(), &Limits::default())
        .unwrap()
        .into_rgb();
    assert!(svg.contains("@font-face"));
    for color in BasicColor::ALL {
        let (red, green, blue) = color.srgb().into_components();
        assert!(svg.contains(&format!(">\n{color}\n<")), "{color} is not written");
        assert!(
            svg.contains(&format!("#{red:02X}{green:02X}{blue:02X}")),
            "{color} has no bar"
        );
        let shown = png.pixels().filter(|pixel| pixel.0 == [red, green, blue]).count();
        assert!(shown > 500, "{color}: {shown} pixels");
    }
    // Letters are drawn: dark pixels stand below the bars.
    let below = png
        .enumerate_pixels()
        .filter(|(_, y, pixel)| *y > png.height() - 60 && pixel.0[0] < 120);
    assert!(below.count() > 300);
    assert!(plots.join("types.svg").is_file() && plots.join("types.png").is_file());
}
