//! Columns of files to labels: those of an ingestion, whatever the layout.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::sync::Arc;

use ai4fashion_arrow::{
    LabelKernel, are_near,
    arrow_array::{
        Array, ArrayRef, BinaryArray, BinaryViewArray, Int8Array, Int64Array, LargeBinaryArray, StringArray,
        StructArray, UInt16Array, cast::AsArray, new_null_array, types::*,
    },
    arrow_schema::DataType,
    dataset::{
        Dataset, Folder, Ingest, IngestOptions, Record, SmallFashion,
        image::ImageFormat,
        ingest::{Filter, SplitOptions},
        record::Rejected,
        source::Source,
    },
    fields, groups, near_keys,
};
use ai4fashion_synthetic::Catalogue;
use ai4fashion_testkit::{encoded, garment, hostile_files, red_garment, shared_path, write};

fn kernel() -> LabelKernel {
    LabelKernel::new(IngestOptions::default()).unwrap()
}

fn texts<'a>(table: &'a StructArray, name: &str) -> &'a StringArray {
    table.column_by_name(name).unwrap().as_string()
}

fn bytes<'a>(table: &'a StructArray, name: &str) -> &'a BinaryArray {
    table.column_by_name(name).unwrap().as_binary()
}

/// Photos, files that are none, and a data set that was made of them.
fn ingested(source: &dyn Source, out: &std::path::Path) -> (Vec<Record>, Vec<Rejected>) {
    Ingest::new(IngestOptions::default())
        .unwrap()
        .run(&[source], out, &())
        .unwrap();
    let dataset = Dataset::open(out).unwrap();
    (dataset.records().to_vec(), dataset.rejected().unwrap())
}

#[test]
fn rows_are_the_records_of_an_ingestion() {
    let temp = tempdir();
    let photos = temp.path().join("photos");
    Catalogue::new(2)
        .with_per_label(1)
        .write_small_fashion(&photos)
        .unwrap();
    for hostile in hostile_files() {
        write(photos.join(format!("images/{}.jpg", hostile.name)), hostile.bytes);
    }
    compare(
        &Folder::open(photos.join("images")).unwrap(),
        &temp.path().join("out"),
    );
    compare(&SmallFashion::open(&photos).unwrap(), &temp.path().join("typed"));
}

#[test]
#[ignore = "needs real photos in AI4FASHION_SHARED: labels 4,765 of them twice"]
fn real_photos_are_labelled_as_by_an_ingestion() {
    let source = SmallFashion::open(shared_path("data/smallfashion")).unwrap();
    let temp = tempdir();
    assert_eq!(compare(&source, &temp.path().join("out")), 4765);
}

fn tempdir() -> tempfile::TempDir {
    tempfile::tempdir().unwrap()
}

/// Labels all images of a source in one batch, compares them with an ingestion, and counts them.
fn compare(source: &dyn Source, out: &std::path::Path) -> usize {
    let (records, rejected) = ingested(source, out);
    let entries = source.plan().unwrap().images;
    let files = BinaryArray::from_iter_values(entries.iter().map(|it| std::fs::read(&it.path).unwrap()));
    let types = entries.iter().map(|it| {
        let (known, _) = it.product_type?;
        Some(known.map_or(0, |known| i64::from(known.number())))
    });
    let types = Int64Array::from_iter(types);
    let labels = kernel().label_with_types(&files, &types).unwrap();
    let grouped = groups(
        labels.column_by_name("pixels_blake3").unwrap(),
        labels.column_by_name("perceptual_hash").unwrap(),
        IngestOptions::default().max_hash_distance,
        &SplitOptions::default(),
    );
    let grouped = grouped.unwrap();
    let mut taken = 0;
    for (row, entry) in entries.iter().enumerate() {
        let Some(record) = records.iter().find(|it| it.source_path == entry.source_path) else {
            let rejected = rejected
                .iter()
                .find(|it| it.source_path == entry.source_path)
                .unwrap();
            assert_eq!(texts(&labels, "reason").value(row), rejected.reason.as_str());
            assert_eq!(texts(&labels, "message").value(row), rejected.message);
            assert!(texts(&labels, "color").is_null(row) && bytes(&labels, "image").is_null(row));
            assert!(labels.is_valid(row) && grouped.is_null(row));
            continue;
        };
        taken += 1;
        same_row(&labels, row, record);
        assert_eq!(
            bytes(&labels, "image").value(row),
            std::fs::read(out.join(&record.file)).unwrap()
        );
        let group = texts(&grouped, "group");
        assert_eq!(
            group.is_valid(row).then(|| group.value(row)),
            record.group.as_deref()
        );
        assert_eq!(texts(&grouped, "split").value(row), record.split.as_str());
    }
    assert_eq!(taken, records.len());
    taken
}

