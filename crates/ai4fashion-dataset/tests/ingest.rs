//! Ingestion from files to a data set folder, on pictures drawn here.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{
    BasicColor, Dataset, ErrorKind, Folder, Ingest, IngestOptions, Keep, LabeledName, LookBook, ProductType,
    Report, SmallFashion, Source, SourceKind, Split, SplitOptions, TypeTable,
    image::ImageFormat,
    synthetic::{Catalogue, Truth},
};
use ai4fashion_testkit::{encoded, garment, hostile_files, jpeg, png};
use tempfile::TempDir;

fn write(path: impl AsRef<Path>, bytes: impl AsRef<[u8]>) {
    let path = path.as_ref();
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn red() -> Vec<u8> {
    encoded(garment(64, [200, 30, 30]), ImageFormat::Png)
}

/// A place for photos and one for the data set.
fn places() -> (TempDir, PathBuf, PathBuf) {
    let temp = tempfile::tempdir().unwrap();
    let (photos, out) = (temp.path().join("photos"), temp.path().join("out"));
    fs::create_dir(&photos).unwrap();
    (temp, photos, out)
}

fn ingest(source: &dyn Source, out: &Path) -> Report {
    ingest_with(IngestOptions::default(), source, out)
}

fn ingest_with(options: IngestOptions, source: &dyn Source, out: &Path) -> Report {
    Ingest::new(options).unwrap().run(&[source], out, &()).unwrap()
}

fn files_below(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(
                files_below(&path)
                    .into_iter()
                    .map(|(file, bytes)| (path.join(file), bytes)),
            );
        } else {
            files.insert(path.file_name().unwrap().into(), fs::read(&path).unwrap());
        }
    }
    files
}

/// Recall over the names, and the pairs that were mistaken for each other.
fn agreement(dataset: &Dataset, truth: &[Truth]) -> (f64, Vec<String>) {
    let color_of: BTreeMap<String, BasicColor> = truth
        .iter()
        .map(|truth| (truth.file.display().to_string(), truth.color))
        .collect();
    let wrong: Vec<String> = dataset
        .records()
        .iter()
        .filter(|record| color_of[&record.original] != record.color)
        .map(|record| {
            format!(
                "{} is {} named {}",
                record.original, color_of[&record.original], record.color
            )
        })
        .collect();
    (1.0 - wrong.len() as f64 / dataset.len() as f64, wrong)
}

#[test]
fn small_fashion_is_taken_in_whole() {
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
            report.summary.skipped
        ),
        (133, 133, 0)
    );
    assert_eq!(
        (
            counts.rows_without_picture,
            counts.pictures_without_row,
            counts.rows_refused
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
        .find(|record| record.original == "images/99999.jpg")
        .unwrap();
    assert_eq!((stray.color, stray.product_type), (BasicColor::Red, None));
    let typed = dataset
        .records()
        .iter()
        .filter(|record| record.product_type.is_some())
        .count();
    // Kaggle has no word for blouses and coats: 10 of 12 types are known.
    assert_eq!(typed, truth.len() / 12 * 10);
}

#[test]
fn drawn_catalogue_is_named_as_it_was_drawn() {
    let (_temp, photos, out) = places();
    let truth = Catalogue::new(11)
        .with_per_label(4)
        .write_small_fashion(&photos)
        .unwrap();
    ingest(&SmallFashion::open(&photos).unwrap(), &out);
    let (share, wrong) = agreement(&Dataset::open(&out).unwrap(), &truth);
    assert!(share >= 0.98, "{share}: {wrong:#?}");
}

#[test]
fn lookbook_takes_the_catalogue_photos_with_types_from_a_table() {
    let (_temp, photos, out) = places();
    Catalogue::new(5)
        .with_per_label(1)
        .write_lookbook(&photos)
        .unwrap();
    let types = TypeTable::open(photos.join("types.csv")).unwrap();
    let report = ingest(&LookBook::open(&photos).unwrap().with_types(types), &out);
    assert_eq!((report.summary.found, report.summary.written), (132 + 66, 132));
    assert_eq!(report.summary.sources[0].left_out["not-clean1"], 66);
    let dataset = Dataset::open(&out).unwrap();
    assert!(
        dataset
            .records()
            .iter()
            .all(|record| record.product_type.is_some())
    );
    assert_eq!(dataset.distribution().product_type(Some(ProductType::Coats)), 11);
}

#[test]
fn bad_pictures_are_skipped_listed_and_counted() {
    let (_temp, photos, out) = places();
    write(photos.join("good.png"), red());
    let hostile = hostile_files();
    for file in &hostile {
        write(photos.join(file.name).with_extension("jpg"), &file.bytes);
    }
    let report = ingest(&Folder::open(&photos).unwrap(), &out);
    assert_eq!(
        (report.summary.written, report.summary.skipped),
        (1, hostile.len())
    );
    assert!(!report.is_complete());
    let listed = fs::read_to_string(out.join("skipped.jsonl")).unwrap();
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
fn only_bad_pictures_are_an_error_and_nothing_is_left_behind() {
    let (temp, photos, out) = places();
    write(photos.join("a.jpg"), b"");
    let ingest = Ingest::new(IngestOptions::default()).unwrap();
    let error = ingest
        .run(&[&Folder::open(&photos).unwrap()], &out, &())
        .unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::NothingWritten {
                found: 1,
                skipped,
                ..
            } if skipped.len() == 1
        ),
        "{error}"
    );
    assert!(error.to_string().contains("`a.jpg`: file is empty"), "{error}");
    assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 1);
}

