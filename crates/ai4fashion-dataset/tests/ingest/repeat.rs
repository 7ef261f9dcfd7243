//! What becomes of a data set that is there when photos are ingested again.

use std::fs;

use ai4fashion_dataset::{
    BasicColor, Dataset, ErrorKind, Folder, Ingest, IngestOptions, LabelEditor, ProductType,
    corrections::{Correction, CorrectionTable, LabelChange},
    ingest::{Dedup, Progress},
    source::{Source, TypeTable},
};

use crate::place::{StopAfter, content, places, red, run, synthetic, write};

/// Changes the place while an ingestion to it is at work.
struct Meanwhile<'a>(&'a (dyn Fn() + Sync));

impl Progress for Meanwhile<'_> {
    fn start(&self, _: usize) {
        (self.0)();
    }
}

#[test]
fn changes_of_other_processes_are_not_lost() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let other = temp.path().join("other");
    write(other.join("b.png"), ai4fashion_testkit::png(40, 30));
    let source = Folder::open(&photos).unwrap();
    let worker = |overwrite| {
        let options = IngestOptions::default().with_overwrite(overwrite);
        Ingest::new(options).unwrap()
    };
    let another_is_done = || {
        let made = temp.path().join("made");
        run(IngestOptions::default(), &other, &made).unwrap();
        fs::rename(made, &out).unwrap();
    };
    let error = worker(false)
        .run(&[&source], &out, &Meanwhile(&another_is_done))
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
    let expected = content(&out);
    let corrected = || {
        let mut editor = LabelEditor::open(&out).unwrap();
        let record = &editor.dataset().records()[0];
        let correction = Correction::new(&record.file, record.color, record.product_type)
            .with_color(LabelChange::Set(BasicColor::Pink));
        editor.apply(&CorrectionTable::from_iter([correction])).unwrap();
    };
    assert!(content(&out) == expected);
    let error = worker(true)
        .run(&[&source], &out, &Meanwhile(&corrected))
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Changed { .. }), "{error}");
    assert_eq!(Dataset::open(&out).unwrap().records()[0].color, BasicColor::Pink);
    let report = worker(true).run(&[&source], &out, &()).unwrap();
    assert_eq!((report.reused, report.lost_annotations), (1, 1));
}

#[test]
fn duplicates_stay_filtered() {
    let (_temp, photos, out) = places();
    for name in ["b.png", "c.png"] {
        write(photos.join(name), red());
    }
    let options = || IngestOptions::default().with_dedup(Dedup::KeepFirst);
    assert_eq!(run(options(), &photos, &out).unwrap().summary.written, 1);
    assert!(run(options(), &photos, &out).unwrap().is_unchanged);
    // One that comes before the one that is there.
    write(photos.join("a.png"), red());
    let report = run(options(), &photos, &out).unwrap();
    assert_eq!(report.summary.sources[0].filtered["duplicate"], 2);
    assert_eq!(Dataset::open(&out).unwrap().records()[0].source_path, "b.png");
}

#[test]
fn damaged_tables_are_written_again() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    fs::remove_file(out.join("metadata.csv")).unwrap();
    assert!(!run(IngestOptions::default(), &photos, &out).unwrap().is_unchanged);
    assert!(content(&out) == expected);
}

#[cfg(unix)]
#[test]
fn photos_in_the_data_set_itself_are_refused() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let linked = temp.path().join("linked");
    fs::create_dir(&linked).unwrap();
    let image = Dataset::open(&out).unwrap().path(0);
    std::os::unix::fs::symlink(image, linked.join("x.jpg")).unwrap();
    let options = IngestOptions::default().with_overwrite(true);
    let error = run(options, &linked, &out).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Overlap { .. }), "{error}");
}

#[test]
fn new_images_are_added_and_rejected_ones_tried_again() {
    let (temp, photos, out) = places();
    write(photos.join("b.png"), red());
    write(photos.join("bad.jpg"), "not an image");
    run(IngestOptions::default(), &photos, &out).unwrap();
    let again = run(IngestOptions::default(), &photos, &out).unwrap();
    assert!(again.is_unchanged && again.reused == 1 && again.rejected.len() == 1);
    fs::write(photos.join("bad.jpg"), ai4fashion_testkit::jpeg(50, 60)).unwrap();
    write(photos.join("a.png"), ai4fashion_testkit::png(40, 30));
    let more = run(IngestOptions::default(), &photos, &out).unwrap();
    assert!(!more.is_unchanged && more.is_complete());
    assert_eq!((more.reused, more.summary.written), (1, 3));
    let fresh = temp.path().join("fresh");
    run(IngestOptions::default(), &photos, &fresh).unwrap();
    assert!(content(&out) == content(&fresh));
}

