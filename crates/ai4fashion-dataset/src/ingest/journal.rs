//! Finished work of an ingestion, so that another one can resume.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, BufReader, Seek, SeekFrom},
    path::Path,
    sync::{Mutex, PoisonError},
};

use ai4fashion_files::{ErrorKind as FilesErrorKind, json_lines, sync_folder, try_lock};
use serde::{Deserialize, Serialize};

use super::settings_check::check_begun;
use crate::{
    dataset::Settings,
    error::{Error, ErrorKind},
    record::{Filtered, Record},
};

/// A line of the journal after the first, which holds the [`Settings`].
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Line {
    /// An image that was made.
    Taken(Box<Record>),
    /// An image that was filtered because of its content.
    Filtered(Filtered),
}

/// A file that grows by a line an image, locked for as long as it is open.
#[derive(Debug)]
pub(super) struct Journal(Mutex<File>);

impl Journal {
    /// Opens the journal at `path`, or begins one, and returns its lines.
    ///
    /// # Errors
    /// If another process has it, it has other settings, or it cannot be read or written.
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
        // An unfinished line is written again.
        file.set_len(whole).map_err(Error::io("write", path))?;
        file.seek(SeekFrom::End(0)).map_err(Error::io("write", path))?;
        if whole == 0 {
            json_lines::write_line(&mut file, settings).map_err(Error::io("write", path))?;
            file.sync_all().map_err(Error::io("write", path))?;
            sync_folder(path.parent().unwrap_or(path)).map_err(Error::file)?;
        }
        Ok((Self(Mutex::new(file)), lines))
    }

    /// Returns the lines of the journal at `path`, which is not changed.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub(super) fn look(path: &Path, settings: &Settings) -> Result<Vec<Line>, Error> {
        let file = File::open(path).map_err(Error::io("open", path))?;
        lock(&file, path)?;
        read(&file, path, settings).map(|(lines, _)| lines)
    }

    /// Whether the file at `path` is a journal.
    pub(super) fn is_one(path: &Path) -> bool {
        let mut line = Vec::new();
        let read = File::open(path).and_then(|file| BufReader::new(file).read_until(b'\n', &mut line));
        read.is_ok() && serde_json::from_slice::<Settings>(&line).is_ok()
    }

    /// Refuses if a process has the journal at `path`, if there is one.
    pub(super) fn check_idle(path: &Path) -> Result<(), Error> {
        File::open(path).map_or(Ok(()), |file| lock(&file, path))
    }

    /// Adds a line. It stays if the process is killed right after.
    pub(super) fn add(&self, line: &Line) -> io::Result<()> {
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        json_lines::write_line(&mut *file, line)
    }
}

fn lock(file: &File, path: &Path) -> Result<(), Error> {
    match try_lock(file, path) {
        Ok(()) => Ok(()),
        Err(error) if matches!(error.kind(), FilesErrorKind::Locked { .. }) => Err(ErrorKind::InUse {
            path: path.parent().unwrap_or(path).to_owned(),
            activity: "ingesting into it",
        }
        .into()),
        Err(error) => {
            log::debug!("no lock: {error}");
            Ok(())
        }
    }
}

/// The complete lines, and the number of their bytes.
fn read(file: &File, path: &Path, settings: &Settings) -> Result<(Vec<Line>, u64), Error> {
    let folder = path.parent().unwrap_or(path);
    let mut reader = BufReader::new(file);
    let mut first = Vec::new();
    let bytes = reader
        .read_until(b'\n', &mut first)
        .map_err(Error::io("read", path))?;
    if !is_begun(&first, settings) {
        let found = "its journal is not one of an ingestion; name another folder";
        return Err(Error::not_a_dataset(folder, found));
    }
    if !first.ends_with(b"\n") {
        return Ok((Vec::new(), 0));
    }
    // A journal of another version is begun again.
    let Ok(before) = serde_json::from_slice::<Settings>(&first) else {
        return Ok((Vec::new(), 0));
    };
    check_begun(settings, &before, folder)?;
    let (lines, whole) = json_lines::read_complete(&mut reader).map_err(Error::io("read", path))?;
    Ok((lines, whole + bytes as u64))
}

/// Whether a first line begins, as far as it was written, as the first line of a journal.
fn is_begun(line: &[u8], settings: &Settings) -> bool {
    let ours = serde_json::to_vec(settings).unwrap_or_default();
    let key = ours.iter().position(|byte| *byte == b':').unwrap_or(0);
    let shorter = key.min(line.len());
    line[..shorter] == ours[..shorter]
}
