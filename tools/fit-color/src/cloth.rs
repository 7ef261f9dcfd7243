//! Labelled photos.

use std::path::Path;

use ai4fashion_color::{
    __private::{Sparse, features},
    BasicColor, ClassifyOptions,
    image::RgbImage,
};
use ai4fashion_dataset::synthetic::Catalogue;
use fit_common::Label;
use rayon::prelude::*;

/// What is known of a photo.
#[derive(Debug)]
pub(crate) struct Photo {
    pub(crate) id: String,
    /// As it is, a little darker, and a little lighter.
    pub(crate) features: [Sparse; 3],
    pub(crate) color: BasicColor,
    /// Whether it shows a garment and nothing else.
    pub(crate) alone: bool,
}

impl Photo {
    pub(crate) fn fold(&self) -> u8 {
        fit_common::fold(&self.id)
    }
}

/// The labels that have a colour.
pub(crate) fn colored(data: &Path) -> anyhow::Result<Vec<Label>> {
    let labels = fit_common::labels(data)?.into_iter();
    Ok(labels.filter(|label| !label.color.is_empty()).collect())
}

/// The photos that have a colour.
pub(crate) fn read(data: &Path, mask: ClassifyOptions) -> anyhow::Result<Vec<Photo>> {
    let photos = colored(data)?.into_par_iter().map(|label| {
        Ok(Photo {
            features: exposed(&label.picture(data)?, mask)?,
            color: label.color.parse()?,
            alone: label.is_alone(),
            id: label.id,
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
            features: exposed(&catalogue.draw(index, false), mask)?,
            color: *color,
            alone: true,
            id: index.to_string(),
        })
    };
    labels.par_iter().enumerate().map(draw).collect()
}

fn exposed(picture: &RgbImage, mask: ClassifyOptions) -> anyhow::Result<[Sparse; 3]> {
    let of = |percent: u32| features(&brightened(picture, percent), mask);
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
