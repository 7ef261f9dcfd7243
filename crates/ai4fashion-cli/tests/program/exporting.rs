//! Exports: what is printed, exit codes, and options that do not go together.

use std::fs;

use serde_json::Value;

use crate::{
    place::{Place, red, synthetic_dataset},
    program::{fails, said, succeeds},
};

#[test]
fn data_set_is_exported_in_each_format_and_once_only() {
    let place = Place::new();
    for name in ["a", "b", "c"] {
        place.write(&format!("photos/{name}.png"), red());
    }
    let dataset = place.path("dataset");
    succeeds("ingest", &[&place.path("photos"), "--out", &dataset]);
    for (format, part, file) in [
        ("parquet", "1 shard", "data/train-00000-of-00001.parquet"),
        ("webdataset", "1 shard", "train-000000.tar"),
        ("imagefolder", "1 folder", "train/metadata.jsonl"),
    ] {
        let out = place.path(format);
        let export = [&*dataset, "--format", format, "--out", &*out];
        let (code, printed, _) = said("export", &export);
        // Equal images are in one split.
        let split = ["train", "validation", "test"]
            .into_iter()
            .find(|split| printed.starts_with(&format!("3 images exported, {part}: 3 {split}\n")))
            .unwrap_or_else(|| panic!("{printed}"));
        assert_eq!(code, 0);
        assert!(fs::exists(format!("{out}/{}", file.replace("train", split))).unwrap());
        let (code, _, err) = said("export", &export);
        assert_eq!((code, &*err), (0, "all of it was there already\n"));
    }
    let line = succeeds(
        "export",
        &[
            &dataset,
            "--format",
            "parquet",
            "--out",
            &place.path("parquet"),
            "--json",
        ],
    );
    let line: Value = serde_json::from_str(&line).unwrap();
    assert_eq!(
        (&line["images"], &line["kept"], &line["skipped"]),
        (&3.into(), &1.into(), &0.into())
    );
}

#[test]
fn image_that_is_damaged_is_named_and_the_others_are_exported() {
    let place = Place::new();
    let (dataset, out) = (synthetic_dataset(&place), place.path("out"));
    let images = fs::read_dir(format!("{dataset}/images")).unwrap();
    let mut images: Vec<_> = images.map(|image| image.unwrap().path()).collect();
    images.sort();
    fs::write(&images[0], "no image").unwrap();
    let (code, printed, err) = said("export", &[&dataset, "--format", "parquet", "--out", &out]);
    assert_eq!(code, 1);
    assert!(
        printed.starts_with("131 images exported, 3 shards: "),
        "{printed}"
    );
    let name = images[0].file_name().unwrap().to_string_lossy();
    let expected =
        format!("skipped: images/{name}: it was changed: its bytes are not those of the manifest\n");
    assert_eq!(err, expected);
}

#[test]
fn export_refuses_what_does_not_go_together() {
    let place = Place::new();
    place.write("photos/a.png", red());
    let (dataset, taken) = (place.path("dataset"), place.path("photos"));
    succeeds("ingest", &[&taken, "--out", &dataset]);
    let refused = |format: &str, out: &str, more: &[&str]| {
        fails(
            "export",
            &[&[&*dataset, "--format", format, "--out", out][..], more].concat(),
        )
    };
    let out = place.path("out");
    let error = refused("parquet", &out, &["--class", "type"]);
    assert_eq!(error, "error: --class is for --format imagefolder alone");
    let error = refused("imagefolder", &out, &["--shard-size", "5"]);
    assert!(
        error.starts_with("error: --shard-size is for --format parquet and webdataset"),
        "{error}"
    );
    let error = refused("parquet", &taken, &[]);
    assert_eq!(
        error,
        format!("error: output folder `{taken}` is not empty; name another one")
    );
    let error = refused("tfrecord", &out, &[]);
    assert!(error.contains("tfrecord"), "{error}");
    assert!(!fs::exists(out).unwrap());
}