fn same_row(labels: &StructArray, row: usize, record: &Record) {
    let text = |name: &str| texts(labels, name).value(row);
    let real = |name: &str| {
        labels
            .column_by_name(name)
            .unwrap()
            .as_primitive::<Float32Type>()
            .value(row)
    };
    let whole = |name: &str| {
        labels
            .column_by_name(name)
            .unwrap()
            .as_primitive::<Int64Type>()
            .value(row)
    };
    assert_eq!(text("color"), record.color.as_str());
    assert_eq!(text("runner_up"), record.runner_up.as_str());
    assert_eq!(
        [real("confidence"), real("margin")],
        [record.confidence, record.margin]
    );
    let fractions = labels
        .column_by_name("fractions")
        .unwrap()
        .as_list::<i32>()
        .value(row);
    assert_eq!(
        fractions.as_primitive::<Float32Type>().values(),
        &record.fractions
    );
    let [red, green, blue] = record.dominant_color;
    assert_eq!(text("dominant_color"), format!("{red:02x}{green:02x}{blue:02x}"));
    assert_eq!(
        Some(real("suggested_type_confidence")),
        record.suggested_type_confidence
    );
    assert_eq!(
        whole("suggested_type"),
        record.suggested_type.map_or(0, |it| it.number().into())
    );
    assert_eq!(
        [whole("width"), whole("height")],
        [record.width, record.height].map(i64::from)
    );
    assert_eq!(whole("source_bytes"), record.source_bytes as i64);
    assert_eq!(text("image_sha256"), record.image_sha256);
    assert_eq!(text("source_blake3"), record.source_blake3);
    assert_eq!(bytes(labels, "pixels_blake3").value(row), record.pixels_blake3.0);
    assert_eq!(
        bytes(labels, "perceptual_hash").value(row),
        record.perceptual_hash.to_bytes()
    );
    assert!(texts(labels, "reason").is_null(row) && texts(labels, "message").is_null(row));
}

#[test]
fn every_layout_of_bytes_gives_the_same() {
    let files = [
        Some(red_garment()),
        None,
        Some(b"text".to_vec()),
        Some(Vec::new()),
    ];
    let of = |array: &dyn Array| kernel().label(array).unwrap();
    let binary = of(&BinaryArray::from_iter(&files));
    assert_eq!(binary, of(&LargeBinaryArray::from_iter(&files)));
    assert_eq!(
        binary,
        of(&BinaryViewArray::from_iter(files.iter().map(Option::as_deref)))
    );
    assert_eq!(binary.null_count(), 1);
    assert_eq!(texts(&binary, "reason").value(3), "empty-file");
    // A part of an array, and one without rows.
    let slice = BinaryArray::from_iter(&files).slice(2, 2);
    assert_eq!(of(&slice), binary.slice(2, 2));
    let none = of(&BinaryArray::from_iter(std::iter::empty::<Option<&[u8]>>()));
    assert_eq!((none.len(), none.fields()), (0, binary.fields()));
}

