//! Running a program with a limit of time.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};

/// Seconds after which a command counts as hanging.
const LIMIT: u64 = 60;

/// The exit code of a Rust program that panicked.
const PANICKED: i32 = 101;

/// The program under test.
#[derive(Clone, Debug)]
pub(crate) struct Program(pub(crate) PathBuf);

/// How a command ended.
#[derive(Clone, Debug)]
pub(crate) struct Ran {
    /// Exit code; `None` if a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// Stopped after the limit of time.
    pub(crate) is_hung: bool,
}

impl Program {
    /// Tells whether the program was built with training.
    pub(crate) fn can_train(&self, folder: &Path) -> Result<bool> {
        let help = run(&[self.0.clone().into(), "train".into(), "--help".into()], folder)?;
        Ok(help.code == Some(0))
    }
}

impl Ran {
    /// Tells whether the command ended by itself and without a panic.
    pub(crate) fn is_orderly(&self) -> bool {
        !self.is_hung
            && self.code.is_some_and(|code| code != PANICKED)
            && !self.stderr.contains("panicked at")
    }

    /// Says in a line how it ended.
    pub(crate) fn describe(&self) -> String {
        let code = match self.code {
            _ if self.is_hung => "hangs".to_owned(),
            Some(code) => format!("exit code {code}"),
            None => "ended by a signal".to_owned(),
        };
        // Of a panic without the number of the thread.
        let mut errors = self.stderr.lines().filter_map(|line| {
            let at = line.find("panicked at").or_else(|| line.find("error:"))?;
            Some(&line[at..])
        });
        errors
            .next_back()
            .map_or(code.clone(), |error| format!("{code}, {error}"))
    }
}

/// Runs a command line in `folder`, on one thread, and waits for it.
pub(crate) fn run(line: &[OsString], folder: &Path) -> Result<Ran> {
    let begin = Instant::now();
    let output = Command::new("timeout")
        .arg("--signal=KILL")
        .arg(LIMIT.to_string())
        .args(line)
        .current_dir(folder)
        // With one thread the calls come in one order.
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("cannot run `timeout` for {line:?}"))?;
    Ok(Ran {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        is_hung: begin.elapsed() >= Duration::from_secs(LIMIT),
    })
}
