//! Exit codes: 0 all good, 1 finished with skipped items, 2 failed.

use std::{io::Write as _, process::ExitCode};

use ai4fashion_files::messages;

use crate::{
    hint::hint_of,
    say::{check_said, remark, shown},
};

/// How a command that did not fail has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything was done: exit code 0.
    Complete,
    /// The work was finished but some items were skipped: exit code 1.
    WithSkips,
}

impl Outcome {
    /// Complete if nothing was skipped.
    pub(crate) fn of_skips(skipped: usize) -> Self {
        if skipped == 0 {
            Self::Complete
        } else {
            Self::WithSkips
        }
    }
}

/// Log levels unless `RUST_LOG` is set: errors, and warnings of our own crates.
const LEVELS: &str =
    "error,ai4fashion_dcgan=warn,ai4fashion::=warn,ai4fashion_dataset::dataset::transaction=warn";

/// Runs a command and turns its result into the exit code; a failure is printed on standard error
/// with its causes and, if one is known, a hint.
///
/// Warnings of a training run are printed, and what is waited for; those of other libraries if
/// `RUST_LOG` asks for them. It is no failure if nobody reads standard output or standard error any
/// more (`classify ... | head`).
pub(crate) fn report(run: impl FnOnce() -> anyhow::Result<Outcome>) -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or(LEVELS))
        .format(|out, record| {
            let level = record.level().as_str().to_lowercase();
            writeln!(out, "{level}: {}", shown(record.args()))
        })
        .init();
    match run().and_then(|outcome| check_said().map(|()| outcome)) {
        Ok(Outcome::Complete) => ExitCode::SUCCESS,
        Ok(Outcome::WithSkips) => ExitCode::from(1),
        Err(error) => {
            print(&error);
            ExitCode::from(2)
        }
    }
}

fn print(error: &anyhow::Error) {
    for (place, message) in messages(&**error).iter().enumerate() {
        let what = if place == 0 { "error" } else { "  caused by" };
        remark(format_args!("{what}: {message}"));
    }
    if let Some(hint) = hint_of(error) {
        remark(format_args!("  hint: {hint}"));
    }
}
