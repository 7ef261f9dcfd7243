//! The examples, run as programs.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod quickstart;
mod short;

use std::process::Command;

/// Cargo builds examples into a folder beside that of this test.
fn example(name: &str) -> Command {
    let tests = std::env::current_exe().unwrap();
    let path = tests.parent().unwrap().with_file_name("examples").join(name);
    assert!(
        path.is_file(),
        "`{}` is not built: run `cargo test` without --test",
        path.display()
    );
    Command::new(path)
}