#[test]
fn same_sources_give_the_same_bytes() {
    let (temp, photos, out) = places();
    Catalogue::new(1)
        .with_per_label(1)
        .write_lookbook(&photos)
        .unwrap();
    let again = temp.path().join("again");
    ingest(&LookBook::open(&photos).unwrap(), &out);
    ingest(&LookBook::open(&photos).unwrap(), &again);
    let names = |folder: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let files = files_below(folder).into_iter();
        files
            .map(|(path, bytes)| {
                (
                    path.strip_prefix(folder).map_or(path.clone(), Path::to_owned),
                    bytes,
                )
            })
            .collect()
    };
    assert!(names(&out) == names(&again));
}

#[test]
fn equal_stems_in_two_folders_and_two_sources_keep_both_pictures() {
    let (temp, photos, out) = places();
    let more = temp.path().join("more");
    write(photos.join("a/x.png"), red());
    write(photos.join("b/x.png"), red());
    write(more.join("X.png"), red());
    let sources = [Folder::open(&photos).unwrap(), Folder::open(&more).unwrap()];
    let report = Ingest::new(IngestOptions::default())
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
fn pictures_that_look_the_same_are_counted_and_stay_in_one_part() {
    let (_temp, photos, out) = places();
    for level in 0..20 {
        let picture = garment(64, [level * 12, 30, 30]);
        write(
            photos.join(format!("{level}.png")),
            encoded(picture.clone(), ImageFormat::Png),
        );
        write(
            photos.join(format!("{level}.bmp")),
            encoded(picture, ImageFormat::Bmp),
        );
    }
    let parts = SplitOptions::default().with_percent(30, 30);
    let source = Folder::open(&photos).unwrap();
    let report = ingest_with(IngestOptions::default().with_split(parts), &source, &out);
    assert_eq!(report.summary.duplicates, 20);
    assert!(
        report.summary.splits.values().all(|count| *count > 0),
        "{:?}",
        report.summary.splits
    );
    let dataset = Dataset::open(&out).unwrap();
    let mut parts: BTreeMap<&str, Vec<Split>> = BTreeMap::new();
    for record in dataset.records() {
        parts.entry(&record.pixels_sha256).or_default().push(record.split);
    }
    assert!(parts.len() == 20 && parts.values().all(|parts| parts[0] == parts[1]));
}

#[test]
fn keep_leaves_out_and_counts() {
    let (_temp, photos, out) = places();
    let styles = "id,masterCategory,articleType,baseColour\n1,Apparel,Jeans,Blue\n2,Apparel,Sarees,Red\n3,Footwear,Shoes,Red\n";
    write(photos.join("styles.csv"), styles);
    for id in 1..=4 {
        write(photos.join(format!("images/{id}.jpg")), red());
    }
    let source = SmallFashion::open(&photos).unwrap();
    for (keep, written, reason) in [(Keep::Apparel, 2, "not-apparel"), (Keep::Typed, 1, "not-typed")] {
        let options = IngestOptions::default().with_keep(keep).with_overwrite(true);
        let report = ingest_with(options, &source, &out);
        assert_eq!(report.summary.written, written);
        assert_eq!(report.summary.sources[0].left_out[reason], 4 - written);
        assert_eq!(report.summary.found, 4);
    }
}

#[test]
fn output_that_holds_something_is_kept_unless_it_is_an_old_data_set() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(out.join("precious.txt"), "mine");
    let source = Folder::open(&photos).unwrap();
    let run = |overwrite| {
        let options = IngestOptions::default().with_overwrite(overwrite);
        Ingest::new(options).unwrap().run(&[&source], &out, &())
    };
    assert!(matches!(
        run(false).unwrap_err().kind(),
        ErrorKind::OutputExists { .. }
    ));
    assert!(matches!(run(true).unwrap_err().kind(), ErrorKind::NotOurs { .. }));
    assert_eq!(fs::read_to_string(out.join("precious.txt")).unwrap(), "mine");
    fs::remove_file(out.join("precious.txt")).unwrap();
    run(false).unwrap();
    assert!(matches!(
        run(false).unwrap_err().kind(),
        ErrorKind::OutputExists { .. }
    ));
    write(out.join("cache/pictures-64.bin"), "made again from the rest");
    run(true).unwrap();
    assert_eq!(Dataset::open(&out).unwrap().len(), 1);
    assert!(!out.join("cache").exists());
}

