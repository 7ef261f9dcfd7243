//! Which images a source has, and which of them are kept.

use ai4fashion_dataset::{
    Dataset, Folder, IngestOptions, LookBook, ProductType, SmallFashion,
    ingest::Filter,
    source::{Source, SourceKind, TypeTable},
};
use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::{jpeg, png};

use crate::place::{ingest, ingest_with, places, red, write};

#[test]
fn lookbook_takes_garment_only_photos_with_types_from_a_table() {
    let (_temp, photos, out) = places();
    Catalogue::new(5)
        .with_per_label(1)
        .write_lookbook(&photos)
        .unwrap();
    let types = TypeTable::open(photos.join("types.csv")).unwrap();
    let report = ingest(&LookBook::open(&photos).unwrap().with_types(types), &out);
    assert_eq!((report.summary.found, report.summary.written), (132 + 66, 132));
    assert_eq!(report.summary.sources[0].filtered["not-clean1"], 66);
    let dataset = Dataset::open(&out).unwrap();
    assert!(
        dataset
            .records()
            .iter()
            .all(|record| record.product_type.is_some())
    );
    assert_eq!(dataset.distribution().product_type(Some(ProductType::Coat)), 11);
}

#[test]
fn filter_leaves_out_and_counts() {
    let (_temp, photos, out) = places();
    let styles = "id,masterCategory,articleType,baseColour\n1,Apparel,Jeans,Blue\n2,Apparel,Sarees,Red\n3,Footwear,Shoes,Red\n";
    write(photos.join("styles.csv"), styles);
    for id in 1..=4 {
        write(photos.join(format!("images/{id}.jpg")), red());
    }
    let source = SmallFashion::open(&photos).unwrap();
    for (filter, written, reason) in [
        (Filter::Apparel, 2, "not-apparel"),
        (Filter::Typed, 1, "not-typed"),
    ] {
        let options = IngestOptions::default().with_filter(filter).with_overwrite(true);
        let report = ingest_with(options, &source, &out);
        assert_eq!(report.summary.written, written);
        assert_eq!(report.summary.sources[0].filtered[reason], 4 - written);
        assert_eq!(report.summary.found, 4);
    }
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
            .starts_with("no image in `P`; expected files")
    );
    assert_eq!(
        message(LookBook::open(&photos).unwrap().plan().unwrap_err()),
        "no image in `P`; expected image files with CLEAN1 in the name"
    );
    assert_eq!(
        message(SmallFashion::open(&photos).unwrap_err()),
        "the table of a small-fashion source `P/styles.csv` does not exist"
    );
    write(photos.join("file"), "");
    assert_eq!(
        message(Folder::open(photos.join("file")).unwrap_err()),
        "cannot read `P/file`"
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
            report.summary.rejected
        ),
        (2, 1, 1)
    );
    assert_eq!(report.summary.sources[0].folders_unreadable, 1);
    let listed: Vec<&str> = report
        .rejected
        .iter()
        .map(|rejected| &*rejected.source_path)
        .collect();
    assert_eq!(listed, ["loop", "dangling.png"]);
}
