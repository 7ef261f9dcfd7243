//! Scores of generated images.

use std::{ffi::OsString, fs};

use ai4fashion_dataset::Dataset;
use serde_json::Value;

use crate::{
    place::{Place, synthetic_dataset},
    program::{fails, said, succeeds},
};

/// The names under which scores are printed.
const NAMES: [&str; 12] = [
    "swd",
    "ms_ssim",
    "kid_own",
    "fd_own",
    "mind_own",
    "precision",
    "recall",
    "density",
    "coverage",
    "novelty",
    "colors",
    "types",
];

/// Networks that are trained in no time.
const SMALL: [&str; 8] = [
    "--image-size",
    "16",
    "--ngf",
    "4",
    "--ndf",
    "4",
    "--batch-size",
    "40",
];

fn json(args: &[&str]) -> Value {
    serde_json::from_str(&succeeds("score", &[args, &["--json"]].concat())).unwrap()
}

#[test]
fn run_is_scored_beside_its_data_set() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("run");
    let train = [
        "--data",
        &data,
        "--run",
        &run,
        "--epochs",
        "1",
        "--condition",
        "both",
    ];
    succeeds("train", &[&train[..], &SMALL, &["--split", "train"]].concat());

    let scores = json(&["--run", &run, "--count", "40"]);
    for name in NAMES {
        for field in ["value", "n", "floor", "spread"] {
            assert!(
                scores[name][field].is_number(),
                "{name} {field}: {}",
                scores[name]
            );
        }
    }
    assert_eq!(
        (&scores["kid_own"]["n"], &scores["swd"]["n"]),
        (&40.into(), &40.into())
    );
    // The other splits are held out, and the labels that were asked for are known.
    assert_eq!(scores["novelty"]["has_held_out"], true);
    assert_eq!(scores["colors"]["fidelity"]["n"], 40);
    // Noise is no garment.
    let kid = &scores["kid_own"];
    assert!(kid["value"].as_f64() > kid["floor"].as_f64(), "{kid}");
    assert!(scores["coverage"]["value"].as_f64() < Some(0.5), "{scores}");

    let table = succeeds("score", &["--run", &run, "--count", "12", "--split", "train"]);
    assert!(table.starts_with("12 generated beside "), "{table}");
    assert!(
        NAMES.iter().all(|name| table.contains(&format!("\n{name} "))),
        "{table}"
    );
    assert!(table.contains("from the nearest held-out image"), "{table}");
}

#[test]
fn training_is_scored_beside_held_out_images_and_its_best_checkpoint_is_kept() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let run = place.path("run");
    let train = [
        "--data", &data, "--run", &run, "--epochs", "3", "--split", "train",
    ];
    let scored = ["--score", "kid_own", "--keep-checkpoints", "1"];
    let log = succeeds("train", &[&train[..], &SMALL, &scored].concat());
    assert!(log.contains("\nkid_own "), "{log}");
    succeeds("train", &["--resume", &run, "--epochs", "4"]);

    let lines = fs::read_to_string(format!("{run}/scores.jsonl")).unwrap();
    let lines: Vec<Value> = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let epochs: Vec<_> = lines.iter().map(|line| line["epoch"].as_u64().unwrap()).collect();
    assert_eq!(epochs, [1, 2, 3, 4]);
    assert_eq!(lines[3]["novelty"]["has_held_out"], true);
    let kid = |line: &&Value| line["kid_own"]["value"].as_f64().unwrap();
    let best = lines.iter().min_by(|a, b| kid(a).total_cmp(&kid(b))).unwrap();
    let mut kept: Vec<_> = [best, &lines[3]]
        .map(|line| line["steps_done"].as_u64().unwrap())
        .into();
    kept.dedup();
    let checkpoints = fs::read_dir(format!("{run}/checkpoints")).unwrap();
    let mut names: Vec<_> = checkpoints.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let expected: Vec<_> = kept
        .iter()
        .map(|steps| OsString::from(format!("step-{steps:06}")))
        .collect();
    assert_eq!(names, expected);
    let (code, _, error) = said("train", &["--data", &data, "--run", "r", "--score", "fid"]);
    assert!(
        code == 2 && error.contains("kid_own, fd_own, mind_own, coverage"),
        "{error}"
    );
}

#[test]
fn folders_are_scored_by_the_names_of_their_files_and_bad_images_are_listed() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let dataset = Dataset::open(&data).unwrap();
    let fake = place.path("fake");
    fs::create_dir(&fake).unwrap();
    for (number, record) in dataset.records().iter().enumerate().take(60) {
        let name = format!("{number:06}_{}.jpg", record.color);
        fs::copy(dataset.path(number), place.path(&format!("fake/{name}"))).unwrap();
    }
    // The page that `generate` writes beside them is no generated image.
    ai4fashion_image::image::RgbImage::new(40, 40)
        .save(place.path("fake/grid.png"))
        .unwrap();
    place.write("fake/000100_red.png", "no image");
    let args = ["--real", &data, "--fake", &fake, "--size", "32", "--json"];
    let (code, out, err) = said("score", &args);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("000100_red.png"), "{err}");
    let scores: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(scores["kid_own"]["n"], 60);
    // They are copies of real images.
    assert_eq!(scores["novelty"]["value"], 0.0);
    assert_eq!(scores["precision"]["value"], 1.0);
    assert!(
        scores["colors"]["fidelity"]["value"].as_f64() > Some(0.9),
        "{}",
        scores["colors"]
    );
}

#[test]
fn what_cannot_be_scored_is_said() {
    let place = Place::new();
    let data = synthetic_dataset(&place);
    let few = place.path("few");
    fs::create_dir(&few).unwrap();
    let dataset = Dataset::open(&data).unwrap();
    fs::copy(dataset.path(0), place.path("few/a.jpg")).unwrap();
    let error = fails("score", &["--real", &data, "--fake", &few]);
    assert!(error.contains("generated images: 1 of at least 12"), "{error}");
    let error = fails("score", &["--real", &data, "--fake", &place.path("none")]);
    assert!(error.contains("does not exist"), "{error}");
    let error = fails("score", &["--real", &few, "--fake", &few, "--split", "test"]);
    assert!(
        error.contains("is not a data set: it has no split test"),
        "{error}"
    );
    place.write("a.npy", "no array");
    let error = fails("score", &["--real", &data, "--fake", &place.path("a.npy")]);
    assert!(error.contains("a.npy"), "{error}");
    let (code, _, err) = said("score", &["--real", &data]);
    assert_eq!(code, 2);
    assert!(err.contains("--fake"), "{err}");
}
