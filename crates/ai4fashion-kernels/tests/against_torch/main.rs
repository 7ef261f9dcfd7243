//! Every operation, forward and backward, and Adam, on each device with kernels, against PyTorch.
//!
//! `golden/operations.json` and `golden/adam.json` hold PyTorch's results, which
//! `golden/generate.py` writes: of large tensors some values, and eight sums in which all values
//! take part. The tests that compare whole tensors run the script; they need a Python with torch.
//!
//! The tolerance of 1e-4, relative to the largest value, is that of sums of some thousand products
//! in `f32` taken in another order. `--nocapture` shows how far off each operation is.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![allow(clippy::print_stdout, reason = "`--nocapture` shows the distances")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

mod adam;
mod case;

use std::{collections::BTreeMap, fs, path::Path, process::Command, sync::LazyLock};

use ai4fashion_testkit::{golden::Summary, interpreter, printed};
use burn::tensor::Device;
use case::Case;

const TOLERANCE: f64 = 1e-4;

static CASES: LazyLock<Vec<Case>> = LazyLock::new(|| cases(include_str!("../golden/operations.json")));

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn cases<T: serde::de::DeserializeOwned>(json: &str) -> Vec<T> {
    let mut file: serde_json::Value = serde_json::from_str(json).unwrap();
    serde_json::from_value(file["cases"].take()).unwrap()
}

/// Compares each result of each case on each device by `error`, which gets the place of the case,
/// the name of the result and its values.
fn compare(error: impl Fn(usize, &str, &[f32]) -> f64) {
    let (mut worst, mut failures) = (BTreeMap::<String, f64>::new(), Vec::new());
    for device in devices() {
        for (place, case) in CASES.iter().enumerate() {
            let found = case.run(&device);
            assert!(found.keys().eq(case.results.keys()), "{case:?}");
            for (name, found) in found {
                let error = error(place, &name, &found);
                let row = format!("{name} of {} on {device:?}", case.op);
                let most = worst.entry(row).or_default();
                *most = most.max(error);
                if error.is_nan() || error > TOLERANCE {
                    failures.push(format!("{name} of {case} on {device:?}: off by {error:.1e}"));
                }
            }
        }
    }
    println!("{} cases, relative errors at most: {worst:#?}", CASES.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_operation_equals_pytorchs() {
    compare(|place, name, found| Summary::of(found).error(&CASES[place].results[name]));
}

#[test]
#[ignore = "needs TORCH_PYTHON: compares whole tensors with a running PyTorch"]
fn every_value_of_every_operation_equals_pytorchs() {
    let folder = tempfile::tempdir().unwrap();
    write_tensors(folder.path());
    compare(|place, name, found| {
        let expected = read(&folder.path().join(format!("{place}-{name}")));
        error(found, &expected)
    });
}

/// A result with one wrong value is told from PyTorch's, wherever the value is.
#[test]
fn one_wrong_value_is_told_from_pytorchs() {
    for case in CASES.iter().step_by(7) {
        for (name, mut found) in case.run(&devices()[0]) {
            let expected = &case.results[&name];
            let place = found.len() * 2 / 3;
            found[place] += 0.5 * expected.largest as f32;
            let error = Summary::of(&found).error(expected);
            assert!(error > 10.0 * TOLERANCE, "{name} of {case}: {error:.1e}");
        }
    }
}

#[test]
#[ignore = "needs TORCH_PYTHON: computes the golden results again and compares them"]
fn golden_results_are_what_pytorch_computes() {
    println!("{}", String::from_utf8(printed(script().arg("--check"))).unwrap());
}

fn script() -> Command {
    let mut command = Command::new(interpreter("TORCH_PYTHON"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/generate.py"));
    command
}

/// Has PyTorch compute all results in `f32`.
fn write_tensors(folder: &Path) {
    let _ = printed(script().arg("--tensors").arg(folder));
}

fn read(path: &Path) -> Vec<f32> {
    let bytes = fs::read(path).unwrap();
    let (values, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty(), "{} ends within a value", path.display());
    values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Largest difference, relative to the largest expected value.
fn error(found: &[f32], expected: &[f32]) -> f64 {
    if found.len() != expected.len() {
        return f64::INFINITY;
    }
    let scale = expected.iter().fold(1e-6_f32, |max, v| max.max(v.abs()));
    let differences = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
    // In this order NaN is the largest of all.
    f64::from(differences.max_by(f32::total_cmp).unwrap() / scale)
}
