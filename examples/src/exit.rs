//! Exit codes: 0 all good, 1 finished with skipped items, 2 failed.

use std::process::ExitCode;

/// How a program that did not fail has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done: exit code 0.
    Complete,
    /// The work was finished but some items were skipped: exit code 1.
    WithSkips,
}

/// Maps what `run` returned to the exit code, and prints a failure with its causes on standard error.
pub fn finish(result: anyhow::Result<Outcome>) -> ExitCode {
    match result {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::WithSkips) => ExitCode::from(1),
        Err(error) => {
            report(&error);
            ExitCode::from(2)
        }
    }
}

#[expect(clippy::print_stderr, reason = "this is where programs print their errors")]
fn report(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  caused by: {cause}");
    }
}
