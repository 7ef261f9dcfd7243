//! What programs leave beside photos.

use ai4fashion_dataset::{ErrorKind, Folder, LookBook, SmallFashion, source::Source};
use ai4fashion_testkit::{ZipFile, zip};

use crate::place::{content, ingest, photo, places, red, write};

/// Images that no person has put there, in the order of their names, and what lies beside them.
const LEAVINGS: [&str; 6] = [
    "#recycle/old.png",
    ".ipynb_checkpoints/a-checkpoint.png",
    "@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg",
    "__MACOSX/._a.png",
    "shirts/.hidden.png",
    "shirts/b~.png",
];
const OTHERS: [&str; 3] = ["Thumbs.db", ".DS_Store", ".git/config"];

#[test]
fn leavings_are_neither_photos_nor_rejected_but_counted() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), photo(1));
    write(photos.join("shirts/b.png"), photo(2));
    ingest(&Folder::open(&photos).unwrap(), &out);
    let clean = content(&out);
    for name in LEAVINGS.into_iter().chain(OTHERS) {
        write(photos.join(name), photo(9));
    }
    let archive = temp.path().join("a.zip");
    let files = content(&photos);
    let files = files
        .into_iter()
        .map(|(path, bytes)| ZipFile::new(path.to_str().unwrap(), bytes));
    write(&archive, zip(&files.collect::<Vec<_>>()).bytes);
    for (number, root) in [&photos, &archive].into_iter().enumerate() {
        let again = temp.path().join(format!("again {number}"));
        let report = ingest(&Folder::open(root).unwrap(), &again);
        assert!(report.is_complete(), "{:?}", report.rejected);
        assert_eq!((report.summary.found, report.summary.written), (2, 2));
        let counts = &report.summary.sources[0];
        assert_eq!(
            (counts.left_out.count, counts.left_out.first.as_deref()),
            (LEAVINGS.len(), Some(LEAVINGS[0]))
        );
        assert_eq!(
            counts.to_string(),
            "folder: 2 found, 2 written, 6 files left out (the first: `#recycle/old.png`)"
        );
        for (file, bytes) in content(&again) {
            assert!(
                file == std::path::Path::new("summary.json") || clean[&file] == bytes,
                "{file:?}"
            );
        }
    }
}

#[test]
fn root_that_is_named_is_taken_even_if_it_is_hidden() {
    let (temp, _, out) = places();
    let hidden = temp.path().join(".photos/@eaDir");
    write(hidden.join("a.png"), red());
    write(hidden.join("shirts/b.png"), photo(2));
    assert_eq!(ingest(&Folder::open(&hidden).unwrap(), &out).summary.written, 2);
    // An archive of a hidden folder.
    let archive = temp.path().join("a.zip");
    let files = [
        ZipFile::new(".photos/a.png", red()),
        ZipFile::new(".photos/.thumbnails/a.png", red()),
        ZipFile::new("__MACOSX/.photos/._a.png", "a Mac's"),
    ];
    write(&archive, zip(&files).bytes);
    let out = temp.path().join("from the archive");
    let report = ingest(&Folder::open(&archive).unwrap(), &out);
    assert_eq!((report.summary.written, report.rejected.len()), (1, 0));
    assert_eq!(report.summary.sources[0].left_out.count, 2);
}

#[test]
fn every_kind_of_source_says_what_it_leaves_out() {
    let (_temp, photos, out) = places();
    write(photos.join("images/1.png"), red());
    write(photos.join("images/._1.png"), "a Mac's");
    write(photos.join("images/.thumbs/CLEAN1.png"), red());
    write(photos.join("styles.csv"), "id,articleType\n1,Jeans\n");
    let report = ingest(&SmallFashion::open(&photos).unwrap(), &out);
    let counts = &report.summary.sources[0];
    assert_eq!(counts.left_out.first.as_deref(), Some("images/._1.png"));
    assert_eq!((counts.left_out.count, counts.images_without_row), (2, 0));
    let error = LookBook::open(&photos).unwrap().plan().unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NoImages { .. }), "{error}");
    let said = error.to_string();
    assert!(
        said.ends_with("CLEAN1 in the name; 2 files left out (the first: `images/._1.png`)"),
        "{said}"
    );
}

#[cfg(unix)]
#[test]
fn links_in_what_is_left_out_are_not_followed() {
    let (temp, photos, out) = places();
    write(photos.join("a.png"), red());
    write(temp.path().join("elsewhere/b.png"), red());
    write(photos.join(".cache/c.png"), red());
    std::os::unix::fs::symlink(temp.path().join("elsewhere"), photos.join(".cache/link")).unwrap();
    std::os::unix::fs::symlink(&photos, photos.join(".cache/loop")).unwrap();
    let report = ingest(&Folder::open(&photos).unwrap(), &out);
    assert!(report.is_complete(), "{:?}", report.rejected);
    assert_eq!(report.summary.sources[0].left_out.count, 1);
}
