//! The grids from the fixed noise.

use std::{fs, path::Path};

use ai4fashion_dataset::write_png;
use image::RgbImage;

use crate::Error;

const FOLDER: &str = "samples";

/// The file of an epoch's samples below the run's folder; epochs count from 1.
pub(crate) fn name(epoch: usize) -> String {
    format!("{FOLDER}/epoch-{epoch:03}.png")
}

/// The epochs whose samples are there, in their order.
pub(crate) fn epochs(run: &Path) -> Vec<usize> {
    let entries = fs::read_dir(run.join(FOLDER)).into_iter().flatten().flatten();
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
    let folder = run.join(FOLDER);
    fs::create_dir_all(&folder).map_err(Error::io("make the folder", &folder))?;
    Ok(write_png(&run.join(name(epoch)), page)?)
}

/// Removes the samples of later epochs.
pub(super) fn remove_after(run: &Path, epoch: usize) -> Result<(), Error> {
    epochs(run)
        .into_iter()
        .filter(|later| *later > epoch)
        .try_for_each(|later| {
            let path = run.join(name(later));
            fs::remove_file(&path).map_err(Error::io("remove", &path))
        })
}
