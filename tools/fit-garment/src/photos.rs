//! Labelled photos.

use std::path::Path;

use ai4fashion_dataset::{
    garment,
    image::{RgbImage, imageops},
    letterbox,
    synthetic::Catalogue,
};
use rayon::prelude::*;

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
    pub(crate) fn fold(&self) -> u8 {
        fit_common::fold(&self.id)
    }
}

/// The photos of `data/labels.csv`.
pub(crate) fn read(data: &Path) -> anyhow::Result<Vec<Photo>> {
    let photos = fit_common::labels(data)?.into_par_iter().map(|label| {
        let picture = letterbox(&label.picture(data)?, SIZE)?;
        Ok(Photo {
            features: features(&picture),
            alone: label.is_alone(),
            id: label.id,
        })
    });
    photos.collect()
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
