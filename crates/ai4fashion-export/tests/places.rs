//! Where an export is written, what is left out, and how one that was stopped goes on.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_dataset::{Dataset, Folder, Ingest, IngestOptions, ingest::Progress};
use ai4fashion_export::{Class, ErrorKind, Export, ExportOptions, ExportReport, Format};
use ai4fashion_testkit::{encoded, files_below, garment, write};
use image::ImageFormat;
use tempfile::TempDir;

/// A data set of some images, each with another stripe.
fn dataset(images: u8) -> (TempDir, Dataset) {
    let temp = tempfile::tempdir().unwrap();
    let photos = temp.path().join("photos");
    for image in 0..images {
        let color = [10 * image, 200 - 9 * image, 90];
        let bytes = encoded(garment(64, color), ImageFormat::Png);
        write(photos.join(format!("{image}.png")), bytes);
    }
    let out = temp.path().join("dataset");
    let options = IngestOptions::default().with_image_size(64);
    let source = Folder::open(&photos).unwrap();
    Ingest::new(options).unwrap().run(&[&source], &out, &()).unwrap();
    (temp, Dataset::open(out).unwrap())
}

fn export(format: Format) -> Export {
    Export::new(ExportOptions::new(format)).unwrap()
}

fn run(format: Format, dataset: &Dataset, out: &Path) -> Result<ExportReport, ErrorOfTest> {
    export(format).run(dataset, out, &()).map_err(ErrorOfTest)
}

#[derive(Debug)]
struct ErrorOfTest(ai4fashion_export::Error);

fn work_folder(out: &Path) -> PathBuf {
    let name = out.file_name().unwrap().to_str().unwrap();
    out.with_file_name(format!(".{name}.part"))
}

/// Asks to stop after some images.
struct StopAfter {
    images: usize,
    seen: AtomicUsize,
}

impl StopAfter {
    fn new(images: usize) -> Self {
        let seen = AtomicUsize::new(0);
        Self { images, seen }
    }
}

impl Progress for StopAfter {
    fn advance(&self, done: usize) {
        self.seen.fetch_max(done, Ordering::Relaxed);
    }

    fn should_stop(&self) -> bool {
        self.seen.load(Ordering::Relaxed) >= self.images
    }
}

#[test]
fn stopped_anywhere_it_goes_on_to_the_same_bytes() {
    let (temp, dataset) = dataset(20);
    for format in Format::ALL {
        let whole = temp.path().join(format!("whole-{format}/out"));
        run(format, &dataset, &whole).unwrap();
        let expected = files_below(&whole);
        for images in 1..20 {
            let out = temp.path().join(format!("{format}-{images}/out"));
            let stop = StopAfter::new(images);
            match export(format).run(&dataset, &out, &stop) {
                // With many threads all images may be under way.
                Ok(_) => {}
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Stopped { .. }), "{error}");
                    assert!(!out.exists());
                    // What a process leaves that is killed while it writes.
                    write(work_folder(&out).join("new/.partial-1"), "half");
                    write(work_folder(&out).join("new/data/.partial-2"), "half");
                    if format != Format::Parquet {
                        fs::remove_dir_all(work_folder(&out).join("new/data")).unwrap();
                    }
                    run(format, &dataset, &out).unwrap();
                }
            }
            assert!(files_below(&out) == expected, "{format} after {images}");
            assert!(!work_folder(&out).exists());
        }
    }
}

#[test]
fn whole_shards_of_a_stopped_export_are_kept_and_others_are_not() {
    let (temp, dataset) = dataset(20);
    let whole = temp.path().join("whole/out");
    let report = run(Format::Parquet, &dataset, &whole).unwrap();
    let (first, _) = files_below(&whole)
        .into_iter()
        .find(|(path, _)| path.starts_with("data"))
        .unwrap();
    let begun = temp.path().join("begun/out");
    export(Format::Parquet)
        .run(&dataset, &begun, &StopAfter::new(1))
        .unwrap_err();
    let shard = work_folder(&begun).join("new").join(&first);
    write(&shard, "kept as it is");
    let resumed = run(Format::Parquet, &dataset, &begun).unwrap();
    assert!(resumed.kept >= 1 && resumed.kept < report.shards, "{resumed:?}");
    assert_eq!(fs::read_to_string(begun.join(&first)).unwrap(), "kept as it is");
    // Of another export nothing is kept.
    let other = temp.path().join("other/out");
    export(Format::Parquet)
        .run(&dataset, &other, &StopAfter::new(1))
        .unwrap_err();
    write(work_folder(&other).join("new").join(&first), "not kept");
    let options = ExportOptions::new(Format::Parquet).with_shard_bytes(1_000_000);
    let report = Export::new(options).unwrap().run(&dataset, &other, &()).unwrap();
    assert_eq!(report.kept, 0);
    assert_eq!(
        fs::read(other.join(&first)).unwrap(),
        fs::read(whole.join(&first)).unwrap()
    );
}

#[test]
fn what_is_exported_already_stays_as_it_is() {
    let (temp, dataset) = dataset(2);
    let out = temp.path().join("finished/out");
    run(Format::Parquet, &dataset, &out).unwrap();
    // Filled in by hand, and what is left of an export that was killed after its last step.
    write(out.join("README.md"), "license: cc0-1.0");
    write(work_folder(&out).join("export.json"), "{}");
    let before = files_below(&out);
    let report = run(Format::Parquet, &dataset, &out).unwrap();
    assert_eq!(report.kept, report.shards);
    assert_eq!(files_below(&out), before);
    assert!(!work_folder(&out).exists());
    let error = run(Format::WebDataset, &dataset, &out).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotEmpty { .. }), "{error}");
}

