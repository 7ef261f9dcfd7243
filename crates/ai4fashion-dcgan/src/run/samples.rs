//! The grids from the fixed noise.

use std::{
    fs,
    path::{Path, PathBuf},
};

use ai4fashion_dataset::write_png;
use image::RgbImage;

use crate::error::Error;

const FOLDER: &str = "samples";
const STOPPED: &str = "stopped.png";

pub(super) fn folder(run: &Path) -> PathBuf {
    run.join(FOLDER)
}

/// The file of an epoch's samples below the run's folder; epochs count from 1.
pub(crate) fn name(epoch: usize) -> String {
    format!("{FOLDER}/epoch-{epoch:03}.png")
}

/// The epochs whose samples are there, in their order.
pub(crate) fn epochs(run: &Path) -> Vec<usize> {
    let entries = fs::read_dir(folder(run)).into_iter().flatten().flatten();
    let mut epochs: Vec<usize> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            name.strip_prefix("epoch-")?.strip_suffix(".png")?.parse().ok()
        })
        .collect();
    epochs.sort_unstable();
    epochs
}

pub(super) fn write(run: &Path, epoch: usize, page: &RgbImage) -> Result<(), Error> {
    let folder = folder(run);
    fs::create_dir_all(&folder).map_err(Error::io("make the folder", &folder))?;
    Ok(write_png(run.join(name(epoch)), page)?)
}

/// Where the run was stopped, perhaps in the middle of an epoch.
pub(super) fn write_stopped(run: &Path, page: &RgbImage) -> Result<(), Error> {
    let folder = folder(run);
    fs::create_dir_all(&folder).map_err(Error::io("make the folder", &folder))?;
    Ok(write_png(folder.join(STOPPED), page)?)
}

/// The epochs after this one whose samples are there.
pub(super) fn after(run: &Path, epoch: usize) -> Vec<usize> {
    let mut later = epochs(run);
    later.retain(|later| *later > epoch);
    later
}

/// Removes the samples of these epochs, and of where the run was stopped.
pub(super) fn remove(run: &Path, epochs: &[usize]) -> Result<(), Error> {
    let stopped = folder(run).join(STOPPED);
    let stopped = stopped.is_file().then_some(stopped);
    let mut paths = epochs.iter().map(|epoch| run.join(name(*epoch))).chain(stopped);
    paths.try_for_each(|path| fs::remove_file(&path).map_err(Error::io("remove", &path)))
}
