//! Archives with something wrong in them, and archives that only look strange.

use std::path::Path;

use ai4fashion_dataset::{
    Folder,
    ingest::{IngestReport, Limits},
    source::Source,
};
use ai4fashion_testkit::{Zip, ZipFile, zip};

use crate::place::{ingest, photo, places, write};

/// The photos of an archive.
const PHOTOS: usize = 12;
/// The one that is damaged.
const BAD: usize = 7;

fn name(number: usize) -> String {
    format!("photos/{number:02}.png")
}

fn files() -> Vec<ZipFile> {
    (0..PHOTOS)
        .map(|number| ZipFile::new(name(number), photo(number as u8)))
        .collect()
}

fn ingested(bytes: impl AsRef<[u8]>) -> IngestReport {
    let (temp, _, out) = places();
    let archive = temp.path().join("a.zip");
    write(&archive, bytes);
    ingest(&Folder::open(&archive).unwrap(), &out)
}

/// Puts a number of two bytes somewhere.
fn put(zip: &mut Zip, at: usize, number: u16) {
    zip.bytes[at..at + 2].copy_from_slice(&number.to_le_bytes());
}

#[test]
fn one_damaged_record_costs_its_own_photo_only() {
    // Where in the record, and what is put there.
    let damages: [(&str, usize, u16); 12] = [
        ("signature", 0, 0),
        ("end of the signature", 2, 0x0303),
        ("method", 10, 77),
        ("checksum", 16, 0xBEEF),
        ("packed size", 20, 1),
        ("size", 24, 1),
        ("length of the name, a little longer", 28, 14),
        ("length of the name, shorter", 28, 3),
        ("length of the name, over all that follow", 28, 60_000),
        ("length of the extra fields", 30, 100),
        ("length of the comment", 32, 9),
        ("place of the file, beyond the archive", 44, 0x7000),
    ];
    for bad in [0, BAD, PHOTOS - 1] {
        for (what, at, number) in damages {
            let mut zip = zip(&files());
            let record = zip.records[bad];
            put(&mut zip, record + at, number);
            let report = ingested(&zip.bytes);
            let rejected: Vec<&str> = report
                .rejected
                .iter()
                .map(|rejected| &*rejected.source_path)
                .collect();
            assert_eq!(rejected, [name(bad)], "{what} of {bad}");
            let summary = &report.summary;
            assert_eq!(
                (summary.found, summary.written),
                (PHOTOS, PHOTOS - 1),
                "{what} of {bad}"
            );
        }
    }
}

#[test]
fn record_that_leads_to_another_file_is_not_that_file_again() {
    let mut zip = zip(&files());
    let (record, other) = (zip.records[BAD], zip.files[2] as u32);
    zip.bytes[record + 42..record + 46].copy_from_slice(&other.to_le_bytes());
    let report = ingested(&zip.bytes);
    assert_eq!(report.summary.written, PHOTOS - 1);
    assert_eq!(report.rejected[0].source_path, name(BAD));
}

#[test]
fn damaged_file_is_named_and_counted() {
    for (at, message) in [
        (0, "file in the archive is not where the archive's directory says"),
        (60, "file in the archive is damaged: its checksum is another"),
    ] {
        let mut zip = zip(&files());
        let place = zip.files[BAD] + at;
        zip.bytes[place] ^= 0xFF;
        let report = ingested(&zip.bytes);
        assert_eq!(report.summary.written, PHOTOS - 1);
        assert_eq!(
            (&*report.rejected[0].source_path, &*report.rejected[0].message),
            (&*name(BAD), message)
        );
    }
}

#[test]
fn archive_may_have_something_before_and_behind_it() {
    let zip = zip(&files());
    let mut commented = zip.bytes.clone();
    let comment = b"what looks like an end: PK\x05\x06, and more of it";
    commented[zip.end + 20..zip.end + 22].copy_from_slice(&(comment.len() as u16).to_le_bytes());
    commented.extend(comment);
    for bytes in [
        [b"a program that unpacks itself".as_slice(), &zip.bytes].concat(),
        [&zip.bytes, b"zeros of a tape\0\0\0".as_slice()].concat(),
        commented,
    ] {
        let report = ingested(bytes);
        assert_eq!((report.summary.written, report.rejected.len()), (PHOTOS, 0));
    }
}

#[test]
fn end_that_is_wrong_about_the_directory_costs_nothing() {
    for (at, number) in [(16, 3), (18, 0x7000), (8, 1), (10, 999)] {
        let mut zip = zip(&files());
        let end = zip.end;
        put(&mut zip, end + at, number);
        let report = ingested(&zip.bytes);
        assert_eq!(
            (report.summary.written, report.rejected.len()),
            (PHOTOS, 0),
            "{at}"
        );
    }
}

