//! Files of a JSON value a line.

use std::{
    fs::{self, File, OpenOptions},
    io::{BufWriter, ErrorKind as IoKind, Write as _},
    path::{Path, PathBuf},
};

use ai4fashion_dataset::write_atomic;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Error, ErrorKind, Standing, StepTime};

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

/// A log that is written line by line.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: BufWriter<File>,
}

impl Log {
    /// Opens the log at `path`, of which the first `needed` lines are kept.
    pub(super) fn open(path: PathBuf, needed: usize) -> Result<Self, Error> {
        let text = read(&path)?;
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'))
            .count();
        if lines < needed {
            return Err(ErrorKind::ShortLog { path, lines, needed }.into());
        }
        let kept: String = text.split_inclusive('\n').take(needed).collect();
        Self::with(path, &kept)
    }

    /// Opens the log at `path`, of which the lines are kept that are wanted.
    pub(super) fn filtered<T: DeserializeOwned>(
        path: PathBuf,
        wanted: impl Fn(&T) -> bool,
    ) -> Result<Self, Error> {
        let text = read(&path)?;
        let is_wanted = |line: &&str| serde_json::from_str(line).is_ok_and(|value| wanted(&value));
        let kept: String = text.split_inclusive('\n').filter(is_wanted).collect();
        Self::with(path, &kept)
    }

    fn with(path: PathBuf, text: &str) -> Result<Self, Error> {
        // Replaced as a whole: a kill leaves the old or the new one.
        write_atomic(&path, text.as_bytes())?;
        let file = OpenOptions::new().append(true).open(&path);
        let file = file.map(BufWriter::new).map_err(Error::io("write", &path))?;
        Ok(Self { path, file })
    }

    /// The values that it holds.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<Vec<T>, Error> {
        let text = fs::read_to_string(&self.path).map_err(Error::io("read", &self.path))?;
        let values = text.lines().map(serde_json::from_str).collect::<Result<_, _>>();
        values.map_err(|source| self.json(source))
    }

    pub(super) fn append(&mut self, line: &impl Serialize) -> Result<(), Error> {
        let mut text = serde_json::to_string(line).map_err(|source| self.json(source))?;
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

    fn json(&self, source: serde_json::Error) -> Error {
        let path = self.path.clone();
        ErrorKind::Json { path, source }.into()
    }
}

/// The text of a log, empty if there is none yet.
pub(super) fn read(path: &Path) -> Result<String, Error> {
    match fs::read_to_string(path) {
        Err(error) if error.kind() == IoKind::NotFound => Ok(String::new()),
        text => text.map_err(Error::io("read", path)),
    }
}
