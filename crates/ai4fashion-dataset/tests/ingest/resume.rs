//! Ingestions that were stopped go on; data sets that are there are kept.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
};

use ai4fashion_dataset::{
    BasicColor, Change, Correction, CorrectionTable, Dataset, Dedup, Editor, Error, ErrorKind, Folder,
    IdList, Ingest, IngestOptions, LookBook, ProductType, Progress, Report, Source, TypeTable,
    synthetic::Catalogue,
};

use crate::place::{content, ingest, places, red, write};

/// Asks to stop after so many pictures.
struct StopAfter(usize, AtomicUsize);

impl StopAfter {
    fn new(pictures: usize) -> Self {
        Self(pictures, AtomicUsize::new(0))
    }
}

impl Progress for StopAfter {
    fn advance(&self, done: usize) {
        self.1.fetch_max(done, Ordering::Relaxed);
    }

    fn should_stop(&self) -> bool {
        self.1.load(Ordering::Relaxed) >= self.0
    }
}

fn drawn(photos: &Path) -> LookBook {
    Catalogue::new(1)
        .with_per_label(1)
        .write_lookbook(photos)
        .unwrap();
    LookBook::open(photos).unwrap()
}

fn run(options: IngestOptions, photos: &Path, out: &Path) -> Result<Report, Error> {
    Ingest::new(options)
        .unwrap()
        .run(&[&Folder::open(photos).unwrap()], out, &())
}

fn names_beside(out: &Path) -> Vec<String> {
    let entries = fs::read_dir(out.parent().unwrap()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn stopped_ingestion_goes_on_to_the_same_bytes() {
    let (temp, photos, out) = places();
    let source = drawn(&photos);
    let whole = temp.path().join("whole");
    ingest(&source, &whole);
    let worker = Ingest::new(IngestOptions::default()).unwrap();
    for pictures in [20, 60] {
        let error = worker
            .run(&[&source], &out, &StopAfter::new(pictures))
            .unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Stopped { total: 132, .. }),
            "{error}"
        );
        assert!(!out.exists());
        assert!(Ingest::unfinished(&out).unwrap().is_some());
    }
    let report = worker.run(&[&source], &out, &()).unwrap();
    assert!((60..132).contains(&report.reused), "{}", report.reused);
    assert!(content(&out) == content(&whole));
    assert_eq!(names_beside(&out), ["out", "photos", "whole"]);
}

