//! How the programs begin and end.
#![allow(clippy::print_stderr, reason = "programs that report")]

use std::process::ExitCode;

use ai4fashion_datafusion::root_cause;

/// Writes warnings to standard error, or what `RUST_LOG` says.
pub(crate) fn log(filter: &str) {
    env_logger::Builder::from_env(env_logger::Env::new().filter_or("RUST_LOG", filter)).init();
}

/// The code that a program ends with; an error is told, without the backtrace that a `Result` of
/// `main` prints, and has the code 2.
pub(crate) fn exit(result: anyhow::Result<ExitCode>) -> ExitCode {
    result.unwrap_or_else(|error| {
        eprintln!("error: {}", root_cause(error.as_ref()));
        ExitCode::from(2)
    })
}
