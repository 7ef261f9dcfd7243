//! The samples over time.

use std::{fs, path::Path, time::Duration};

use ai4fashion_dataset::{Limits, decode};
use image::{RgbImage, imageops};

use crate::{
    error::Error,
    run::{apng::write_film, grid::COLUMNS, samples},
    train::trainer::GRID,
};

/// Frames at most. With four rows of 64x64 a frame takes some 300 kB.
const FRAMES: usize = 24;
/// Rows of the samples that are shown.
const ROWS: u32 = 4;
const DELAY: Duration = Duration::from_millis(250);

/// Writes `film.png`: the first samples of up to [`FRAMES`] epochs, evenly chosen, the newest among them.
pub(super) fn write(run: &Path) -> Result<(), Error> {
    let epochs = samples::epochs(run);
    if epochs.is_empty() {
        return Ok(());
    }
    let every = epochs.len().div_ceil(FRAMES);
    // Counted from the end, so that the newest is always there.
    let mut shown: Vec<usize> = epochs.into_iter().rev().step_by(every).collect();
    shown.reverse();
    let read = |epoch| {
        let bytes = fs::read(run.join(samples::name(epoch))).ok()?;
        let page = decode(&bytes, &Limits::default()).ok()?.into_rgb();
        let rows = page.height() * ROWS / (GRID / COLUMNS) as u32;
        Some(imageops::crop_imm(&page, 0, 0, page.width(), rows).to_image())
    };
    let frames: Vec<RgbImage> = shown.into_iter().filter_map(read).collect();
    write_film(&frames, DELAY, run.join("film.png"))
}
