//! Running the program.

use std::process::{Command, Output};

/// Settings of `train` for networks that take no time.
pub(crate) const SMALL: [&str; 6] = ["--image-size", "8", "--ngf", "4", "--ndf", "4"];

/// The program with one of its commands.
pub(crate) fn program(command: &str) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_ai4fashion"));
    program.arg(command);
    program
}

pub(crate) fn run(name: &str, args: &[&str]) -> Output {
    program(name).args(args).output().unwrap()
}

/// Exit code, standard output, standard error.
pub(crate) fn said(name: &str, args: &[&str]) -> (i32, String, String) {
    let output = run(name, args);
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (
        output.status.code().unwrap(),
        text(output.stdout),
        text(output.stderr),
    )
}

#[track_caller]
pub(crate) fn succeeds(name: &str, args: &[&str]) -> String {
    let (code, out, err) = said(name, args);
    assert_eq!(code, 0, "{name} {args:?}: {err}");
    out
}

/// The message of a command that fails, which must be on the first line.
#[track_caller]
pub(crate) fn fails(name: &str, args: &[&str]) -> String {
    let (code, out, err) = said(name, args);
    assert_eq!((code, &*out), (2, ""), "{name} {args:?}: {err}");
    let line = err.lines().next().unwrap_or_default().to_owned();
    assert!(line.starts_with("error: "), "{err}");
    line
}
