//! Tables of types and lists as people's programs write them.

use ai4fashion_dataset::{
    Dataset, Folder, Ingest, IngestOptions, ProductType, RejectReason, SmallFashion,
    ingest::{IdList, IngestReport, LabelMethod},
    source::{FileList, SourceKind, TypeTable},
};

use crate::place::{ingest, ingest_with, places, red, write};

fn types(report: &IngestReport) -> Vec<(u8, usize)> {
    let types = report.summary.types.iter();
    types
        .filter(|(_, count)| **count > 0)
        .map(|(known, count)| (*known, *count))
        .collect()
}

#[test]
fn source_row_is_kept_in_the_record_and_follows_the_table() {
    let (_temp, photos, out) = places();
    write(photos.join("images/1.png"), red());
    write(photos.join("images/2.png"), red());
    let table = |name: &str| {
        let table =
            format!("id,gender,articleType,season,usage,productDisplayName\n1,Women,Tops,Fall,NA,{name}\n");
        write(photos.join("styles.csv"), table);
        ingest(&SmallFashion::open(&photos).unwrap(), &out)
    };
    table("a, top");
    let dataset = Dataset::open(&out).unwrap();
    let row = dataset.records()[0].source_row.as_ref().unwrap();
    let fields = [
        "articleType",
        "gender",
        "season",
        "usage",
        "productDisplayName",
        "brand",
    ]
    .map(|name| row.get(name));
    assert_eq!(
        fields,
        [
            Some("Tops"),
            Some("Women"),
            Some("Fall"),
            Some("NA"),
            Some("a, top"),
            None
        ]
    );
    assert_eq!(dataset.records()[1].source_row, None);
    let manifest = std::fs::read_to_string(out.join("manifest.jsonl")).unwrap();
    let (first, second) = manifest.split_once('\n').unwrap();
    assert!(
        first.contains(r#""source_row":{"id":"1","gender":"Women","articleType":"Tops","#),
        "{first}"
    );
    assert!(!second.contains("source_row"), "{second}");
    assert!(table("a, top").is_unchanged);
    let report = table("another top");
    assert_eq!((report.is_unchanged, report.reused), (false, 2));
    let dataset = Dataset::open(&out).unwrap();
    let row = dataset.records()[0].source_row.as_ref().unwrap();
    assert_eq!(row.get("productDisplayName"), Some("another top"));
}

#[test]
fn table_and_folder_in_another_case_are_those_of_the_source() {
    for (table, images) in [
        ("Styles.csv", "images"),
        ("STYLES.CSV", "Images"),
        ("styles.CSV", "IMAGES"),
    ] {
        let (_temp, photos, out) = places();
        write(photos.join(table), "ID,ARTICLETYPE\n1,dresses\n");
        write(photos.join(images).join("1.PNG"), red());
        assert_eq!(
            SourceKind::detect(&photos).unwrap(),
            SourceKind::SmallFashion,
            "{table}"
        );
        let report = ingest(&SmallFashion::open(&photos).unwrap(), &out);
        assert_eq!(
            (types(&report), report.rejected.len()),
            (vec![(1, 1)], 0),
            "{table}"
        );
    }
}

#[test]
fn equal_names_in_folders_have_types_by_path() {
    let (temp, photos, out) = places();
    for folder in ["Dress_1", "Tee_2"] {
        write(photos.join(format!("img/{folder}/img_00000001.jpg")), red());
    }
    let open = |table: &str| {
        let path = temp.path().join("types.csv");
        write(&path, table);
        TypeTable::open(path).unwrap()
    };
    let by_path = "path,type\nimg/Dress_1/img_00000001.jpg,Dresses\nimg\\Tee_2\\img_00000001.jpg,TShirts\n";
    for root in [photos.clone(), photos.join("img")] {
        let source = Folder::open(&root).unwrap().with_types(open(by_path));
        let options = IngestOptions::default().with_overwrite(true);
        let report = ingest_with(options, &source, &out);
        assert_eq!((types(&report), report.rejected.len()), (vec![(1, 1), (3, 1)], 0));
    }
    let other = temp.path().join("by-name");
    let source = Folder::open(&photos)
        .unwrap()
        .with_types(open("stem,type\nimg_00000001,Dresses\n"));
    let report = ingest_with(
        IngestOptions::default().with_labels(LabelMethod::Color),
        &source,
        &other,
    );
    assert_eq!(types(&report), [(0, 2)]);
    let rejected: Vec<_> = report.rejected.iter().map(|it| (it.reason, it.row)).collect();
    assert_eq!(
        rejected,
        [
            (RejectReason::Unmatched, None),
            (RejectReason::AmbiguousId, Some(2))
        ]
    );

    let styles = "id,articleType\nDress_1/img_00000001.jpg,Dresses\nTee_2/img_00000001,Tshirts\n";
    write(temp.path().join("shop/styles.csv"), styles);
    for folder in ["Dress_1", "Tee_2"] {
        write(
            temp.path().join(format!("shop/images/{folder}/img_00000001.jpg")),
            red(),
        );
    }
    let report = ingest(
        &SmallFashion::open(temp.path().join("shop")).unwrap(),
        &temp.path().join("shop-out"),
    );
    assert_eq!((types(&report), report.rejected.len()), (vec![(1, 1), (3, 1)], 0));
}

#[test]
fn sources_share_a_table_and_are_judged_together() {
    let (temp, photos, out) = places();
    let more = temp.path().join("more");
    write(photos.join("a.png"), red());
    write(photos.join("b.png"), red());
    write(more.join("c.png"), red());
    let table = |rows: &[(&str, ProductType)]| TypeTable::new(rows.iter().copied()).unwrap();
    let run = |types: TypeTable, name: &str| {
        let sources = [&photos, &more].map(|root| Folder::open(root).unwrap().with_types(types.clone()));
        let worker = Ingest::new(IngestOptions::default()).unwrap();
        worker
            .run(&[&sources[0], &sources[1]], out.join(name), &())
            .unwrap()
    };
    // `c` has no row, and all rows have an image.
    let report = run(
        table(&[("a", ProductType::Top), ("b", ProductType::Top)]),
        "shared",
    );
    assert!(report.is_complete(), "{:?}", report.rejected);
    let report = run(
        table(&[
            ("c", ProductType::Top),
            ("x", ProductType::Top),
            ("y", ProductType::Top),
        ]),
        "other",
    );
    let messages: Vec<String> = report.rejected.iter().map(ToString::to_string).collect();
    assert_eq!(
        messages,
        [
            "`table of types`: 2 of 3 images have no row (the first: `a.png`), 2 of 3 rows fit no image (the first: row 2, `x`)"
        ]
    );
}

#[test]
fn lists_select_names_that_other_programs_have_changed() {
    let (temp, photos, out) = places();
    for name in ["007.png", "8.png", "ros\u{e9}.png"] {
        write(photos.join(name), red());
    }
    let list = temp.path().join("ids.txt");
    let text = "\u{feff}\"7\"\r\n8.0\r\nrose\u{301}.PNG\r\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    write(&list, bytes);
    let options = IngestOptions::default().with_select(Some(IdList::open(&list).unwrap()));
    let report = ingest_with(options, &Folder::open(&photos).unwrap(), &out);
    assert_eq!((report.summary.written, report.rejected.len()), (3, 0));

    let paths = temp.path().join("paths.txt");
    write(
        &paths,
        format!(
            "\"{}\"\r'{}'\r\n",
            photos.join("8.png").display(),
            photos.join("007.png").display()
        ),
    );
    let table = TypeTable::new([("7", ProductType::Coat), ("8.0", ProductType::Skirt)]).unwrap();
    let source = FileList::open(&paths).unwrap().with_types(table);
    let report = ingest(&source, &temp.path().join("listed"));
    assert_eq!(
        (types(&report), report.rejected.len()),
        (vec![(10, 1), (12, 1)], 0)
    );
}
