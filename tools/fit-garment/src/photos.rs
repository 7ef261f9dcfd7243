//! Labelled photos and synthetic garments, as features.

use std::path::Path;

use ai4fashion_dataset::__private as garment;
use ai4fashion_image::{
    image::{RgbImage, imageops},
    letterbox,
};
use ai4fashion_synthetic::{Catalogue, View};
use rayon::prelude::*;

/// Side length of the images, as ingestion makes them.
const SIZE: u32 = 256;

/// A photo that the model is fitted to.
#[derive(Debug)]
pub(crate) struct Photo {
    id: String,
    /// Features as it is, and mirrored.
    pub(crate) features: [Vec<f32>; 2],
    /// It shows a garment and nothing else.
    pub(crate) is_garment_only: bool,
}

/// Labelled photos and synthetic ones.
#[derive(Debug)]
pub(crate) struct Examples {
    pub(crate) photos: Vec<Photo>,
    pub(crate) synthetic: Vec<Photo>,
}

impl Photo {
    pub(crate) fn fold(&self) -> u8 {
        fit_common::fold(&self.id)
    }
}

/// Reads the photos of `data/labels.csv`.
pub(crate) fn read(data: &Path) -> anyhow::Result<Vec<Photo>> {
    let photos = fit_common::labels(data)?.into_par_iter().map(|label| {
        let image = letterbox(&label.image(data)?, SIZE)?;
        Ok(Photo {
            features: features(&image),
            is_garment_only: label.is_garment_only(),
            id: label.id,
        })
    });
    photos.collect()
}

/// Returns synthetic photos, with other outlines than one catalogue has.
pub(crate) fn synthetic() -> Vec<Photo> {
    let photos = render().into_iter().enumerate().flat_map(|(index, views)| {
        let views = View::ALL.into_iter().zip(views);
        views.map(move |(view, image)| Photo {
            id: index.to_string(),
            features: features(&image),
            is_garment_only: view == View::GarmentOnly,
        })
    });
    photos.collect()
}

/// Renders each synthetic garment in each view.
pub(crate) fn render() -> Vec<[RgbImage; 2]> {
    // Not the seed of the tests.
    let catalogue = Catalogue::new(2).with_per_label(1);
    let render = |index: usize| View::ALL.map(|view| catalogue.render(index, view));
    (0..catalogue.len()).into_par_iter().map(render).collect()
}

fn features(image: &RgbImage) -> [Vec<f32>; 2] {
    [image, &imageops::flip_horizontal(image)].map(garment::features)
}