#[test]
fn damaged_image_of_a_data_set_is_made_again() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    let image = Dataset::open(&out).unwrap().path(0);
    fs::write(&image, "spoilt").unwrap();
    assert!(!run(IngestOptions::default(), &photos, &out).unwrap().is_unchanged);
    assert!(content(&out) == expected);
}

#[test]
fn data_set_never_loses_an_image_unless_overwritten() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.png"), ai4fashion_testkit::png(40, 30));
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    fs::remove_file(photos.join("b.png")).unwrap();
    let error = run(IngestOptions::default(), &photos, &out).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WouldLose { lost: 1, first, .. } if first == "b.png"),
        "{error}"
    );
    assert!(content(&out) == expected);
    let options = IngestOptions::default().with_overwrite(true);
    assert_eq!(run(options, &photos, &out).unwrap().summary.written, 1);
}

#[test]
fn same_file_in_two_sources_is_two_images() {
    let (temp, photos, out) = places();
    let twin = temp.path().join("twin");
    for folder in [&photos, &twin] {
        write(folder.join("a.png"), red());
    }
    let [first, second] = [&photos, &twin].map(|folder| Folder::open(folder).unwrap());
    let run = |sources: &[&dyn Source]| {
        Ingest::new(IngestOptions::default())
            .unwrap()
            .run(sources, &out, &())
    };
    run(&[&first, &second]).unwrap();
    let error = run(&[&first]).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WouldLose { lost: 1, .. }),
        "{error}"
    );
    // A human label belongs to one of them.
    let mut editor = LabelEditor::open(&out).unwrap();
    let record = editor.dataset().records()[1].clone();
    let pink = Correction::new(&record.file, record.color, record.product_type)
        .with_color(LabelChange::Set(BasicColor::Pink));
    editor.apply(&CorrectionTable::from_iter([pink])).unwrap();
    drop(editor);
    write(photos.join("b.png"), ai4fashion_testkit::png(40, 30));
    run(&[&first, &second]).unwrap();
    let colors = Dataset::open(&out).unwrap();
    let colors: Vec<_> = colors.records().iter().map(|record| record.color).collect();
    assert_eq!((colors[0], colors[2]), (BasicColor::Red, BasicColor::Pink));
}

#[test]
fn other_settings_are_refused_with_the_difference() {
    let (_temp, photos, out) = places();
    let source = synthetic(&photos);
    let run =
        |options, progress: &dyn Progress| Ingest::new(options).unwrap().run(&[&source], &out, progress);
    let default = IngestOptions::default;
    run(default(), &StopAfter::new(20)).unwrap_err();
    let refused = |options| {
        let error = run(options, &()).unwrap_err();
        match error.kind() {
            ErrorKind::OtherSettings { differences, .. } => differences.join("; "),
            _ => panic!("{error}"),
        }
    };
    // Of what was begun, then of what is there.
    assert_eq!(refused(default().with_image_size(64)), "image_size 256, now 64");
    run(default(), &()).unwrap();
    assert_eq!(
        refused(default().with_jpeg_quality(80).with_pad_color([0, 0, 0])),
        "jpeg_quality 90, now 80; pad_color [255,255,255], now [0,0,0]"
    );
    let options = default().with_image_size(64).with_overwrite(true);
    assert_eq!(run(options, &()).unwrap().reused, 0);
}

