//! The data set's folder: whole or not at all, the same bytes again, and nothing of anybody else's
//! lost.

use std::fs;

use ai4fashion_dataset::{Dataset, ErrorKind, Folder, Ingest, IngestOptions, LookBook};
use ai4fashion_synthetic::Catalogue;

use crate::place::{content, ingest, places, red, run, write};

#[test]
fn only_bad_images_are_an_error_and_nothing_is_left_behind() {
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
                rejected,
                ..
            } if rejected.len() == 1
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
    assert!(content(&out) == content(&again));
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
        ErrorKind::NotADataset { .. }
    ));
    assert!(matches!(
        run(true).unwrap_err().kind(),
        ErrorKind::NotADataset { .. }
    ));
    assert_eq!(fs::read_to_string(out.join("precious.txt")).unwrap(), "mine");
    fs::remove_file(out.join("precious.txt")).unwrap();
    assert!(!run(false).unwrap().is_unchanged);
    assert!(run(false).unwrap().is_unchanged);
    write(out.join("cache/images-64.bin"), "made again from the rest");
    run(true).unwrap();
    assert_eq!(Dataset::open(&out).unwrap().len(), 1);
    assert!(!out.join("cache").exists());
}

#[test]
fn files_of_others_are_never_overwritten() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    let source = Folder::open(&photos).unwrap();
    ingest(&source, &out);
    write(out.join("notes.txt"), "mine");
    let again = Ingest::new(IngestOptions::default().with_overwrite(true)).unwrap();
    let error = again.run(&[&source], &out, &()).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NotADataset { found, .. } if found.contains("notes.txt")),
        "{error}"
    );
    assert_eq!(fs::read_to_string(out.join("notes.txt")).unwrap(), "mine");
    assert_eq!(Dataset::open(&out).unwrap().len(), 1);
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
    assert!(matches!(run(false).unwrap_err().kind(), ErrorKind::Io { .. }));
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
fn data_set_with_a_damaged_manifest_names_the_line() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    ingest(&Folder::open(&photos).unwrap(), &out);
    let manifest = fs::read_to_string(out.join("manifest.jsonl")).unwrap();
    write(out.join("manifest.jsonl"), format!("{manifest}{{}}\n"));
    assert!(matches!(
        Dataset::open(&out).unwrap_err().kind(),
        ErrorKind::Malformed { line: Some(2), .. }
    ));
    write(
        out.join("manifest.jsonl"),
        manifest.replace("images/red", "images/../../red"),
    );
    assert!(matches!(
        Dataset::open(&out).unwrap_err().kind(),
        ErrorKind::NotADataset { .. }
    ));
    assert!(matches!(
        Dataset::open(&photos).unwrap_err().kind(),
        ErrorKind::NotADataset { .. }
    ));
}

#[test]
fn data_set_of_an_earlier_format_is_refused_by_one_line() {
    let (_temp, photos, out) = places();
    write(photos.join("a.png"), red());
    ingest(&Folder::open(&photos).unwrap(), &out);
    let path = out.join("manifest.jsonl");
    let manifest = fs::read_to_string(&path).unwrap();
    let messages = [
        ("", "its records have format 1, and format 4 is read"),
        ("\"format\":3,", "its records have format 3, and format 4 is read"),
        ("\"format\":5,", "its records have format 5, and format 4 is read"),
    ];
    for (format, message) in messages {
        write(&path, manifest.replace("\"format\":4,", format));
        // Earlier builds gave other names to two files.
        write(out.join("skipped.jsonl"), "");
        write(out.join("left_out.jsonl"), "");
        let error = Dataset::open(&out).unwrap_err().to_string();
        assert!(error.ends_with(message), "{error}");
        for overwrite in [false, true] {
            let options = IngestOptions::default().with_overwrite(overwrite);
            let again = run(options, &photos, &out).unwrap_err().to_string();
            assert!(again.ends_with(message), "{again}");
        }
    }
}
