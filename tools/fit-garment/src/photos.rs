//! Labelled photos.

use std::path::Path;

use ai4fashion_dataset::{
    Limits, decode_file, garment,
    image::{RgbImage, imageops},
    letterbox,
    synthetic::Catalogue,
};
use anyhow::Context;
use rayon::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Parts that a cross-validation is made of.
pub(crate) const FOLDS: u8 = 5;
/// Side length of the pictures, as ingestion makes them.
const SIZE: u32 = 256;

/// What is known of a photo.
#[derive(Debug)]
pub(crate) struct Photo {
    id: String,
    /// As it is, and mirrored.
    pub(crate) features: [Vec<f32>; 2],
    /// Whether it shows a garment and nothing else.
    pub(crate) alone: bool,
}

impl Photo {
    /// Decided by a hash of the id.
    pub(crate) fn fold(&self) -> u8 {
        Sha256::digest(&self.id)[0] % FOLDS
    }
}

#[derive(Debug, Deserialize)]
struct Row {
    id: String,
    garment_only: String,
}

/// The photos of `data/labels.csv`.
pub(crate) fn read(data: &Path) -> anyhow::Result<Vec<Photo>> {
    let labels = data.join("labels.csv");
    let rows: Vec<Row> = csv::Reader::from_path(&labels)
        .and_then(|mut reader| reader.deserialize().collect())
        .with_context(|| format!("cannot read `{}`", labels.display()))?;
    let limits = Limits::default();
    let photo = |row: Row| {
        let path = data.join(format!("images/{}.jpg", row.id));
        let picture = letterbox(&decode_file(&path, &limits)?.into_rgb(), SIZE)?;
        Ok(Photo {
            features: features(&picture),
            alone: row.garment_only == "1",
            id: row.id,
        })
    };
    rows.into_par_iter().map(photo).collect()
}

/// Drawn garments, alone and worn, which have other outlines than those of one catalogue.
pub(crate) fn drawn() -> Vec<Photo> {
    // Another seed than that of the tests.
    let catalogue = Catalogue::new(2).with_per_label(1);
    let draw = |index: usize| {
        [false, true].map(|worn| Photo {
            id: index.to_string(),
            features: features(&catalogue.draw(index, worn)),
            alone: !worn,
        })
    };
    (0..catalogue.len()).into_par_iter().flat_map_iter(draw).collect()
}

fn features(picture: &RgbImage) -> [Vec<f32>; 2] {
    [picture, &imageops::flip_horizontal(picture)].map(garment::features)
}
