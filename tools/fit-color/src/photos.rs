//! Labelled photos and synthetic garments, as features.

use std::path::Path;

use ai4fashion_color::{
    __private::{Sparse, features},
    BasicColor, ClassifyOptions,
    image::RgbImage,
};
use ai4fashion_synthetic::{Catalogue, View};
use fit_common::Label;
use rayon::prelude::*;

/// A photo that the model is fitted to.
#[derive(Debug)]
pub(crate) struct Photo {
    pub(crate) id: String,
    /// Features as it is, a little darker, and a little lighter.
    pub(crate) features: [Sparse; 3],
    pub(crate) color: BasicColor,
    /// It shows a garment and nothing else.
    pub(crate) is_garment_only: bool,
}

impl Photo {
    pub(crate) fn fold(&self) -> u8 {
        fit_common::fold(&self.id)
    }
}

/// Reads the labels that have a colour.
pub(crate) fn colored(data: &Path) -> anyhow::Result<Vec<Label>> {
    let labels = fit_common::labels(data)?.into_iter();
    Ok(labels.filter(|label| !label.color.is_empty()).collect())
}

/// Reads the photos that have a colour.
pub(crate) fn read(data: &Path, classifier: ClassifyOptions) -> anyhow::Result<Vec<Photo>> {
    let photos = colored(data)?.into_par_iter().map(|label| {
        Ok(Photo {
            features: exposures(&label.image(data)?, classifier)?,
            color: label.color.parse()?,
            is_garment_only: label.is_garment_only(),
            id: label.id,
        })
    });
    photos.collect()
}

/// Returns synthetic garments, whose colours nobody disputes.
pub(crate) fn synthetic(classifier: ClassifyOptions) -> anyhow::Result<Vec<Photo>> {
    let labels = catalogue().labels();
    let images = render();
    let photo = |(index, image): (usize, &RgbImage)| {
        Ok(Photo {
            features: exposures(image, classifier)?,
            color: labels[index].0,
            is_garment_only: true,
            id: index.to_string(),
        })
    };
    images.par_iter().enumerate().map(photo).collect()
}

/// Renders the synthetic garments.
pub(crate) fn render() -> Vec<RgbImage> {
    let catalogue = catalogue();
    let render = |index| catalogue.render(index, View::GarmentOnly);
    (0..catalogue.len()).into_par_iter().map(render).collect()
}

fn catalogue() -> Catalogue {
    // Not the seed of the tests.
    Catalogue::new(2).with_per_label(3)
}

fn exposures(image: &RgbImage, classifier: ClassifyOptions) -> anyhow::Result<[Sparse; 3]> {
    let at = |percent: u32| features(&brightened(image, percent), classifier);
    Ok([at(100)?, at(93)?, at(107)?])
}

/// Scales all components by `percent`, like a shorter or longer exposure.
pub(crate) fn brightened(image: &RgbImage, percent: u32) -> RgbImage {
    let mut image = image.clone();
    for component in image.iter_mut() {
        *component = (u32::from(*component) * percent / 100).min(255) as u8;
    }
    image
}
