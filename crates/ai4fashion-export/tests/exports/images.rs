//! Images that cannot be used, shards and folders.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{Dataset, ProductType, ingest::Progress};
use ai4fashion_export::{Class, ErrorKind, Export, ExportOptions, Format};
use ai4fashion_testkit::{files_below, write};

use crate::helpers::{dataset, export, run};

#[test]
fn images_that_are_not_those_of_the_manifest_are_left_out_and_named() {
    let (temp, dataset) = dataset(6);
    fs::remove_file(dataset.path(1)).unwrap();
    fs::write(dataset.path(3), "no image").unwrap();
    fs::write(dataset.path(4), "").unwrap();
    for format in Format::ALL {
        let out = temp.path().join(format.as_str());
        let report = run(format, &dataset, &out).unwrap();
        assert_eq!(report.written(), 3);
        let named: Vec<&str> = report.left_out.iter().map(|it| &*it.file).collect();
        assert_eq!(
            named,
            [1, 3, 4].map(|index: usize| &*dataset.records()[index].file)
        );
        assert!(
            report.left_out[1].reason.contains("was changed"),
            "{:?}",
            report.left_out
        );
    }
    for index in [0, 2, 5] {
        fs::remove_file(dataset.path(index)).unwrap();
    }
    let error = run(Format::Parquet, &dataset, &temp.path().join("none"))
        .unwrap_err()
        .0;
    let message = error.to_string();
    assert!(
        message.starts_with("nothing to export: 6 of 6 images cannot be used; the first: images/"),
        "{message}"
    );
}

/// Overwrites an image once the first is written.
struct ChangeImage<'a>(&'a Path);

impl Progress for ChangeImage<'_> {
    fn start(&self, _: usize) {
        write(self.0, "changed meanwhile");
    }
}

#[test]
fn image_that_is_changed_meanwhile_is_told() {
    let (temp, dataset) = dataset(4);
    let out = temp.path().join("out");
    let changed = export(Format::Parquet).run(&dataset, &out, &ChangeImage(&dataset.path(2)));
    let error = changed.unwrap_err();
    let ErrorKind::Changed { file, .. } = error.kind() else {
        panic!("{error}")
    };
    assert_eq!(*file, dataset.records()[2].file);
    assert!(!out.exists());
}

#[test]
fn shards_are_filled_up_to_their_size() {
    let (temp, dataset) = dataset(20);
    let error = Export::new(ExportOptions::new(Format::Parquet).with_shard_bytes(999_999));
    assert!(matches!(error.unwrap_err().kind(), ErrorKind::ShardBytes { .. }));
    // A million bytes of images: each is enlarged by what no decoder reads.
    for index in 0..dataset.len() {
        let mut bytes = fs::read(dataset.path(index)).unwrap();
        bytes.resize(300_000, 0);
        fs::write(dataset.path(index), bytes).unwrap();
    }
    let manifest = fs::read_to_string(dataset.root().join("manifest.jsonl")).unwrap();
    let mut lines = String::new();
    for (index, line) in manifest.lines().enumerate() {
        let old = &dataset.records()[index].image_sha256;
        let new = ai4fashion_files::sha256_hex(&fs::read(dataset.path(index)).unwrap());
        lines += &(line.replace(old, &new) + "\n");
    }
    fs::write(dataset.root().join("manifest.jsonl"), lines).unwrap();
    fs::remove_file(dataset.root().join("summary.json")).unwrap();
    let dataset = Dataset::open(dataset.root()).unwrap();
    for format in [Format::Parquet, Format::WebDataset] {
        let out = temp.path().join(format.as_str());
        let options = ExportOptions::new(format).with_shard_bytes(1_000_000);
        let report = Export::new(options).unwrap().run(&dataset, &out, &()).unwrap();
        let shards = report.splits.iter().map(|(_, images)| images.div_ceil(3));
        assert_eq!(report.shards, shards.sum::<usize>(), "{report:?}");
        let is_shard = |path: &&PathBuf| path.extension().is_some_and(|it| it == "parquet" || it == "tar");
        let files: BTreeMap<PathBuf, Vec<u8>> = files_below(&out);
        assert_eq!(files.keys().filter(is_shard).count(), report.shards);
    }
}

#[test]
fn folders_are_named_by_the_class_that_was_asked_for() {
    let (temp, dataset) = dataset(4);
    let options = ExportOptions::new(Format::ImageFolder).with_class(Class::Type);
    let out = temp.path().join("out");
    Export::new(options).unwrap().run(&dataset, &out, &()).unwrap();
    for record in dataset.records() {
        let class = ProductType::name_of(record.product_type);
        let name = record.file.strip_prefix("images/").unwrap();
        let path = out.join(record.split.as_str()).join(class).join(name);
        assert_eq!(
            fs::read(path).unwrap(),
            fs::read(dataset.root().join(&record.file)).unwrap()
        );
    }
}
