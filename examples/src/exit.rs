//! Exit codes: 0 all good, 1 finished with skipped items, 2 failed.

use std::{
    io::{self, Write as _},
    process::ExitCode,
};

use crate::{hint::hint_of, say::check_said};

/// How a program that did not fail has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done: exit code 0.
    Complete,
    /// The work was finished but some items were skipped: exit code 1.
    WithSkips,
}

impl Outcome {
    /// Complete if nothing was skipped.
    #[must_use]
    pub fn of_skips(skipped: usize) -> Self {
        if skipped == 0 {
            Self::Complete
        } else {
            Self::WithSkips
        }
    }
}

/// What is printed unless `RUST_LOG` says otherwise: errors, and what our own crates warn of.
const LEVELS: &str = "error,ai4fashion_dcgan=warn,ai4fashion_examples=warn";

/// Runs a program: what `run` returns becomes the exit code, and a failure is printed on standard error with its causes, and with
/// what helps, if that is known.
/// Warnings of a training are printed, those of other libraries if `RUST_LOG` asks for them. That the reader of standard
/// output has gone away (`classify ... | head`) is no failure.
pub fn main(run: impl FnOnce() -> anyhow::Result<Outcome>) -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(LEVELS))
        .format(|out, record| {
            let level = record.level().as_str().to_lowercase();
            writeln!(out, "{level}: {}", record.args())
        })
        .init();
    match run().and_then(|outcome| check_said().map(|()| outcome)) {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::WithSkips) => ExitCode::from(1),
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&error);
            ExitCode::from(2)
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        let io = match cause.downcast_ref::<csv::Error>().map(csv::Error::kind) {
            Some(csv::ErrorKind::Io(error)) => Some(error),
            _ => cause.downcast_ref::<io::Error>(),
        };
        io.is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
    })
}

#[expect(clippy::print_stderr, reason = "this is where programs print their errors")]
fn report(error: &anyhow::Error) {
    let mut above = error.to_string();
    eprintln!("error: {above}");
    for cause in error.chain().skip(1) {
        let message = cause.to_string();
        // Some libraries repeat the cause in their message.
        if !above.ends_with(&message) {
            eprintln!("  caused by: {message}");
        }
        above = message;
    }
    if let Some(hint) = hint_of(error) {
        eprintln!("  hint: {hint}");
    }
}