#[test]
fn images_that_are_not_those_of_the_manifest_are_left_out_and_named() {
    let (temp, dataset) = dataset(6);
    fs::remove_file(dataset.path(1)).unwrap();
    fs::write(dataset.path(3), "no image").unwrap();
    fs::write(dataset.path(4), "").unwrap();
    for format in Format::ALL {
        let out = temp.path().join(format.as_str());
        let report = run(format, &dataset, &out).unwrap();
        assert_eq!(report.written(), 3);
        let named: Vec<&str> = report.left_out.iter().map(|it| &*it.file).collect();
        assert_eq!(
            named,
            [1, 3, 4].map(|index: usize| &*dataset.records()[index].file)
        );
        assert!(
            report.left_out[1].reason.contains("was changed"),
            "{:?}",
            report.left_out
        );
    }
    for index in [0, 2, 5] {
        fs::remove_file(dataset.path(index)).unwrap();
    }
    let error = run(Format::Parquet, &dataset, &temp.path().join("none"))
        .unwrap_err()
        .0;
    let message = error.to_string();
    assert!(
        message.starts_with("nothing to export: 6 of 6 images cannot be used; the first: images/"),
        "{message}"
    );
}

#[test]
fn nothing_is_written_over() {
    let (temp, dataset) = dataset(2);
    let refused = |out: &Path| run(Format::ImageFolder, &dataset, out).unwrap_err().0;
    let taken = temp.path().join("taken");
    write(taken.join("mine.txt"), "mine");
    assert!(matches!(refused(&taken).kind(), ErrorKind::NotEmpty { .. }));
    assert!(matches!(
        refused(&taken.join("mine.txt")).kind(),
        ErrorKind::NotAFolder { .. }
    ));
    let inside = dataset.root().join("exported");
    assert!(matches!(refused(&inside).kind(), ErrorKind::Overlap { .. }));
    assert!(matches!(refused(temp.path()).kind(), ErrorKind::Overlap { .. }));
    write(temp.path().join(".out.part/mine.txt"), "mine");
    assert!(matches!(
        refused(&temp.path().join("out")).kind(),
        ErrorKind::NotOurs { .. }
    ));
    assert_eq!(
        fs::read_to_string(temp.path().join(".out.part/mine.txt")).unwrap(),
        "mine"
    );
    let empty = temp.path().join("empty");
    fs::create_dir(&empty).unwrap();
    run(Format::ImageFolder, &dataset, &empty).unwrap();
    assert!(empty.join("README.md").is_file());
}

#[test]
fn shards_are_filled_up_to_their_size() {
    let (temp, dataset) = dataset(20);
    let error = Export::new(ExportOptions::new(Format::Parquet).with_shard_bytes(999_999));
    assert!(matches!(error.unwrap_err().kind(), ErrorKind::ShardBytes { .. }));
    // A million bytes of images: each is enlarged by what no decoder reads.
    for index in 0..dataset.len() {
        let mut bytes = fs::read(dataset.path(index)).unwrap();
        bytes.resize(300_000, 0);
        fs::write(dataset.path(index), bytes).unwrap();
    }
    let manifest = fs::read_to_string(dataset.root().join("manifest.jsonl")).unwrap();
    let mut lines = String::new();
    for (index, line) in manifest.lines().enumerate() {
        let old = &dataset.records()[index].image_sha256;
        let new = ai4fashion_files::sha256_hex(&fs::read(dataset.path(index)).unwrap());
        lines += &(line.replace(old, &new) + "\n");
    }
    fs::write(dataset.root().join("manifest.jsonl"), lines).unwrap();
    fs::remove_file(dataset.root().join("summary.json")).unwrap();
    let dataset = Dataset::open(dataset.root()).unwrap();
    for format in [Format::Parquet, Format::WebDataset] {
        let out = temp.path().join(format.as_str());
        let options = ExportOptions::new(format).with_shard_bytes(1_000_000);
        let report = Export::new(options).unwrap().run(&dataset, &out, &()).unwrap();
        let shards = report.splits.iter().map(|(_, images)| images.div_ceil(3));
        assert_eq!(report.shards, shards.sum::<usize>(), "{report:?}");
        let is_shard = |path: &&PathBuf| path.extension().is_some_and(|it| it == "parquet" || it == "tar");
        let files: BTreeMap<PathBuf, Vec<u8>> = files_below(&out);
        assert_eq!(files.keys().filter(is_shard).count(), report.shards);
    }
}

#[test]
fn folders_are_named_by_the_class_that_was_asked_for() {
    let (temp, dataset) = dataset(4);
    let options = ExportOptions::new(Format::ImageFolder).with_class(Class::Type);
    let out = temp.path().join("out");
    Export::new(options).unwrap().run(&dataset, &out, &()).unwrap();
    for record in dataset.records() {
        let class = record.product_type.map_or("none", |known| known.as_str());
        let name = record.file.strip_prefix("images/").unwrap();
        let path = out.join(record.split.as_str()).join(class).join(name);
        assert_eq!(
            fs::read(path).unwrap(),
            fs::read(dataset.root().join(&record.file)).unwrap()
        );
    }
}
