//! Ingestions that were stopped, or killed, go on.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
};

use ai4fashion_dataset::{Dataset, ErrorKind, Folder, Ingest, IngestOptions};

use crate::place::{StopAfter, content, ingest, places, red, run, synthetic, write};

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
    let source = synthetic(&photos);
    let whole = temp.path().join("whole");
    ingest(&source, &whole);
    let worker = Ingest::new(IngestOptions::default()).unwrap();
    for images in [20, 60] {
        let error = worker.run(&[&source], &out, &StopAfter::new(images)).unwrap_err();
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
    let source = synthetic(&photos);
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
    journal
        .write_all(b"{\"taken\":{\"format\":2,\"file\":\"ima")
        .unwrap();
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
    let source = synthetic(&photos);
    let whole = temp.path().join("whole");
    ingest(&source, &whole);
    let worker = Ingest::new(IngestOptions::default()).unwrap();
    worker.run(&[&source], &out, &StopAfter::new(132)).unwrap();
    // All images have their names but one; a table and a chart are half written.
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
    let store = part.join("store").join(format!("{}.jpg", first.source_blake3));
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
        assert!(matches!(error.kind(), ErrorKind::NotADataset { .. }), "{error}");
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

#[test]
fn killed_while_it_was_put_into_place_it_is_finished() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    // Between the two renames, and before the last cleaning.
    fs::rename(&out, temp.path().join(".out.old")).unwrap();
    assert!(run(IngestOptions::default(), &photos, &out).unwrap().is_unchanged);
    write(temp.path().join(".out.old/manifest.jsonl"), "");
    write(out.join("store/x.jpg"), "");
    write(out.join("journal.jsonl"), journal_of(&out));
    assert!(run(IngestOptions::default(), &photos, &out).unwrap().is_unchanged);
    assert!(content(&out) == expected);
    assert_eq!(names_beside(&out), ["out", "photos"]);
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
fn second_process_is_refused() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let part = temp.path().join(".out.part");
    write(part.join("journal.jsonl"), "");
    let journal = fs::File::open(part.join("journal.jsonl")).unwrap();
    journal.lock().unwrap();
    let error = run(IngestOptions::default(), &photos, &out).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::InUse { .. }), "{error}");
    drop(journal);
    run(IngestOptions::default(), &photos, &out).unwrap();
}

#[test]
fn too_many_skips_end_it_and_what_is_done_stays() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(photos.join("b.png"), "bad");
    write(photos.join("c.png"), "");
    let with = |limit| IngestOptions::default().with_max_rejected(Some(limit));
    let error = run(with(1), &photos, &out).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::TooManyRejected { limit: 1, .. }),
        "{error}"
    );
    assert!(Ingest::unfinished(&out).unwrap().is_some() && !out.exists());
    assert_eq!(run(with(2), &photos, &out).unwrap().rejected.len(), 2);
}
