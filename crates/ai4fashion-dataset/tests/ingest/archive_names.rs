//! Names in an archive: each file is itself, whatever it is called.

use std::path::Path;

use ai4fashion_dataset::{Dataset, Folder, ProductType, SmallFashion, ingest::IngestReport};
use ai4fashion_testkit::{ZipFile, zip};

use crate::place::{ingest, photo, places, write};

/// The photos of a data set by their paths, each with the hash of its file.
fn photos(out: &Path) -> Vec<(String, String)> {
    let dataset = Dataset::open(out).unwrap();
    let records = dataset.records().iter();
    records
        .map(|record| (record.source_path.clone(), record.source_blake3.clone()))
        .collect()
}

fn rejected(report: &IngestReport) -> Vec<(&str, &str)> {
    let rejected = report.rejected.iter();
    rejected
        .map(|rejected| (&*rejected.source_path, rejected.reason.as_str()))
        .collect()
}

fn hash(number: u8) -> String {
    blake3::hash(&photo(number)).to_string()
}

#[test]
fn files_whose_names_only_look_equal_are_different_photos() {
    let (temp, _, out) = places();
    let archive = temp.path().join("a.zip");
    let accent = ZipFile {
        flags: 1 << 11,
        ..ZipFile::new("caf\u{e9}.png", photo(5))
    };
    let files = [
        ZipFile::new(*b"x\\a.png", photo(1)),
        ZipFile::new("x/a.png", photo(2)),
        ZipFile::new("./x/a.png", photo(3)),
        ZipFile::new(*b"caf\x82.png", photo(4)),
        accent,
    ];
    write(&archive, zip(&files).bytes);
    let report = ingest(&Folder::open(&archive).unwrap(), &out);
    assert!(report.is_complete(), "{:?}", report.rejected);
    let mut found = photos(&out);
    found.sort();
    let expected = [
        ("./x/a.png", 3),
        ("caf%82.png", 4),
        ("caf\u{e9}.png", 5),
        ("x%5Ca.png", 1),
        ("x/a.png", 2),
    ];
    assert_eq!(
        found,
        expected.map(|(name, number)| (name.to_owned(), hash(number)))
    );
}

#[test]
fn of_two_files_with_one_name_the_first_is_taken_unless_it_is_empty() {
    let (temp, _, out) = places();
    let archive = temp.path().join("a.zip");
    let files = [
        ZipFile::new("a.png", photo(1)),
        ZipFile::new("b.png", ""),
        ZipFile::new("a.png", photo(2)),
        ZipFile::new("b.png", photo(3)),
        ZipFile::new("c.png", photo(4)),
        ZipFile::new("a.png", photo(1)),
    ];
    write(&archive, zip(&files).bytes);
    let report = ingest(&Folder::open(&archive).unwrap(), &out);
    let expected = [("a.png", 1), ("b.png", 3), ("c.png", 4)];
    assert_eq!(
        photos(&out),
        expected.map(|(name, number)| (name.to_owned(), hash(number)))
    );
    let same = "duplicate-name";
    assert_eq!(
        rejected(&report),
        [("a.png", same), ("a.png", same), ("b.png", same)]
    );
    assert_eq!((report.summary.found, report.summary.rejected), (6, 3));
    let said: Vec<&str> = report
        .rejected
        .iter()
        .map(|rejected| &*rejected.message)
        .collect();
    assert_eq!(
        said[1..],
        [
            "file in the archive has the same name as an earlier one, which counts",
            "file in the archive is empty or cannot be read; a later one of the same name is taken",
        ]
    );
}

#[test]
fn an_empty_table_beside_a_full_one_takes_no_types_away() {
    let styles = "id,articleType\n1,Jeans\n2,Dresses\n";
    for tables in [[styles, ""], ["", styles], [styles, "id,articleType\n"]] {
        let (temp, _, out) = places();
        let archive = temp.path().join("a.zip");
        let files = [
            ZipFile::new("shop/styles.csv", tables[0]),
            ZipFile::new("shop/images/1.png", photo(1)),
            ZipFile::new("shop/images/2.png", photo(2)),
            ZipFile::new(*b"shop/styles.csv", tables[1]),
            ZipFile::new("__MACOSX/shop/._styles.csv", "a Mac's"),
        ];
        write(&archive, zip(&files).bytes);
        let report = ingest(&SmallFashion::open(&archive).unwrap(), &out);
        let dataset = Dataset::open(&out).unwrap();
        let types: Vec<_> = dataset
            .records()
            .iter()
            .map(|record| record.product_type)
            .collect();
        assert_eq!(types, [Some(ProductType::Jeans), Some(ProductType::Dress)]);
        assert_eq!(rejected(&report), [("styles.csv", "duplicate-name")]);
    }
}

/// `ソ`, `表` and `功` have a backslash as their second byte in the encodings of Japan and Taiwan.
#[test]
fn names_of_other_countries_lose_no_photo_and_stay_the_same() {
    let japan: [&[u8]; 3] = [
        b"\x8E\xCA\x90\x5E/\x90\xD4\x82\xA2\x83\x68\x83\x8C\x83\x58.png",
        b"\x8E\xCA\x90\x5E/\x95\x5C\x82\xCC\x83\x56\x83\x83\x83\x63.png",
        b"\x8E\xCA\x90\x5E/\x83\x5C\x83\x62\x83\x4E\x83\x58.png",
    ];
    let names = [
        "\u{5199}\u{771f}/\u{30bd}\u{30c3}\u{30af}\u{30b9}.png",
        "\u{5199}\u{771f}/\u{8868}\u{306e}\u{30b7}\u{30e3}\u{30c4}.png",
        "\u{5199}\u{771f}/\u{8d64}\u{3044}\u{30c9}\u{30ec}\u{30b9}.png",
    ];
    let (temp, _, out) = places();
    let archive = temp.path().join("a.zip");
    let files: Vec<ZipFile> = (1..)
        .zip(japan)
        .map(|(number, name)| ZipFile::new(name, photo(number)))
        .collect();
    write(&archive, zip(&files).bytes);
    let report = ingest(&Folder::open(&archive).unwrap(), &out);
    assert!(report.is_complete(), "{:?}", report.rejected);
    let found: Vec<String> = photos(&out).into_iter().map(|(path, _)| path).collect();
    assert_eq!(found, names);
    assert!(ingest(&Folder::open(&archive).unwrap(), &out).is_unchanged);
}

#[test]
fn name_that_stands_beside_the_bytes_counts_if_it_is_theirs() {
    let (temp, _, out) = places();
    let archive = temp.path().join("a.zip");
    let mut stale = ZipFile::new("old.png", photo(2)).with_unicode_path("not this.png");
    stale.name = b"new.png".to_vec();
    let files = [
        ZipFile::new("??.png", photo(1)).with_unicode_path("\u{7ea2}\u{8272}.png"),
        ZipFile::new("??.png", photo(3)).with_unicode_path("\u{84dd}\u{8272}.png"),
        stale,
    ];
    write(&archive, zip(&files).bytes);
    let report = ingest(&Folder::open(&archive).unwrap(), &out);
    assert!(report.is_complete(), "{:?}", report.rejected);
    let found: Vec<String> = photos(&out).into_iter().map(|(path, _)| path).collect();
    assert_eq!(found, ["new.png", "\u{7ea2}\u{8272}.png", "\u{84dd}\u{8272}.png"]);
}
