//! What a loss of power, another program or a failing disk leaves.

use std::fs;

use ai4fashion_dataset::{Dataset, ErrorKind, Ingest, IngestOptions, LabelEditor};

use crate::place::{StopAfter, content, ingest, photo, places, red, run, synthetic, write};

#[test]
fn manifest_that_is_not_as_it_was_written_is_refused_by_everybody() {
    let (_temp, photos, out) = places();
    for number in 0..4 {
        write(photos.join(format!("{number}.png")), photo(number));
    }
    run(IngestOptions::default(), &photos, &out).unwrap();
    let path = out.join("manifest.jsonl");
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.split_inclusive('\n').collect();
    for (manifest, found) in [
        (lines[..2].concat(), "has 2 of the 4 records"),
        (String::new(), "has 0 of the 4 records"),
        (lines.concat() + lines[3], "has 5 of the 4 records"),
        (
            [lines[0], lines[1], lines[2], lines[2]].concat(),
            "is not as it was written",
        ),
        (
            [lines[1], lines[0], lines[2], lines[3]].concat(),
            "is not as it was written",
        ),
        (
            whole.replace("\"color\":\"red\"", "\"color\":\"blue\""),
            "is not as it was written",
        ),
    ] {
        write(&path, &manifest);
        let labels = || {
            let mut files = content(&out);
            files.retain(|file, _| !file.starts_with("review"));
            files
        };
        let before = labels();
        let mut errors = vec![
            Dataset::open(&out).unwrap_err(),
            LabelEditor::open(&out).map(drop).unwrap_err(),
        ];
        errors.extend([false, true].map(|overwrite| {
            let options = IngestOptions::default().with_overwrite(overwrite);
            run(options, &photos, &out).unwrap_err()
        }));
        for error in errors {
            let error = error.to_string();
            assert!(
                error.contains("`manifest.jsonl`") && error.contains(found),
                "{error}"
            );
        }
        assert!(labels() == before);
    }
    write(&path, &whole);
    assert!(run(IngestOptions::default(), &photos, &out).unwrap().is_unchanged);
}

#[test]
fn images_without_their_journal_are_made_again() {
    let (temp, photos, out) = places();
    let source = synthetic(&photos);
    let whole = temp.path().join("whole");
    ingest(&source, &whole);
    let part = temp.path().join(".out.part");
    for journal in [None, Some("")] {
        let worker = Ingest::new(IngestOptions::default()).unwrap();
        worker.run(&[&source], &out, &StopAfter::new(40)).unwrap_err();
        let path = part.join("journal.jsonl");
        fs::remove_file(&path).unwrap();
        if let Some(journal) = journal {
            write(&path, journal);
        }
        assert_eq!(worker.run(&[&source], &out, &()).unwrap().reused, 0);
        assert!(content(&out) == content(&whole) && !part.exists());
        fs::remove_dir_all(&out).unwrap();
    }
    // A folder that was made for it and nothing else, and one that holds something else.
    fs::create_dir_all(part.join("store")).unwrap();
    ingest(&source, &out);
    assert!(content(&out) == content(&whole));
    write(part.join("store/precious.jpg"), red());
    let error = Ingest::new(IngestOptions::default())
        .unwrap()
        .run(&[&source], &out, &())
        .unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NotADataset { .. }), "{error}");
    assert!(part.join("store/precious.jpg").is_file());
}

#[test]
fn files_of_file_managers_and_unfinished_files_stop_nothing() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    run(IngestOptions::default(), &photos, &out).unwrap();
    let expected = content(&out);
    let litter = [
        ".partial-aB3dEf",
        ".DS_Store",
        "images/thumbs.db",
        "images/._red_a_0.jpg",
        "images/desktop.ini",
    ];
    for file in litter {
        write(out.join(file), "");
    }
    assert!(run(IngestOptions::default(), &photos, &out).unwrap().is_unchanged);
    let overwrite = IngestOptions::default().with_overwrite(true);
    write(photos.join("b.png"), photo(1));
    assert!(!run(overwrite, &photos, &out).unwrap().is_unchanged);
    let after = content(&out);
    assert!(expected.keys().all(|file| after.contains_key(file)));
    assert!(litter.iter().all(|file| !out.join(file).exists()));
}

/// Reading this file fails with `EIO`, as that of a file on a failing disk.
#[cfg(target_os = "linux")]
#[test]
fn failing_disk_ends_the_run_and_is_no_fault_of_the_photo() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let bad = photos.join("b.png");
    std::os::unix::fs::symlink("/proc/self/mem", &bad).unwrap();
    let error = run(IngestOptions::default(), &photos, &out).unwrap_err();
    let text = error.chain();
    assert!(text.contains("b.png") && text.contains("os error 5"), "{text}");
    assert!(!out.exists());
    fs::remove_file(&bad).unwrap();
    write(&bad, photo(1));
    let report = run(IngestOptions::default(), &photos, &out).unwrap();
    assert_eq!((report.summary.written, report.rejected.len()), (2, 0));
}
