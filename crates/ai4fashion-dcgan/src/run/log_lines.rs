//! Lines of the logs of a run, and the part of a log that a resumed run keeps.

use std::path::PathBuf;

use ai4fashion_files::{
    count,
    json_lines::{Log, complete_lines, parse, read_text},
    write_atomic,
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, ErrorKind},
    train::{epoch_end::EpochEnd, metrics::StepTiming},
};

/// A line of `timing.jsonl`.
#[derive(Serialize, Deserialize)]
pub(super) struct TimingLine {
    pub(super) step: usize,
    seconds: f64,
    waited: f64,
}

impl TimingLine {
    pub(super) fn new(step: usize, timing: StepTiming) -> Self {
        Self {
            step,
            seconds: timing.total.as_secs_f64(),
            waited: timing.waited.as_secs_f64(),
        }
    }
}

/// A line of `epochs.jsonl`.
#[derive(Serialize, Deserialize)]
pub(super) struct EpochLine {
    pub(super) epoch: usize,
    pub(super) steps_done: usize,
    distance: Option<f32>,
    pub(super) diversity: f32,
}

impl EpochLine {
    pub(super) fn new<G>(end: &EpochEnd<'_, G>, diversity: f32) -> Self {
        Self {
            epoch: end.epochs_done,
            steps_done: end.steps_done,
            distance: end.distance,
            diversity,
        }
    }
}

/// The part of a log that a run keeps when it starts: read, but not yet cut off on disk.
pub(super) struct Kept {
    path: PathBuf,
    text: String,
}

impl Kept {
    /// Keeps the first `needed` lines of the log at `path`.
    pub(super) fn first(path: PathBuf, needed: usize) -> Result<Self, Error> {
        let text = read_text(&path).map_err(Error::file)?;
        let lines = complete_lines(&text).count();
        if lines < needed {
            return Err(ErrorKind::ShortLog { path, lines, needed }.into());
        }
        let text = complete_lines(&text).take(needed).collect();
        Ok(Self { path, text })
    }

    /// Keeps the wanted lines; lines that cannot be parsed are dropped with a warning.
    pub(super) fn filtered<T: DeserializeOwned>(
        path: PathBuf,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Self, Error> {
        let whole = read_text(&path).map_err(Error::file)?;
        let (mut text, mut dropped) = (String::new(), 0);
        for line in complete_lines(&whole) {
            match serde_json::from_str(line) {
                Ok(value) if wanted(&value) => text.push_str(line),
                Ok(_) => {}
                Err(_) => dropped += 1,
            }
        }
        if dropped > 0 {
            let lines = count(dropped, "line");
            log::warn!("`{}`: {lines} that cannot be parsed left out", path.display());
        }
        Ok(Self { path, text })
    }

    /// Parses its lines.
    pub(super) fn values<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        parse(&self.path, &self.text).map_err(Error::file)
    }

    /// Cuts the log off on disk, and opens it for new lines.
    pub(super) fn open(self) -> Result<Log, Error> {
        let Self { path, text } = self;
        // Replaced as a whole: a kill leaves the old or the new one.
        write_atomic(&path, text.as_bytes()).map_err(Error::file)?;
        Log::open(path).map_err(Error::file)
    }
}
