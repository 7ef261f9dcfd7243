//! What becomes of a data set that is there when photos are ingested again.

use std::fs;

use ai4fashion_dataset::{
    BasicColor, Change, Correction, CorrectionTable, Dataset, Dedup, Editor, ErrorKind, Folder, Ingest,
    IngestOptions, ProductType, Progress, Source, TypeTable,
};

use crate::place::{StopAfter, content, drawn, places, red, run, write};

/// Changes the place while an ingestion to it is at work.
struct Meanwhile<'a>(&'a (dyn Fn() + Sync));

impl Progress for Meanwhile<'_> {
    fn start(&self, _: usize) {
        (self.0)();
    }
}

#[test]
fn what_others_do_meanwhile_is_not_lost() {
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
    assert!(
        matches!(error.kind(), ErrorKind::ChangedMeanwhile { .. }),
        "{error}"
    );
    let expected = content(&out);
    let corrected = || {
        let mut editor = Editor::open(&out).unwrap();
        let record = &editor.dataset().records()[0];
        let correction =
            Correction::new(&record.file, record.color, None).with_color(Change::Say(BasicColor::Pink));
        editor.apply(&CorrectionTable::from_iter([correction])).unwrap();
    };
    assert!(content(&out) == expected);
    let error = worker(true)
        .run(&[&source], &out, &Meanwhile(&corrected))
        .unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::ChangedMeanwhile { .. }),
        "{error}"
    );
    assert_eq!(Dataset::open(&out).unwrap().records()[0].color, BasicColor::Pink);
    let report = worker(true).run(&[&source], &out, &()).unwrap();
    assert_eq!((report.reused, report.unsaid), (1, 1));
}

#[test]
fn duplicates_that_were_left_out_stay_so() {
    let (_temp, photos, out) = places();
    for name in ["b.png", "c.png"] {
        write(photos.join(name), red());
    }
    let options = || IngestOptions::default().with_dedup(Dedup::KeepFirst);
    assert_eq!(run(options(), &photos, &out).unwrap().summary.written, 1);
    assert!(run(options(), &photos, &out).unwrap().unchanged);
    // One that comes before the one that is there.
    write(photos.join("a.png"), red());
    let report = run(options(), &photos, &out).unwrap();
    assert_eq!(report.summary.sources[0].left_out["duplicate"], 2);
    assert_eq!(Dataset::open(&out).unwrap().records()[0].original, "b.png");
}

#[test]
fn tables_and_charts_that_were_damaged_are_written_again() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    for file in ["metadata.csv", "plots/colors.png"] {
        fs::remove_file(out.join(file)).unwrap();
        assert!(!run(IngestOptions::default(), &photos, &out).unwrap().unchanged);
        assert!(content(&out) == expected);
    }
}

#[cfg(unix)]
#[test]
fn photos_in_the_data_set_itself_are_refused() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let linked = temp.path().join("linked");
    fs::create_dir(&linked).unwrap();
    let picture = Dataset::open(&out).unwrap().path(0);
    std::os::unix::fs::symlink(picture, linked.join("x.jpg")).unwrap();
    let options = IngestOptions::default().with_overwrite(true);
    let error = run(options, &linked, &out).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Overlap { .. }), "{error}");
}

#[test]
fn what_is_new_is_added_and_what_was_skipped_is_tried_again() {
    let (temp, photos, out) = places();
    write(photos.join("b.png"), red());
    write(photos.join("bad.jpg"), "no picture");
    run(IngestOptions::default(), &photos, &out).unwrap();
    let again = run(IngestOptions::default(), &photos, &out).unwrap();
    assert!(again.unchanged && again.reused == 1 && again.skipped.len() == 1);
    fs::write(photos.join("bad.jpg"), ai4fashion_testkit::jpeg(50, 60)).unwrap();
    write(photos.join("a.png"), ai4fashion_testkit::png(40, 30));
    let more = run(IngestOptions::default(), &photos, &out).unwrap();
    assert!(!more.unchanged && more.is_complete());
    assert_eq!((more.reused, more.summary.written), (1, 3));
    let fresh = temp.path().join("fresh");
    run(IngestOptions::default(), &photos, &fresh).unwrap();
    assert!(content(&out) == content(&fresh));
}

#[test]
fn damaged_picture_of_a_data_set_is_made_again() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    let picture = Dataset::open(&out).unwrap().path(0);
    fs::write(&picture, "spoilt").unwrap();
    assert!(!run(IngestOptions::default(), &photos, &out).unwrap().unchanged);
    assert!(content(&out) == expected);
}

