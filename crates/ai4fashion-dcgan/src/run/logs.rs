//! Files of a JSON value a line.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, ErrorKind as IoKind, Write as _},
    path::{Path, PathBuf},
};

use ai4fashion_dataset::write_atomic;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    error::{Error, ErrorKind},
    train::{metrics::StepTime, observer::Standing},
};

/// A line of `timing.jsonl`.
#[derive(Serialize, Deserialize)]
pub(super) struct Timing {
    pub(super) step: usize,
    seconds: f64,
    waited: f64,
}

impl Timing {
    pub(super) fn new(step: usize, time: StepTime) -> Self {
        Self {
            step,
            seconds: time.total.as_secs_f64(),
            waited: time.waited.as_secs_f64(),
        }
    }
}

/// A line of `epochs.jsonl`.
#[derive(Serialize, Deserialize)]
pub(super) struct EpochLine {
    pub(super) epoch: usize,
    pub(super) steps_done: usize,
    distance: Option<f32>,
    pub(super) variety: f32,
}

impl EpochLine {
    pub(super) fn new<G>(standing: &Standing<'_, G>, variety: f32) -> Self {
        Self {
            epoch: standing.epochs_done,
            steps_done: standing.steps_done,
            distance: standing.distance,
            variety,
        }
    }
}

/// What is kept of a log when a run begins or goes on: read, but not yet cut off on disk.
pub(super) struct Kept {
    path: PathBuf,
    text: String,
}

impl Kept {
    /// The first `needed` lines of the log at `path`.
    pub(super) fn first(path: PathBuf, needed: usize) -> Result<Self, Error> {
        let text = read(&path)?;
        let lines = whole_lines(&text).count();
        if lines < needed {
            return Err(ErrorKind::ShortLog { path, lines, needed }.into());
        }
        let text = whole_lines(&text).take(needed).collect();
        Ok(Self { path, text })
    }

    /// The lines that are wanted; those that cannot be understood are not.
    pub(super) fn filtered<T: DeserializeOwned>(
        path: PathBuf,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Self, Error> {
        let text = read(&path)?;
        let is_wanted = |line: &&str| serde_json::from_str(line).is_ok_and(|value| wanted(&value));
        let text = whole_lines(&text).filter(is_wanted).collect();
        Ok(Self { path, text })
    }

    /// The values that it holds.
    pub(super) fn values<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let values = self.text.lines().map(serde_json::from_str);
        values.collect::<Result<_, _>>().map_err(Error::json(&self.path))
    }

    /// Cuts the log off, and goes on with it.
    pub(super) fn open(self) -> Result<Log, Error> {
        let Self { path, text } = self;
        // Replaced as a whole: a kill leaves the old or the new one.
        write_atomic(&path, text.as_bytes())?;
        let file = OpenOptions::new().append(true).open(&path);
        let file = file.map(BufWriter::new).map_err(Error::io("write", &path))?;
        Ok(Log { path, file })
    }
}

/// A log that is written line by line.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Log {
    pub(super) fn append(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_string(line).map_err(Error::json(&self.path))?;
        text.push('\n');
        // Flushed line by line: a run that is killed keeps its log.
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.flush());
        written.map_err(Error::io("write", &self.path))
    }

    /// Makes sure that what was appended is on the disk.
    pub(super) fn sync(&self) -> Result<(), Error> {
        self.file
            .get_ref()
            .sync_data()
            .map_err(Error::io("write", &self.path))
    }
}

/// The lines of a log with their ends. What a killed process has begun last may lack its end, and is left out, even where
/// it can be understood.
pub(crate) fn whole_lines(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive('\n').filter(|line| line.ends_with('\n'))
}

/// The text of a log, empty if there is none yet.
pub(crate) fn read(path: &Path) -> Result<String, Error> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == IoKind::NotFound => Ok(String::new()),
        text => text.map_err(Error::io("read", path)),
    }
}