#[test]
fn what_an_ingestion_has_not_written_is_never_overwritten() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let source = Folder::open(&photos).unwrap();
    ingest(&source, &out);
    write(out.join("notes.txt"), "mine");
    let again = Ingest::new(IngestOptions::default().with_overwrite(true)).unwrap();
    let error = again.run(&[&source], &out, &()).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NotOurs { found, .. } if found.contains("notes.txt")),
        "{error}"
    );
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert_eq!(Dataset::open(&out).unwrap().len(), 1);
}

#[test]
fn picture_of_a_format_that_is_not_read_is_listed() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.HEIC"), b"\0\0\0\x18ftypheic");
    let report = ingest(&Folder::open(&photos).unwrap(), &out);
    assert_eq!((report.summary.found, report.summary.written), (2, 1));
    assert_eq!(
        (&*report.skipped[0].original, &*report.skipped[0].reason),
        ("b.HEIC", "not-a-picture")
    );
}

#[cfg(unix)]
#[test]
fn output_behind_a_link_is_written_where_it_leads() {
    use std::os::unix::fs::symlink;
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let link = temp.path().join("link");
    symlink(&out, &link).unwrap();
    let source = Folder::open(&photos).unwrap();
    let run = |overwrite| {
        let options = IngestOptions::default().with_overwrite(overwrite);
        Ingest::new(options).unwrap().run(&[&source], &link, &())
    };
    assert!(matches!(
        run(false).unwrap_err().kind(),
        ErrorKind::NotAFolder { .. }
    ));
    fs::create_dir(&out).unwrap();
    run(false).unwrap();
    run(true).unwrap();
    assert!(link.is_symlink());
    assert_eq!(Dataset::open(&out).unwrap().len(), 1);
}

#[test]
fn output_within_the_source_is_refused() {
    let (_temp, photos, _) = places();
    write(photos.join("a.png"), red());
    let ingest = Ingest::new(IngestOptions::default()).unwrap();
    let error = ingest
        .run(&[&Folder::open(&photos).unwrap()], photos.join("new/out"), &())
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Overlap { .. }), "{error}");
    assert_eq!(fs::read_dir(&photos).unwrap().count(), 1);
}