#[test]
fn sizes_may_be_of_64_bits_and_behind_the_data() {
    for (is_zip64, flags) in [(true, 0), (false, 8), (true, 8)] {
        let files: Vec<ZipFile> = files()
            .into_iter()
            .map(|file| ZipFile {
                is_zip64,
                flags,
                ..file
            })
            .collect();
        let mut zip = zip(&files);
        assert_eq!(ingested(&zip.bytes).summary.written, PHOTOS);
        let record = zip.records[BAD];
        put(&mut zip, record, 0);
        let report = ingested(&zip.bytes);
        assert_eq!((report.summary.written, report.rejected.len()), (PHOTOS - 1, 1));
    }
}

#[test]
fn what_cannot_be_unpacked_is_said_in_words() {
    let packed = |method| ZipFile {
        packed: (method, photo(1)),
        ..ZipFile::new("a.png", photo(1))
    };
    let encrypted = ZipFile {
        flags: 1,
        ..ZipFile::new("a.png", photo(1))
    };
    for (file, what) in [
        (
            packed(96),
            "is compressed with WinZip's JPEG compression, which is not supported; unpack the archive or write it again with Deflate",
        ),
        (
            packed(98),
            "is compressed with PPMd, which is not supported; unpack the archive or write it again with Deflate",
        ),
        (
            packed(6),
            "is compressed with Implode, which is not supported; unpack the archive or write it again with Deflate",
        ),
        (
            encrypted,
            "is encrypted, which is not supported; write the archive again without a password",
        ),
        // No such data.
        (packed(8), "is damaged and cannot be unpacked"),
        (packed(9), "is damaged and cannot be unpacked"),
        (packed(12), "is damaged and cannot be unpacked"),
        (packed(14), "is damaged and cannot be unpacked"),
        (packed(93), "is damaged and cannot be unpacked"),
        (packed(95), "is damaged and cannot be unpacked"),
    ] {
        let report = ingested(zip(&[file, ZipFile::new("b.png", photo(2))]).bytes);
        assert_eq!(report.summary.written, 1);
        assert_eq!(
            report.rejected[0].to_string(),
            format!("`a.png`: file in the archive {what}")
        );
    }
}

/// The two images of `tests/archives/generate.py`, as each program has packed them.
#[test]
fn archives_of_all_programs_hold_the_same_photos() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/archives");
    let read = |archive: &Path| {
        let report = ingested(std::fs::read(archive).unwrap());
        (report.summary.written, report.rejected)
    };
    let mut programs = 0;
    for file in std::fs::read_dir(&folder).unwrap() {
        let archive = file.unwrap().path();
        let name = archive.file_stem().unwrap().to_str().unwrap().to_owned();
        if archive.extension().is_none_or(|extension| extension != "zip") || name == "7zip-ppmd" {
            continue;
        }
        let (written, rejected) = read(&archive);
        assert_eq!((written, rejected.len()), (2, 0), "{name}: {rejected:?}");
        let (_temp, _, out) = places();
        ingest(&Folder::open(&archive).unwrap(), &out);
        let dataset = ai4fashion_dataset::Dataset::open(&out).unwrap();
        let found: Vec<(&str, &str)> = dataset
            .records()
            .iter()
            .map(|record| (&*record.source_path, record.color.as_str()))
            .collect();
        let expected = [
            ("photos/blue.bmp", "blue"),
            ("photos/r\u{f6}d \u{7ea2}.bmp", "red"),
        ];
        assert_eq!(found, expected, "{name}");
        programs += 1;
    }
    assert_eq!(programs, 20);
}

/// Each bit that is wrong in the directory costs at most its own photo, which is not lost silently.
#[test]
fn every_wrong_byte_of_a_directory_costs_one_photo_at_most() {
    let temp = tempfile::tempdir().unwrap();
    let archive = temp.path().join("a.zip");
    let files = files();
    let zip = zip(&files[..3]);
    let limits = Limits::default();
    let mut worse = Vec::new();
    for at in zip.records[0]..zip.end + 22 {
        for wrong in [1, 8, 0x80, 0xFF] {
            let mut bytes = zip.bytes.clone();
            bytes[at] ^= wrong;
            write(&archive, &bytes);
            let place = format!("byte {} ^ {wrong}", at - zip.records[0]);
            let source = match Folder::open(&archive) {
                Ok(source) => source,
                // There is no end of the archive.
                Err(_) if at >= zip.end => continue,
                Err(error) => {
                    worse.push(format!("{place}: {error:?}"));
                    continue;
                }
            };
            let plan = source.plan().unwrap();
            let read = plan.images.iter().map(|image| source.read(image, &limits));
            let good = read.filter(|read| {
                let bytes = read.as_ref().ok();
                bytes.is_some_and(|bytes| files[..3].iter().any(|file| file.bytes == *bytes))
            });
            let good = good.count();
            let known = plan.images.len() + plan.unreadable.len() + plan.left_out.count;
            if good < 2 || known < 3 {
                worse.push(format!("{place}: {good} good, {known} known"));
            }
        }
    }
    assert!(worse.is_empty(), "{worse:#?}");
}
