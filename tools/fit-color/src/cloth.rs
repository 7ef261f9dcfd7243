//! Labelled photos.

use std::path::Path;

use ai4fashion_color::{BasicColor, ClassifyOptions, fitting, image::RgbImage};
use ai4fashion_dataset::{Limits, decode_file, synthetic::Catalogue};
use anyhow::Context;
use rayon::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};

/// Parts that a cross-validation is made of.
pub(crate) const FOLDS: u8 = 5;

/// What is known of a photo.
#[derive(Debug)]
pub(crate) struct Photo {
    pub(crate) id: String,
    /// As it is, a little darker, and a little lighter.
    pub(crate) features: [fitting::Sparse; 3],
    pub(crate) color: BasicColor,
    /// Whether it shows a garment and nothing else.
    pub(crate) alone: bool,
}

impl Photo {
    /// Decided by a hash of the id.
    pub(crate) fn fold(&self) -> u8 {
        Sha256::digest(&self.id)[0] % FOLDS
    }
}

/// A line of the table of labels.
#[derive(Debug, Deserialize)]
pub(crate) struct Row {
    id: String,
    color: String,
    garment_only: String,
}

impl Row {
    pub(crate) fn is_alone(&self) -> bool {
        self.garment_only == "1"
    }

    pub(crate) fn picture(&self, data: &Path) -> anyhow::Result<RgbImage> {
        let path = data.join(format!("images/{}.jpg", self.id));
        Ok(decode_file(path, &Limits::default())?.into_rgb())
    }
}

/// The rows of `data/labels.csv` that have a colour.
pub(crate) fn rows(data: &Path) -> anyhow::Result<Vec<Row>> {
    let labels = data.join("labels.csv");
    let rows: Vec<Row> = csv::Reader::from_path(&labels)
        .and_then(|mut reader| reader.deserialize().collect())
        .with_context(|| format!("cannot read `{}`", labels.display()))?;
    Ok(rows.into_iter().filter(|row| !row.color.is_empty()).collect())
}

/// The photos of those rows.
pub(crate) fn read(data: &Path, mask: ClassifyOptions) -> anyhow::Result<Vec<Photo>> {
    let photos = rows(data)?.into_par_iter().map(|row| {
        Ok(Photo {
            features: features(&row.picture(data)?, mask)?,
            color: row.color.parse()?,
            alone: row.is_alone(),
            id: row.id,
        })
    });
    photos.collect()
}

/// Garments that are drawn, whose colours nobody disputes.
pub(crate) fn drawn(mask: ClassifyOptions) -> anyhow::Result<Vec<Photo>> {
    // Another seed than that of the tests.
    let catalogue = Catalogue::new(2).with_per_label(3);
    let labels = catalogue.labels();
    let draw = |(index, (color, _)): (usize, &(BasicColor, _))| {
        Ok(Photo {
            features: features(&catalogue.draw(index, false), mask)?,
            color: *color,
            alone: true,
            id: index.to_string(),
        })
    };
    labels.par_iter().enumerate().map(draw).collect()
}

fn features(picture: &RgbImage, mask: ClassifyOptions) -> anyhow::Result<[fitting::Sparse; 3]> {
    let of = |percent: u32| fitting::features(&brightened(picture, percent), mask);
    Ok([of(100)?, of(93)?, of(107)?])
}

/// The picture with all components at `percent` of theirs, as a shorter or longer exposure has them.
pub(crate) fn brightened(picture: &RgbImage, percent: u32) -> RgbImage {
    let mut picture = picture.clone();
    for component in picture.iter_mut() {
        *component = (u32::from(*component) * percent / 100).min(255) as u8;
    }
    picture
}
