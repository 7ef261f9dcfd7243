//! Image files of samples.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ai4fashion_files::write_atomic;
use ai4fashion_image::encode_png;
use image::RgbImage;

use crate::error::Error;

const FOLDER: &str = "samples";
const STOPPED: &str = "stopped.png";

/// The folder of the samples of a run.
pub(super) fn folder(run: &Path) -> PathBuf {
    run.join(FOLDER)
}

/// The file of an epoch's samples below the run's folder; epochs count from 1.
pub(super) fn name(epoch: usize) -> String {
    format!("{FOLDER}/epoch-{epoch:03}.png")
}

/// The file of the samples where the run was stopped.
pub(super) fn stopped(run: &Path) -> PathBuf {
    folder(run).join(STOPPED)
}

/// The epochs that have samples, in order; none if there is no folder of samples.
///
/// # Errors
/// If the folder cannot be read.
pub(super) fn epochs(run: &Path) -> Result<Vec<usize>, Error> {
    let folder = folder(run);
    let entries = match fs::read_dir(&folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(Error::io("read", &folder))?,
    };
    let mut epochs = Vec::new();
    for entry in entries {
        let entry = entry.map_err(Error::io("read", &folder))?;
        if entry.path().is_file() {
            epochs.extend(entry.file_name().to_str().and_then(epoch));
        }
    }
    epochs.sort_unstable();
    Ok(epochs)
}

/// The epoch in the name of a file of samples; names that only resemble one have none.
fn epoch(file: &str) -> Option<usize> {
    let epoch = file.strip_prefix("epoch-")?.strip_suffix(".png")?.parse().ok()?;
    (name(epoch) == format!("{FOLDER}/{file}")).then_some(epoch)
}

/// Whether a run has written this file among its samples.
pub(super) fn is_ours(path: &Path, file: &str) -> bool {
    path.is_file() && (file == STOPPED || epoch(file).is_some())
}

/// Writes an image as PNG, whole or not at all.
pub(super) fn write(path: &Path, image: &RgbImage) -> Result<(), Error> {
    let bytes = encode_png(image).map_err(Error::encode(path))?;
    write_atomic(path, &bytes).map_err(Error::file)
}

/// Removes the samples after `epoch`, and those where the run was stopped; returns the names of the
/// former.
pub(super) fn remove_after(run: &Path, epoch: usize) -> Result<Vec<String>, Error> {
    let mut names: Vec<usize> = epochs(run)?;
    names.retain(|later| *later > epoch);
    let names: Vec<String> = names.into_iter().map(name).collect();
    let stopped = Some(stopped(run)).filter(|path| path.is_file());
    let paths = names.iter().map(|name| run.join(name)).chain(stopped);
    for path in paths {
        fs::remove_file(&path).map_err(Error::io("remove", &path))?;
    }
    Ok(names)
}