#[test]
fn work_that_was_cut_off_or_spoilt_is_done_again() {
    let (temp, photos, out) = places();
    let source = drawn(&photos);
    let whole = temp.path().join("whole");
    ingest(&source, &whole);
    let worker = Ingest::new(IngestOptions::default()).unwrap();
    worker.run(&[&source], &out, &StopAfter::new(40)).unwrap_err();
    let part = Ingest::unfinished(&out).unwrap().unwrap();
    // As a full disk and a lost cache leave it.
    let mut journal = OpenOptions::new()
        .append(true)
        .open(part.join("journal.jsonl"))
        .unwrap();
    journal.write_all(b"{\"taken\":{\"file\":\"ima").unwrap();
    drop(journal);
    let mut stored: Vec<_> = fs::read_dir(part.join("store"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    stored.sort();
    write(&stored[0], b"");
    fs::remove_file(&stored[1]).unwrap();
    let report = worker.run(&[&source], &out, &()).unwrap();
    assert!(report.reused <= stored.len() - 2);
    assert!(content(&out) == content(&whole));
}

/// The first line of the journal that a data set was made with.
fn journal_of(out: &Path) -> String {
    let settings = Dataset::open(out).unwrap().summary().unwrap().settings;
    format!("{}\n", serde_json::to_string(&settings).unwrap())
}

/// Copies a folder.
fn copy(from: &Path, to: &Path) {
    for (file, bytes) in content(from) {
        write(to.join(file), bytes);
    }
}

#[test]
fn killed_while_the_last_files_were_written_it_goes_on_to_the_same_bytes() {
    let (temp, photos, out) = places();
    let source = drawn(&photos);
    let whole = temp.path().join("whole");
    ingest(&source, &whole);
    let worker = Ingest::new(IngestOptions::default()).unwrap();
    worker.run(&[&source], &out, &StopAfter::new(132)).unwrap();
    // All pictures have their names but one; a table and a chart are half written.
    let part = temp.path().join(".out.part");
    copy(&out, &part);
    let records = Dataset::open(&out).unwrap().records().to_vec();
    let mut journal = journal_of(&out);
    for record in &records {
        let line = serde_json::json!({ "taken": record });
        journal.push_str(&format!("{line}\n"));
    }
    write(part.join("journal.jsonl"), journal);
    fs::create_dir(part.join("store")).unwrap();
    let first = &records[0];
    let store = part.join("store").join(format!("{}.jpg", first.sha256));
    fs::rename(part.join(&first.file), store).unwrap();
    write(part.join("manifest.jsonl"), "{");
    write(part.join("plots/.partial-x"), "half");
    fs::remove_dir_all(&out).unwrap();
    let report = worker.run(&[&source], &out, &()).unwrap();
    assert_eq!(report.reused, records.len());
    assert!(content(&out) == content(&whole));
}

#[test]
fn folders_of_others_beside_the_place_are_kept() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let (part, old) = (temp.path().join(".out.part"), temp.path().join(".out.old"));
    let refused = |folder: &Path, overwrite| {
        let before = content(folder);
        let options = IngestOptions::default().with_overwrite(overwrite);
        let error = run(options, &photos, &out).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::NotOurs { .. }), "{error}");
        assert!(content(folder) == before);
        fs::remove_dir_all(folder).unwrap();
    };
    for overwrite in [false, true] {
        write(old.join("only-copy.txt"), "precious");
        refused(&old, overwrite);
        write(part.join("journal.jsonl"), "dear diary\n");
        refused(&part, overwrite);
        run(IngestOptions::default(), &photos, &out).unwrap();
        write(old.join("images/only-copy.txt"), "precious");
        refused(&old, overwrite);
        write(part.join("journal.jsonl"), journal_of(&out));
        write(part.join("mine"), "precious");
        refused(&part, overwrite);
        write(out.join("images/mine.jpg"), "precious");
        refused(&out, overwrite);
        // A journal and a store as an ingestion has them, in a folder that is no data set.
        write(out.join("manifest.jsonl"), "{}");
        write(out.join("journal.jsonl"), "j");
        write(out.join("store/only-copy.txt"), "precious");
        refused(&out, overwrite);
    }
}

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
fn killed_while_it_was_put_into_place_it_is_mended() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    // Between the two renames, and before the last cleaning.
    fs::rename(&out, temp.path().join(".out.old")).unwrap();
    assert!(run(IngestOptions::default(), &photos, &out).unwrap().unchanged);
    write(temp.path().join(".out.old/manifest.jsonl"), "");
    write(out.join("store/x.jpg"), "");
    write(out.join("journal.jsonl"), journal_of(&out));
    assert!(run(IngestOptions::default(), &photos, &out).unwrap().unchanged);
    assert!(content(&out) == expected);
    assert_eq!(names_beside(&out), ["out", "photos"]);
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
fn work_of_a_stopped_ingestion_is_kept_if_the_photos_are_gone_meanwhile() {
    let (_temp, photos, out) = places();
    let write_all = |bytes: &[u8]| {
        for number in 0..300 {
            write(photos.join(format!("{number}.png")), bytes);
        }
    };
    write_all(&red());
    let source = Folder::open(&photos).unwrap();
    let worker = Ingest::new(IngestOptions::default()).unwrap();
    worker.run(&[&source], &out, &StopAfter::new(1)).unwrap_err();
    write_all(b"");
    let error = worker.run(&[&source], &out, &()).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NothingWritten { .. }),
        "{error}"
    );
    write_all(&red());
    assert!(worker.run(&[&source], &out, &()).unwrap().reused > 0);
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

#[test]
fn tables_and_lists_come_from_programs_too() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.png"), red());
    let types = TypeTable::new([("a", ProductType::Coats)]).unwrap();
    let source = Folder::open(&photos).unwrap().with_types(types);
    let list = IdList::new("my list", ["a", "c"]).unwrap();
    let options = IngestOptions::default().with_select(Some(list));
    let report = Ingest::new(options).unwrap().run(&[&source], &out, &()).unwrap();
    assert_eq!((report.summary.written, report.summary.types[&12]), (1, 1));
    assert_eq!(
        report.skipped[0].to_string(),
        "row 2 of `my list`: no source has a picture `c`"
    );
    let twice = TypeTable::new([("a", ProductType::Coats), ("a", ProductType::Shorts)]);
    assert!(matches!(twice.unwrap_err().kind(), ErrorKind::DuplicateId { .. }));
    assert!(IdList::new("my list", ["# nothing"]).is_err());
}

#[test]
fn second_process_is_refused() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let part = temp.path().join(".out.part");
    write(part.join("journal.jsonl"), "");
    let journal = fs::File::open(part.join("journal.jsonl")).unwrap();
    journal.lock().unwrap();
    let error = run(IngestOptions::default(), &photos, &out).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Busy { .. }), "{error}");
    drop(journal);
    run(IngestOptions::default(), &photos, &out).unwrap();
}

#[test]
fn too_many_skips_end_it_and_what_is_done_stays() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.png"), "bad");
    write(photos.join("c.png"), "");
    let with = |limit| IngestOptions::default().with_max_skips(Some(limit));
    let error = run(with(1), &photos, &out).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::TooManySkips { limit: 1 }),
        "{error}"
    );
    assert!(Ingest::unfinished(&out).unwrap().is_some() && !out.exists());
    assert_eq!(run(with(2), &photos, &out).unwrap().skipped.len(), 2);
}
