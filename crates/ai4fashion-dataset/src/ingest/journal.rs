//! What an ingestion has done so far, so that another one can go on from there.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{BufRead, BufReader, Seek, SeekFrom, Write},
    path::Path,
    sync::{Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};

use super::same_settings::check_begun;
use crate::{
    dataset::Settings,
    error::{Error, ErrorKind},
    record::{LeftOut, Record},
};

/// A line of the journal, but for its first, which holds the [`Settings`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Line {
    /// A picture that was taken in.
    Taken(Box<Record>),
    /// A picture that was left out for what it shows.
    LeftOut(LeftOut),
}

/// A file that grows by a line a picture, locked for as long as it is open.
#[derive(Debug)]
pub(super) struct Journal(Mutex<File>);

impl Journal {
    /// Opens the journal at `path`, or begins one, and says what stands in it.
    ///
    /// # Errors
    /// If another process has it, it was written under other settings, or it cannot be read or written.
    pub(super) fn open(path: &Path, settings: &Settings) -> Result<(Self, Vec<Line>), Error> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::io("open", path))?;
        lock(&file, path)?;
        let (lines, whole) = read(&file, path, settings)?;
        // A line that was not finished is written again.
        file.set_len(whole).map_err(Error::io("write", path))?;
        file.seek(SeekFrom::End(0)).map_err(Error::io("write", path))?;
        if whole == 0 {
            write_line(&mut file, settings).map_err(Error::io("write", path))?;
        }
        Ok((Self(Mutex::new(file)), lines))
    }

    /// What stands in the journal at `path`, which is not touched.
    ///
    /// # Errors
    /// Those of [`open`](Self::open).
    pub(super) fn look(path: &Path, settings: &Settings) -> Result<Vec<Line>, Error> {
        let file = File::open(path).map_err(Error::io("open", path))?;
        lock(&file, path)?;
        read(&file, path, settings).map(|(lines, _)| lines)
    }

    /// Whether the file at `path` is a journal.
    pub(super) fn is_ours(path: &Path) -> bool {
        let mut line = Vec::new();
        let read = File::open(path).and_then(|file| BufReader::new(file).read_until(b'\n', &mut line));
        read.is_ok() && serde_json::from_slice::<Settings>(&line).is_ok()
    }

    /// Refuses if a process has the journal at `path`, if there is one.
    pub(super) fn check_idle(path: &Path) -> Result<(), Error> {
        File::open(path).map_or(Ok(()), |file| lock(&file, path))
    }

    /// Adds a line. It is there if the process is killed right after.
    pub(super) fn add(&self, line: &Line) -> std::io::Result<()> {
        write_line(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner), line)
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match file.try_lock() {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => Err(ErrorKind::Busy {
            path: path.parent().unwrap_or(path).to_owned(),
        }
        .into()),
        Err(TryLockError::Error(error)) => {
            log::debug!("file system without locks, `{}`: {error}", path.display());
            Ok(())
        }
    }
}

fn write_line(file: &mut File, value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_vec(value)?;
    line.push(b'\n');
    file.write_all(&line)
}

/// The lines that are whole, and how many bytes they have.
fn read(file: &File, path: &Path, settings: &Settings) -> Result<(Vec<Line>, u64), Error> {
    let mut reader = BufReader::new(file);
    let (mut lines, mut whole, mut line) = (Vec::new(), 0, Vec::new());
    loop {
        line.clear();
        let bytes = reader
            .read_until(b'\n', &mut line)
            .map_err(Error::io("read", path))?;
        if whole == 0 && !is_begun(&line, settings) {
            let path = path.parent().unwrap_or(path).to_owned();
            let found = "its journal is none of an ingestion's; name another folder".to_owned();
            return Err(ErrorKind::NotOurs { path, found }.into());
        }
        if !line.ends_with(b"\n") {
            return Ok((lines, whole));
        }
        if whole == 0 {
            match serde_json::from_slice::<Settings>(&line) {
                Ok(before) => check_begun(settings, &before, path.parent().unwrap_or(path))?,
                // Of a version of before.
                Err(_) => return Ok((lines, 0)),
            }
        } else {
            match serde_json::from_slice(&line) {
                Ok(line) => lines.push(line),
                Err(_) => return Ok((lines, whole)),
            }
        }
        whole += bytes as u64;
    }
}

/// Whether a first line begins, as far as it was written, as that of a journal.
fn is_begun(line: &[u8], settings: &Settings) -> bool {
    let ours = serde_json::to_vec(settings).unwrap_or_default();
    let key = ours.iter().position(|byte| *byte == b':').unwrap_or(0);
    let shorter = key.min(line.len());
    line[..shorter] == ours[..shorter]
}
