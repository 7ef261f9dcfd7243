//! The files of a data set, as other programs read them.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{fs, process::Command};

use ai4fashion_dataset::{
    BasicColor, Dataset, Ingest, IngestOptions, LookBook, Record, SplitOptions, Summary,
    synthetic::{Catalogue, Truth},
};
use ai4fashion_testkit::{printed, python};
use serde_json::{Value, json};

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
        assert_eq!((&row[0], &row[1]), (&*record.file, record.color.as_str()));
        assert!(dataset.path(index).is_file());
    }
    assert_eq!(
        fs::read_dir(dataset.root().join("images")).unwrap().count(),
        dataset.len()
    );
}

#[test]
fn pictures_are_filtered_by_what_is_known_of_them() {
    let (_temp, dataset, truth) = dataset();
    let red = dataset.filtered(|record| record.color == BasicColor::Red);
    assert!(
        red.len()
            >= truth
                .iter()
                .filter(|truth| !truth.worn && truth.color == BasicColor::Red)
                .count()
                - 1
    );
    assert!(red.iter().all(|(record, picture)| {
        record.file.starts_with("images/red_") && picture.unwrap().dimensions() == (256, 256)
    }));
}

#[test]
fn pythons_libraries_read_what_is_written() {
    let Some(python) = python("pythons_libraries_read_what_is_written", "PEER_PYTHON") else {
        return;
    };
    let has_them = Command::new(&python)
        .args(["-c", "import datasets, pyarrow"])
        .output()
        .unwrap();
    if !has_them.status.success() {
        eprintln!("skipped: pythons_libraries_read_what_is_written needs `datasets` in PEER_PYTHON");
        return;
    }
    let (temp, dataset, _) = dataset();
    let parquet = temp.path().join("manifest.parquet");
    dataset.write_parquet(&parquet).unwrap();
    let read = "import sys, json, datasets, pyarrow.parquet as p\n\
                d = datasets.load_dataset('imagefolder', data_dir=sys.argv[1], split='train')\n\
                t = p.read_table(sys.argv[2])\n\
                print(json.dumps([[r['color'], r['type'], r['split'], r['original'], r['image'].size] for r in d]))\n\
                print(json.dumps([[r['file'], r['color'], r['type'], r['mixed'], r['group'], round(r['share_red'] * 1e6)] for r in t.to_pylist()]))";
    let printed = printed(
        Command::new(python)
            .args(["-c", read])
            .args([dataset.root(), &parquet])
            .env("HF_HOME", temp.path()),
    );
    let mut lines = printed
        .split(|byte| *byte == b'\n')
        .map(serde_json::from_slice::<Value>);
    let expected = |row: fn(&Record) -> Value| Value::Array(dataset.records().iter().map(row).collect());
    let sorted = |value: Value| {
        let mut rows: Vec<String> = value.as_array().unwrap().iter().map(Value::to_string).collect();
        rows.sort();
        rows
    };
    assert_eq!(
        sorted(lines.next().unwrap().unwrap()),
        sorted(expected(|r| json!([
            r.color,
            r.product_type.map_or(0, |known| known.number()),
            r.split,
            r.original,
            [256, 256]
        ])))
    );
    assert_eq!(
        lines.next().unwrap().unwrap(),
        expected(|r| json!([
            r.file,
            r.color,
            r.product_type.map(|known| known.number()),
            r.mixed,
            r.group,
            (f64::from(r.shares[8]) * 1e6).round() as i64
        ]))
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
        let [red, green, blue] = color.srgb();
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
