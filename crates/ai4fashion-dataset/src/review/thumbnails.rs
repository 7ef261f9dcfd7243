//! Small copies of the pictures: in a page that holds all it shows, and from the server.

use base64::{Engine, engine::general_purpose::STANDARD};
use rayon::prelude::*;

use crate::{Dataset, Error, files::jpeg, letterbox};

/// Side length in pixels: that of a cell on an ordinary screen.
const SIZE: u32 = 128;
/// JPEG quality; at 75, the pictures of Kaggle's set take 3 KB each.
const QUALITY: u8 = 75;
/// Copies in a sheet: the page reads one when the first picture of it comes into sight.
pub(super) const PER_SHEET: usize = 200;

/// The small copy of a picture, as a JPEG file.
pub(super) fn bytes(dataset: &Dataset, index: usize) -> Result<Vec<u8>, Error> {
    let picture = letterbox(&dataset.load(index)?, SIZE)?;
    jpeg(&picture, QUALITY)
}

/// The same as base64.
pub(super) fn copy(dataset: &Dataset, index: usize) -> Result<String, Error> {
    Ok(STANDARD.encode(bytes(dataset, index)?))
}

/// All copies, in sheets.
pub(super) fn sheets(dataset: &Dataset) -> Result<Vec<Vec<String>>, Error> {
    let copies = (0..dataset.len())
        .into_par_iter()
        .map(|index| copy(dataset, index))
        .collect::<Result<Vec<String>, Error>>()?;
    Ok(copies.chunks(PER_SHEET).map(<[String]>::to_vec).collect())
}
