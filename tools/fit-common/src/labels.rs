//! Labelled photos: a folder with `images/ID.jpg` and `labels.csv`.

use std::path::Path;

use ai4fashion_image::{Limits, decode_file, image::RgbImage};
use anyhow::Context;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Folds of a cross-validation.
pub const FOLDS: u8 = 5;

/// Assigns a photo to a fold by a hash of its id.
#[must_use]
pub fn fold(id: &str) -> u8 {
    Sha256::digest(id)[0] % FOLDS
}

/// A row of the table.
#[derive(Debug, Deserialize)]
pub struct Label {
    /// File stem of the photo.
    pub id: String,
    /// The catalogue's colour among the eleven names, or empty.
    pub color: String,
    garment_only: String,
}

impl Label {
    /// Returns `true` if the photo shows a garment and nothing else.
    #[must_use]
    pub fn is_garment_only(&self) -> bool {
        self.garment_only == "1"
    }

    /// Reads the photo.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn image(&self, data: &Path) -> anyhow::Result<RgbImage> {
        let path = data.join(format!("images/{}.jpg", self.id));
        Ok(decode_file(path, &Limits::default())?.into_rgb8())
    }
}

/// Reads the rows of `data/labels.csv`.
///
/// # Errors
/// If the table cannot be read.
pub fn labels(data: &Path) -> anyhow::Result<Vec<Label>> {
    let labels = data.join("labels.csv");
    csv::Reader::from_path(&labels)
        .and_then(|mut reader| reader.deserialize().collect())
        .with_context(|| format!("cannot read `{}`", labels.display()))
}
