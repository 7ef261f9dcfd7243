//! Folders that a new run may use: those that are free, and those of a run that was ended before
//! its first checkpoint.
//!
//! The lock is the first file that a run makes in its folder, so that it marks all others as ours.

use std::{
    fs::{self, DirEntry},
    io::ErrorKind as IoKind,
    path::Path,
};

use ai4fashion_files::PARTIAL;

use crate::{
    error::{Error, ErrorKind},
    run::{
        checkpoint_files,
        checkpointer::CHECKPOINTS,
        layout::{
            CHARTS, CONFIG, EPOCHS, LOCK, METADATA, REAL, SAMPLES_OVER_TIME, SCORES, STEPS, TIMES, WARNINGS,
        },
        sample_files,
    },
};

/// What file managers leave in every folder that they show.
const OF_FILE_MANAGERS: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// Whether a run was begun in `folder`; `false` if nothing is there.
///
/// # Errors
/// [`ErrorKind::Occupied`] if something is there that a new run is not to overwrite.
pub(super) fn is_begun(folder: &Path) -> Result<bool, Error> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == IoKind::NotFound => return Ok(false),
        entries => entries.map_err(Error::io("read the folder", folder))?,
    };
    let entries: Result<Vec<DirEntry>, _> = entries.collect();
    let mut entries = entries.map_err(Error::io("read the folder", folder))?;
    entries.retain(|entry| !OF_FILE_MANAGERS.iter().any(|name| entry.file_name() == *name));
    if !checkpoint_files::list(folder)?.is_empty() {
        return Err(occupied(folder, CHECKPOINTS));
    }
    let is_marked = entries.iter().any(|entry| entry.file_name() == LOCK);
    let foreign = entries.iter().find(|entry| !is_marked || !is_ours(folder, entry));
    if let Some(foreign) = foreign {
        let name = foreign.file_name();
        return Err(occupied(
            folder,
            format!("other files, such as `{}`", name.display()),
        ));
    }
    if has_results(folder) {
        return Err(occupied(folder, "the samples of a run without checkpoints"));
    }
    Ok(is_marked)
}

/// Whether a run without checkpoints has samples of more epochs than come before the first
/// checkpoint: the checkpoints were removed.
pub(super) fn has_results(folder: &Path) -> bool {
    // What cannot be read may hold results.
    sample_files::epochs(folder).map_or(true, |epochs| epochs.len() > 1)
        || sample_files::stopped(folder).exists()
}

/// Removes logs and charts of a run that has no checkpoint.
pub(super) fn clear(folder: &Path) -> Result<(), Error> {
    let logs = [STEPS, TIMES, EPOCHS, WARNINGS, SCORES, SAMPLES_OVER_TIME];
    for name in logs.iter().chain(&CHARTS) {
        remove(&folder.join(name))?;
    }
    Ok(())
}

/// Removes a file that may be missing.
pub(super) fn remove(path: &Path) -> Result<(), Error> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != IoKind::NotFound => Err(Error::io("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Whether a run that was ended before its first checkpoint has made this entry of its folder.
fn is_ours(folder: &Path, entry: &DirEntry) -> bool {
    const FILES: [&str; 10] = [
        LOCK,
        CONFIG,
        METADATA,
        REAL,
        STEPS,
        TIMES,
        EPOCHS,
        WARNINGS,
        SCORES,
        SAMPLES_OVER_TIME,
    ];
    let path = entry.path();
    if path == sample_files::folder(folder) {
        return only(&path, sample_files::is_ours);
    }
    if path == checkpoint_files::folder(folder) {
        return only(&path, checkpoint_files::is_partial);
    }
    let name = entry.file_name();
    let is_named = FILES.iter().chain(&CHARTS).any(|ours| name == *ours);
    path.is_file() && (is_named || is_half_written(&name.to_string_lossy()))
}

/// Whether all in a folder is ours.
fn only(folder: &Path, is_ours: fn(&Path, &str) -> bool) -> bool {
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries.flatten().all(|entry| {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_file = entry.path().is_file();
        is_ours(&entry.path(), &name)
            || is_file && (is_half_written(&name) || OF_FILE_MANAGERS.contains(&&*name))
    })
}

fn is_half_written(name: &str) -> bool {
    name.starts_with(PARTIAL)
}

fn occupied(folder: &Path, content: impl Into<String>) -> Error {
    let (path, content) = (folder.to_owned(), content.into());
    ErrorKind::Occupied { path, content }.into()
}
