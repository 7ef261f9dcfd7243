//! Labelled photos: a folder with `images/ID.jpg` and `labels.csv`.

use std::path::Path;

use ai4fashion_dataset::{Limits, decode_file, image::RgbImage};
use anyhow::Context;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Parts that a cross-validation is made of.
pub const FOLDS: u8 = 5;

/// The part that a photo is in, decided by a hash of its id.
#[must_use]
pub fn fold(id: &str) -> u8 {
    Sha256::digest(id)[0] % FOLDS
}

/// A row of the table.
#[derive(Debug, Deserialize)]
pub struct Label {
    /// What its photo's file is called.
    pub id: String,
    /// The catalogue's colour among the eleven names, or nothing.
    pub color: String,
    garment_only: String,
}

impl Label {
    /// Whether the photo shows a garment and nothing else.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.garment_only == "1"
    }

    /// The photo.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn picture(&self, data: &Path) -> anyhow::Result<RgbImage> {
        let path = data.join(format!("images/{}.jpg", self.id));
        Ok(decode_file(path, &Limits::default())?.into_rgb())
    }
}

/// The rows of `data/labels.csv`.
///
/// # Errors
/// If the table cannot be read.
pub fn labels(data: &Path) -> anyhow::Result<Vec<Label>> {
    let labels = data.join("labels.csv");
    csv::Reader::from_path(&labels)
        .and_then(|mut reader| reader.deserialize().collect())
        .with_context(|| format!("cannot read `{}`", labels.display()))
}