#[test]
fn sources_that_lack_something_say_what() {
    let (_temp, photos, _) = places();
    let message =
        |error: ai4fashion_dataset::Error| error.to_string().replace(&photos.display().to_string(), "P");
    assert_eq!(
        message(Folder::open(photos.join("no")).unwrap_err()),
        "folder `P/no` does not exist"
    );
    assert!(
        message(Folder::open(&photos).unwrap().plan().unwrap_err())
            .starts_with("no picture in `P`; looked for files")
    );
    assert_eq!(
        message(LookBook::open(&photos).unwrap().plan().unwrap_err()),
        "no picture in `P`; looked for picture files with CLEAN1 in the name"
    );
    assert_eq!(
        message(SmallFashion::open(&photos).unwrap_err()),
        "the table of a small-fashion source `P/styles.csv` does not exist"
    );
    write(photos.join("file"), "");
    assert_eq!(
        message(Folder::open(photos.join("file")).unwrap_err()),
        "`P/file` is no folder"
    );
}

#[test]
fn kind_of_source_is_detected() {
    let (_temp, photos, _) = places();
    write(photos.join("a.png"), png(8, 8));
    assert_eq!(SourceKind::detect(&photos).unwrap(), SourceKind::Folder);
    write(photos.join("PID1_CLEAN1_2.JPG"), jpeg(8, 8));
    write(photos.join("PID1_CLEAN0_3.JPG"), jpeg(8, 8));
    assert_eq!(SourceKind::detect(&photos).unwrap(), SourceKind::LookBook);
    write(photos.join("styles.csv"), "id\n");
    assert_eq!(SourceKind::detect(&photos).unwrap(), SourceKind::SmallFashion);
    assert!(SourceKind::detect(photos.join("no")).is_err());
}

#[test]
fn data_set_with_a_damaged_manifest_names_the_line() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    ingest(&Folder::open(&photos).unwrap(), &out);
    let manifest = fs::read_to_string(out.join("manifest.jsonl")).unwrap();
    write(out.join("manifest.jsonl"), format!("{manifest}{{}}\n"));
    assert!(matches!(
        Dataset::open(&out).unwrap_err().kind(),
        ErrorKind::Json { line: 2, .. }
    ));
    write(
        out.join("manifest.jsonl"),
        manifest.replace("images/red", "images/../../red"),
    );
    assert!(matches!(
        Dataset::open(&out).unwrap_err().kind(),
        ErrorKind::OutsideImages { .. }
    ));
    assert!(matches!(
        Dataset::open(&photos).unwrap_err().kind(),
        ErrorKind::NotADataset { .. }
    ));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_loops_end() {
    use std::os::unix::fs::symlink;
    let (temp, photos, out) = places();
    write(temp.path().join("elsewhere.png"), red());
    symlink(temp.path().join("elsewhere.png"), photos.join("link.png")).unwrap();
    symlink(&photos, photos.join("loop")).unwrap();
    symlink("gone.png", photos.join("dangling.png")).unwrap();
    symlink("gone.txt", photos.join("dangling.txt")).unwrap();
    let report = ingest(&Folder::open(&photos).unwrap(), &out);
    assert_eq!(
        (
            report.summary.found,
            report.summary.written,
            report.summary.skipped
        ),
        (2, 1, 1)
    );
    assert_eq!(report.summary.sources[0].folders_unreadable, 1);
    let listed: Vec<&str> = report.skipped.iter().map(|skip| &*skip.original).collect();
    assert_eq!(listed, ["loop", "dangling.png"]);
}

#[test]
fn picture_that_is_turned_by_its_exif_data_comes_upright() {
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
    let picture = dataset.load(0).unwrap();
    assert!(
        picture
            .get_pixel(60, 128)
            .0
            .iter()
            .all(|component| *component > 245)
    );
    assert!(picture.get_pixel(128, 128).0[2] > 150 && picture.get_pixel(128, 128).0[0] < 60);
}