#[test]
fn without_image_all_else_is_the_same() {
    let files = BinaryArray::from_iter_values([red_garment()]);
    let without = kernel().without_image();
    let labels = without.label(&files).unwrap();
    assert_eq!(labels.fields(), &fields(false));
    assert_eq!(without.data_type(), *labels.data_type());
    let with = kernel().label(&files).unwrap();
    for field in labels.fields() {
        let [a, b] = [&labels, &with].map(|table| table.column_by_name(field.name()).unwrap());
        assert_eq!(a, b, "{field}");
    }
    assert!(with.column_by_name("image").is_some() && labels.column_by_name("image").is_none());
}

#[test]
fn what_the_filter_refuses_is_a_row_with_a_reason() {
    let options = IngestOptions::default().with_filter(Filter::GarmentOnly);
    let kernel = LabelKernel::new(options).unwrap();
    let files = BinaryArray::from_iter_values([red_garment()]);
    // Shoes are not garments alone.
    let labels = kernel
        .label_with_types(&files, &Int8Array::from(vec![0]))
        .unwrap();
    assert_eq!(texts(&labels, "reason").value(0), "not-garment-only");
    assert!(texts(&labels, "message").is_null(0) && texts(&labels, "color").is_null(0));
}

#[test]
fn wrong_arguments_are_named_with_the_legal_ones() {
    let files = BinaryArray::from_iter_values([red_garment(), red_garment()]);
    let types = |types: ArrayRef| kernel().label_with_types(&files, &types).unwrap_err().to_string();
    for (error, parts) in [
        (
            kernel()
                .label(&StringArray::from(vec!["a.jpg"]))
                .unwrap_err()
                .to_string(),
            ["files: type Utf8", "LargeBinary"],
        ),
        (
            types(Arc::new(UInt16Array::from(vec![1, 13]))),
            ["types: 13 in row 1", "12, or null"],
        ),
        (
            types(Arc::new(Int8Array::from(vec![-1, 1]))),
            ["types: -1 in row 0", "12, or null"],
        ),
        (
            types(Arc::new(Int8Array::from(vec![1]))),
            ["types: 1 rows", "expected 2"],
        ),
        (
            types(Arc::new(StringArray::from(vec!["a", "b"]))),
            ["types: type Utf8", "Int8 to Int64"],
        ),
        (
            near_keys(&files).unwrap_err().to_string(),
            ["perceptual_hash: row 0 has", "expected 112"],
        ),
        (
            groups(&files, &files.slice(0, 1), None, &SplitOptions::default())
                .unwrap_err()
                .to_string(),
            ["perceptual_hash: 1 rows", "expected 2"],
        ),
    ] {
        assert!(parts.iter().all(|part| error.contains(part)), "{error}");
    }
    let unknown = kernel()
        .label_with_types(&files, &new_null_array(&DataType::Null, 2))
        .unwrap();
    assert_eq!(unknown, kernel().label(&files).unwrap());
}

#[test]
fn near_images_share_a_key_and_are_near() {
    let files = [
        encoded(garment(120, [200, 20, 30]), ImageFormat::Png),
        encoded(garment(120, [200, 20, 30]), ImageFormat::Jpeg),
        encoded(garment(120, [20, 20, 200]), ImageFormat::Png),
    ];
    let labels = kernel().label(&BinaryArray::from_iter_values(&files)).unwrap();
    let hashes = bytes(&labels, "perceptual_hash");
    let keys = near_keys(hashes).unwrap();
    let keys = |row: usize| keys.value(row).as_primitive::<Int64Type>().values().to_vec();
    let shares = |a: usize, b: usize| keys(a).iter().any(|key| keys(b).contains(key));
    assert!(shares(0, 1) && !shares(0, 2));
    let near = are_near(&hashes.slice(0, 2), &hashes.slice(1, 2), 16).unwrap();
    assert!(near.value(0) && !near.value(1));
}
