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
                    write(work_folder(&out).join("new/stray.txt"), "of another program");
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
fn nothing_is_written_over_and_what_is_refused_leaves_nothing() {
    let (temp, dataset) = dataset(2);
    let refused = |out: &Path| run(Format::ImageFolder, &dataset, out).unwrap_err().0;
    let taken = temp.path().join("taken");
    write(taken.join("mine.txt"), "mine");
    let before = files_below(temp.path());
    assert!(matches!(refused(&taken).kind(), ErrorKind::NotEmpty { .. }));
    let file = taken.join("mine.txt");
    assert!(matches!(refused(&file).kind(), ErrorKind::NotAFolder { .. }));
    for inside in ["exported", "deep/er/exported"] {
        let error = refused(&dataset.root().join(inside));
        assert!(matches!(error.kind(), ErrorKind::Overlap { .. }), "{error}");
    }
    assert!(matches!(refused(temp.path()).kind(), ErrorKind::Overlap { .. }));
    assert!(!dataset.root().join("deep").exists());
    assert_eq!(files_below(temp.path()), before);
}

#[test]
fn name_that_loaders_take_for_a_pattern_is_refused() {
    let (temp, dataset) = dataset(2);
    for name in ["a*b", "a?", "[br]", "{a,b}", "a::b", "~", "a\u{7f}"] {
        let error = run(Format::Parquet, &dataset, &temp.path().join(name))
            .unwrap_err()
            .0;
        assert!(
            matches!(error.kind(), ErrorKind::Name { .. }),
            "{name:?}: {error}"
        );
    }
    let error = run(Format::Parquet, &dataset, &temp.path().join("missing/.."))
        .unwrap_err()
        .0;
    assert!(matches!(error.kind(), ErrorKind::NotAFolder { .. }), "{error}");
    run(
        Format::Parquet,
        &dataset,
        &temp.path().join("spaces & quotes' #1"),
    )
    .unwrap();
}

#[test]
fn work_folder_of_somebody_else_is_left_alone() {
    let (temp, dataset) = dataset(2);
    let refused = |name: &str| {
        run(Format::ImageFolder, &dataset, &temp.path().join(name))
            .unwrap_err()
            .0
    };
    write(temp.path().join(".a.part/mine.txt"), "mine");
    write(temp.path().join(".b.part"), "mine");
    for name in ["a", "b"] {
        assert!(
            matches!(refused(name).kind(), ErrorKind::NotOurs { .. }),
            "{name}"
        );
    }
    assert_eq!(
        fs::read_to_string(temp.path().join(".a.part/mine.txt")).unwrap(),
        "mine"
    );
    // In use: another process holds the lock.
    let lock = temp.path().join(".c.part/lock");
    write(&lock, "");
    let held = ai4fashion_files::FileLock::try_acquire(&lock).unwrap();
    assert!(matches!(refused("c").kind(), ErrorKind::InUse { .. }));
    drop(held);
    run(Format::ImageFolder, &dataset, &temp.path().join("c")).unwrap();
}

#[cfg(unix)]
#[test]
fn links_are_followed_to_folders_and_refused_elsewhere() {
    use std::os::unix::fs::symlink;
    let (temp, dataset) = dataset(20);
    let [target, link, nowhere] = ["target", "link", "nowhere"].map(|name| temp.path().join(name));
    fs::create_dir(&target).unwrap();
    symlink(&target, &link).unwrap();
    symlink(temp.path().join("missing"), &nowhere).unwrap();
    run(Format::ImageFolder, &dataset, &link).unwrap();
    assert!(target.join("README.md").is_file() && link.is_symlink());
    let error = run(Format::ImageFolder, &dataset, &nowhere).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotAFolder { .. }), "{error}");
    // What somebody has put in place of our folder is not followed.
    let out = temp.path().join("out");
    export(Format::ImageFolder)
        .run(&dataset, &out, &StopAfter::new(1))
        .unwrap_err();
    fs::remove_dir_all(work_folder(&out).join("new")).unwrap();
    symlink(&target, work_folder(&out).join("new")).unwrap();
    let error = run(Format::ImageFolder, &dataset, &out).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotOurs { .. }), "{error}");
}

#[test]
fn folder_that_is_there_is_filled_and_goes_on_wherever_it_was_stopped() {
    let (temp, dataset) = dataset(20);
    let (whole, out) = (temp.path().join("whole/out"), temp.path().join("there/out"));
    run(Format::WebDataset, &dataset, &whole).unwrap();
    let expected = files_below(&whole);
    fs::create_dir_all(&out).unwrap();
    let work = out.join(".export.part");
    export(Format::WebDataset)
        .run(&dataset, &out, &StopAfter::new(1))
        .unwrap_err();
    assert!(work.join("export.json").is_file());
    let state = fs::read(work.join("export.json")).unwrap();
    run(Format::WebDataset, &dataset, &out).unwrap();
    assert_eq!(files_below(&out), expected);
    // Killed while it moved its files up: two are there, the others are not, the metadata least.
    write(work.join("export.json"), state);
    for (path, bytes) in expected
        .iter()
        .filter(|(path, _)| path.extension() != Some("tar".as_ref()))
    {
        fs::remove_file(out.join(path)).unwrap();
        write(work.join("new").join(path), bytes);
    }
    run(Format::WebDataset, &dataset, &out).unwrap();
    assert_eq!(files_below(&out), expected);
    // A file of somebody else stays, and stops it.
    let other = temp.path().join("other/out");
    fs::create_dir_all(&other).unwrap();
    export(Format::WebDataset)
        .run(&dataset, &other, &StopAfter::new(1))
        .unwrap_err();
    write(other.join("mine.txt"), "mine");
    let error = run(Format::WebDataset, &dataset, &other).unwrap_err().0;
    assert!(matches!(error.kind(), ErrorKind::NotEmpty { .. }), "{error}");
    assert_eq!(fs::read_to_string(other.join("mine.txt")).unwrap(), "mine");
}

#[test]
fn export_that_lost_a_file_is_told_with_its_name() {
    let (temp, dataset) = dataset(4);
    for format in Format::ALL {
        let out = temp.path().join(format.as_str());
        run(format, &dataset, &out).unwrap();
        let is_table = |path: &PathBuf| path.ends_with("README.md") || path.ends_with("croissant.json");
        for path in files_below(&out).into_keys().filter(|path| !is_table(path)) {
            let bytes = fs::read(out.join(&path)).unwrap();
            fs::remove_file(out.join(&path)).unwrap();
            let error = run(format, &dataset, &out).unwrap_err().0;
            let ErrorKind::Incomplete { file, .. } = error.kind() else {
                panic!("{error}")
            };
            assert_eq!(Path::new(file), path);
            write(out.join(&path), bytes);
        }
        run(format, &dataset, &out).unwrap();
    }
}

/// Overwrites an image once the first is written.
struct ChangeImage<'a>(&'a Path);

impl Progress for ChangeImage<'_> {
    fn start(&self, _: usize) {
        write(self.0, "changed meanwhile");
    }
}

#[test]
fn image_that_is_changed_meanwhile_is_told() {
    let (temp, dataset) = dataset(4);
    let out = temp.path().join("out");
    let changed = export(Format::Parquet).run(&dataset, &out, &ChangeImage(&dataset.path(2)));
    let error = changed.unwrap_err();
    let ErrorKind::Changed { file, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(*file, dataset.records()[2].file);
    assert!(!out.exists());
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
