//! The commands of the documentation, on a stand-in for the photos.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{path::Path, process::Command};

use fit_common::write_stand_in;

/// Standard output of the program, which succeeds.
#[track_caller]
fn output(data: &Path, arguments: &[&str]) -> String {
    let mut program = Command::new(env!("CARGO_BIN_EXE_fit-color"));
    let output = program.args(arguments).arg("--data").arg(data).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
#[ignore = "takes long: .ci/run runs it"]
fn each_command_reports() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    write_stand_in(data).unwrap();
    let survey = data.join("color-naming/english_basic11.csv");
    let survey = output(data, &["survey", survey.to_str().unwrap()]);
    // The stand-in has the names of the table.
    assert!(survey.contains("the published table  216 of 216"), "{survey}");
    let robustness = output(data, &["robustness"]);
    assert_eq!(robustness.lines().count(), 7, "{robustness}");
    assert!(robustness.contains("mirrored left to right"), "{robustness}");
    let model = output(data, &["model"]);
    assert!(model.contains("model.bin"), "{model}");
}
