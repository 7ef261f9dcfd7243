//! Small copies of images: inside a page, and from the server.

use ai4fashion_dataset::Dataset;
use ai4fashion_image::{encode_jpeg, letterbox};
use base64::{Engine, engine::general_purpose::STANDARD};
use rayon::prelude::*;

use crate::error::Error;

/// Side length in pixels: that of a cell on an ordinary screen.
const SIZE: u32 = 128;
/// JPEG quality; at 75, an image of Kaggle's set takes 3 KB.
const QUALITY: u8 = 75;
/// Thumbnails in a sheet: the page parses one when the first image of it comes into sight.
pub(crate) const PER_SHEET: usize = 200;

/// Makes the thumbnail of an image, as a JPEG file.
pub(crate) fn jpeg(dataset: &Dataset, index: usize) -> Result<Vec<u8>, Error> {
    let file = &*dataset.records()[index].file;
    let image = dataset.load(index)?;
    let small = letterbox(&image, SIZE).map_err(Error::thumbnail(file))?;
    encode_jpeg(&small, QUALITY).map_err(Error::thumbnail(file))
}

/// Makes the thumbnail of an image, as a JPEG file in base64.
pub(crate) fn base64(dataset: &Dataset, index: usize) -> Result<String, Error> {
    Ok(STANDARD.encode(jpeg(dataset, index)?))
}

/// Makes all thumbnails, in sheets.
pub(crate) fn sheets(dataset: &Dataset) -> Result<Vec<Vec<String>>, Error> {
    let copies = (0..dataset.len())
        .into_par_iter()
        .map(|index| base64(dataset, index))
        .collect::<Result<Vec<String>, Error>>()?;
    Ok(copies.chunks(PER_SHEET).map(<[String]>::to_vec).collect())
}
