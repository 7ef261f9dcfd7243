//! The commands of the documentation in a short form, on a stand-in for the photos.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use std::{fs, process::Command};

use fit_common::write_stand_in;

#[test]
#[ignore = "takes long: .ci/run runs it"]
fn weights_are_trained_and_evaluated() {
    let folder = tempfile::tempdir().unwrap();
    let (data, weights) = (folder.path().join("data"), folder.path().join("weights"));
    write_stand_in(&data).unwrap();
    let mut program = Command::new(env!("CARGO_BIN_EXE_fit-garment"));
    program
        .args(["--epochs", "1", "--corrections", "--data"])
        .arg(&data);
    let output = program.arg("--out").arg(&weights).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    let text = String::from_utf8(output.stdout).unwrap();
    for line in ["colour, typed", "garment alone", "same colour, half size"] {
        assert!(text.contains(line), "`{line}` is not in\n{text}");
    }
    let size = fs::metadata(weights).unwrap().len();
    assert!(size > 200_000, "{size} bytes");
}