#[test]
fn another_table_of_types_is_refused() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let table = temp.path().join("types.csv");
    let with = |types: &str, overwrite| {
        write(&table, types);
        let source = Folder::open(&photos)
            .unwrap()
            .with_types(TypeTable::open(&table).unwrap());
        let options = IngestOptions::default().with_overwrite(overwrite);
        Ingest::new(options).unwrap().run(&[&source], &out, &())
    };
    with("stem,type\na,Skirts\nb,Coats\n", false).unwrap();
    assert!(with("type,stem\n12,b\n10,a\n", false).unwrap().is_unchanged);
    let error = with("stem,type\na,Coats\n", false).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::OtherSettings { differences, .. } if differences[0].contains("types of folder")),
        "{error}"
    );
    with("stem,type\na,Coats\n", true).unwrap();
    let summary = Dataset::open(&out).unwrap().summary().unwrap();
    assert_eq!(summary.types[&12], 1);
    // The hash of another program's hand.
    let path = out.join("summary.json");
    let hash = summary.sources[0].types_sha256.clone().unwrap();
    let text = fs::read_to_string(&path).unwrap().replace(&hash, "odd");
    write(&path, text);
    let error = with("stem,type\na,Coats\n", false).unwrap_err().to_string();
    assert!(error.contains("types of folder odd, now"), "{error}");
}

/// A folder with one photo, whose name is the type that a table gives it.
fn typed(photos: &std::path::Path, color: [u8; 3], given: ProductType) -> Folder {
    let image = ai4fashion_testkit::garment(32, color);
    let image = ai4fashion_testkit::encoded(image, image::ImageFormat::Png);
    write(photos.join("a.png"), image);
    let types = TypeTable::new([("a", given)]).unwrap();
    Folder::open(photos).unwrap().with_types(types)
}

#[test]
fn another_table_is_refused_wherever_its_source_stands() {
    let (temp, photos, out) = places();
    let (skirt, coat) = (ProductType::Skirt, ProductType::Coat);
    let other = temp.path().join("other");
    fs::create_dir(&other).unwrap();
    let go = |sources: &[&dyn Source]| {
        Ingest::new(IngestOptions::default())
            .unwrap()
            .run(sources, &out, &())
    };
    let red = |given| typed(&photos, [200, 20, 30], given);
    let blue = |given| typed(&other, [30, 80, 190], given);
    go(&[&red(skirt)]).unwrap();
    let before = content(&out);
    let in_front = synthetic(&temp.path().join("drawn"));
    for sources in [
        [&in_front as &dyn Source, &red(coat)],
        [&blue(coat), &red(coat)],
        // The table of before, of another source.
        [&blue(skirt), &red(coat)],
    ] {
        let error = go(&sources).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::OtherSettings { differences, .. } if differences[0].contains("type")),
            "{error}"
        );
        assert_eq!(content(&out), before);
    }
    assert_eq!(go(&[&blue(coat), &red(skirt)]).unwrap().summary.written, 2);
}

#[test]
fn sources_with_their_tables_may_come_in_another_order() {
    let (temp, photos, out) = places();
    let other = temp.path().join("other");
    fs::create_dir(&other).unwrap();
    let red = typed(&photos, [200, 20, 30], ProductType::Skirt);
    let blue = typed(&other, [30, 80, 190], ProductType::Coat);
    let go = |sources: &[&dyn Source]| {
        Ingest::new(IngestOptions::default())
            .unwrap()
            .run(sources, &out, &())
    };
    go(&[&red, &blue]).unwrap();
    let report = go(&[&blue, &red]).unwrap();
    assert_eq!((report.reused, report.summary.types[&12]), (2, 1));
    let red = typed(&photos, [200, 20, 30], ProductType::Coat);
    let blue = typed(&other, [30, 80, 190], ProductType::Skirt);
    let error = go(&[&blue, &red]).unwrap_err().to_string();
    assert!(
        error.contains("type of `a.png` 12, now 10 (and of 1 more)"),
        "{error}"
    );
}

#[test]
fn other_files_in_a_data_set_are_named_with_advice() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    write(out.join("x"), "mine");
    let error = run(IngestOptions::default(), &photos, &out)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(
            "is not an ai4fashion data set: `x` in it is not a data set's file; take it out, or name another folder"
        ),
        "{error}"
    );
}

/// A source may be opened in one thread and read in another.
#[test]
fn sources_go_to_other_threads() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let source: Box<dyn Source> = Box::new(Folder::open(&photos).unwrap());
    let done = std::thread::spawn(move || {
        let ingest = Ingest::new(IngestOptions::default()).unwrap();
        ingest.run(&[&*source], out, &()).unwrap().summary.written
    });
    assert_eq!(done.join().unwrap(), 1);
}
