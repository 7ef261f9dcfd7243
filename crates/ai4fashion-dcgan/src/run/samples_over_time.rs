//! The samples of all epochs as an animated PNG.

use std::{path::Path, time::Duration};

use ai4fashion_files::machine::is_of_machine;
use ai4fashion_image::{Limits, decode_file};
use image::{RgbImage, imageops};

use crate::{
    error::Error,
    run::{apng::write_apng, grid::COLUMNS, layout::SAMPLES_OVER_TIME, sample_files},
    train::inputs::SAMPLES,
};

/// The largest number of frames. With four rows of 64x64 a frame takes about 300 kB.
const FRAMES: usize = 24;
/// Rows of the samples that are shown.
const ROWS: u32 = 4;
const DELAY: Duration = Duration::from_millis(250);

/// Writes the first samples of up to [`FRAMES`] epochs, evenly chosen, the newest among them.
pub(super) fn write(run: &Path) -> Result<(), Error> {
    let epochs = sample_files::epochs(run)?;
    if epochs.is_empty() {
        return Ok(());
    }
    let every = epochs.len().div_ceil(FRAMES);
    // Counted from the end, so that the newest is among them.
    let mut shown: Vec<usize> = epochs.into_iter().rev().step_by(every).collect();
    shown.reverse();
    let mut frames: Vec<RgbImage> = Vec::new();
    for epoch in shown {
        let page = match decode_file(run.join(sample_files::name(epoch)), &Limits::default()) {
            Ok(page) => page.into_rgb8(),
            Err(error) if is_of_machine(&error) => return Err(Error::other(error)),
            // Samples that somebody has damaged are left out.
            Err(_) => continue,
        };
        let rows = page.height() * ROWS / (SAMPLES / COLUMNS) as u32;
        frames.push(imageops::crop_imm(&page, 0, 0, page.width(), rows).to_image());
    }
    write_apng(&frames, DELAY, run.join(SAMPLES_OVER_TIME))
}
