//! Scores of features beside those of the Python packages prdc and torch-fidelity, and of scipy.
//!
//! `golden/features.json` holds what those give for features that are generated here too;
//! `golden/generate.py` writes it.

use std::{path::Path, process::Command};

use ai4fashion_score::{
    Error, Features,
    metrics::{frechet_distance, kernel_distance, precision_recall},
};
use ai4fashion_testkit::{golden::uniform, interpreter};

#[derive(serde::Deserialize)]
struct Case {
    count: usize,
    other: usize,
    dimensions: usize,
    scale: f64,
    shift: f64,
    precision: f64,
    recall: f64,
    density: f64,
    coverage: f64,
    /// torch-fidelity's is for sets of equal size.
    kernel: Option<f64>,
    frechet: f64,
}

#[derive(serde::Deserialize)]
struct Golden {
    cases: Vec<Case>,
}

/// The features that `golden/generate.py` has under these names.
fn features(stream: u32, count: usize, dimensions: usize, scale: f64, shift: f64) -> Result<Features, Error> {
    let values = uniform(stream, count * dimensions);
    let rows = values.chunks_exact(dimensions).flat_map(|row| {
        (0..dimensions).map(move |place| {
            let [value, before] = [place, (place + dimensions - 1) % dimensions].map(|at| f64::from(row[at]));
            scale * (value * value + 0.5 * before) + shift
        })
    });
    Features::new(dimensions, rows.collect())
}

#[test]
fn scores_are_those_of_prdc_torch_fidelity_and_scipy() {
    let golden: Golden = serde_json::from_str(include_str!("golden/features.json")).unwrap();
    for case in golden.cases {
        let real = features(1, case.count, case.dimensions, 1.0, 0.0).unwrap();
        let fake = features(2, case.other, case.dimensions, case.scale, case.shift).unwrap();
        let close = |name: &str, found: f64, expected: f64| {
            let error = (found - expected).abs();
            assert!(
                error <= 1e-6 * expected.abs().max(0.1),
                "{name}: {found} {expected}"
            );
        };
        let found = precision_recall(&real, &fake, 5).unwrap();
        close("precision", found.precision, case.precision);
        close("recall", found.recall, case.recall);
        close("density", found.density, case.density);
        close("coverage", found.coverage, case.coverage);
        if let Some(kernel) = case.kernel {
            close("kernel distance", kernel_distance(&real, &fake).unwrap(), kernel);
        }
        close(
            "Fréchet distance",
            frechet_distance(&real, &fake).unwrap(),
            case.frechet,
        );
    }
}

#[test]
#[ignore = "needs TORCH_PYTHON with prdc, torch-fidelity and scipy: computes the golden results again"]
fn golden_results_are_what_python_computes() {
    let mut command = Command::new(interpreter("TORCH_PYTHON"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/generate.py"));
    let status = command.arg("--check").status().unwrap();
    assert!(status.success());
}