#[test]
fn data_set_never_loses_a_picture_unasked() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.png"), ai4fashion_testkit::png(40, 30));
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    fs::remove_file(photos.join("b.png")).unwrap();
    let error = run(IngestOptions::default(), &photos, &out).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::WouldLose { count: 1, first, .. } if first == "b.png"),
        "{error}"
    );
    assert!(content(&out) == expected);
    let options = IngestOptions::default().with_overwrite(true);
    assert_eq!(run(options, &photos, &out).unwrap().summary.written, 1);
}

#[test]
fn same_file_in_two_sources_is_two_pictures() {
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
        matches!(error.kind(), ErrorKind::WouldLose { count: 1, .. }),
        "{error}"
    );
    // What is said of one is said of that one.
    let mut editor = Editor::open(&out).unwrap();
    let record = editor.dataset().records()[1].clone();
    let pink = Correction::new(&record.file, record.color, None).with_color(Change::Say(BasicColor::Pink));
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
    let source = drawn(&photos);
    let run =
        |options, progress: &dyn Progress| Ingest::new(options).unwrap().run(&[&source], &out, progress);
    let default = IngestOptions::default;
    run(default(), &StopAfter::new(20)).unwrap_err();
    let refused = |options| {
        let error = run(options, &()).unwrap_err();
        match error.kind() {
            ErrorKind::SettingsChanged { differences, .. }
            | ErrorKind::BegunOtherwise { differences, .. } => differences.join("; "),
            _ => panic!("{error}"),
        }
    };
    // Of what was begun, then of what is there.
    assert_eq!(refused(default().with_size(64)), "size 256, now 64");
    run(default(), &()).unwrap();
    assert_eq!(
        refused(default().with_quality(80).with_fill([0, 0, 0])),
        "fill [255,255,255], now [0,0,0]; quality 90, now 80"
    );
    let options = default().with_size(64).with_overwrite(true);
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
    assert!(with("type,stem\n12,b\n10,a\n", false).unwrap().unchanged);
    let error = with("stem,type\na,Coats\n", false).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::SettingsChanged { differences, .. } if differences[0].contains("types of folder")),
        "{error}"
    );
    with("stem,type\na,Coats\n", true).unwrap();
    let summary = Dataset::open(&out).unwrap().summary().unwrap();
    assert_eq!(summary.types[&12], 1);
    // The hash of another program's hand.
    let path = out.join("summary.json");
    let hash = summary.sources[0].types.clone().unwrap();
    let text = fs::read_to_string(&path).unwrap().replace(&hash, "odd");
    write(&path, text);
    let error = with("stem,type\na,Coats\n", false).unwrap_err().to_string();
    assert!(error.contains("types of folder odd, now"), "{error}");
}

/// A folder with one photo, whose name is the type that a table gives it.
fn typed(photos: &std::path::Path, color: [u8; 3], given: ProductType) -> Folder {
    let picture = ai4fashion_testkit::garment(32, color);
    let picture = ai4fashion_testkit::encoded(picture, image::ImageFormat::Png);
    write(photos.join("a.png"), picture);
    let types = TypeTable::new([("a", given)]).unwrap();
    Folder::open(photos).unwrap().with_types(types)
}

#[test]
fn another_table_is_refused_wherever_its_source_stands() {
    let (temp, photos, out) = places();
    let (skirt, coat) = (ProductType::Skirts, ProductType::Coats);
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
    let in_front = drawn(&temp.path().join("drawn"));
    for sources in [
        [&in_front as &dyn Source, &red(coat)],
        [&blue(coat), &red(coat)],
        // The table of before, of another source.
        [&blue(skirt), &red(coat)],
    ] {
        let error = go(&sources).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::SettingsChanged { differences, .. } if differences[0].contains("type")),
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
    let red = typed(&photos, [200, 20, 30], ProductType::Skirts);
    let blue = typed(&other, [30, 80, 190], ProductType::Coats);
    let go = |sources: &[&dyn Source]| {
        Ingest::new(IngestOptions::default())
            .unwrap()
            .run(sources, &out, &())
    };
    go(&[&red, &blue]).unwrap();
    let report = go(&[&blue, &red]).unwrap();
    assert_eq!((report.reused, report.summary.types[&12]), (2, 1));
    let red = typed(&photos, [200, 20, 30], ProductType::Coats);
    let blue = typed(&other, [30, 80, 190], ProductType::Skirts);
    let error = go(&[&blue, &red]).unwrap_err().to_string();
    assert!(
        error.contains("type of `a.png` 12, now 10 (and of 1 more)"),
        "{error}"
    );
}

#[test]
fn what_lies_in_a_data_set_is_named_with_what_to_do() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    write(out.join("x"), "mine");
    let error = run(IngestOptions::default(), &photos, &out)
        .unwrap_err()
        .to_string();
    assert!(
        error.ends_with(
            "is not written to: `x` in it is none of a data set's files; take it out, or name another folder"
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
