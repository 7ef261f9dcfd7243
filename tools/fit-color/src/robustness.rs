//! Robustness: whether a garment keeps its name when its photo is taken, stored or shown a little
//! differently.

use std::path::PathBuf;

use ai4fashion_color::{
    ColorClassifier,
    image::{RgbImage, imageops},
};
use ai4fashion_image::{Limits, decode, encode_jpeg};
use fit_common::Label;
use rayon::prelude::*;

use crate::photos::{brightened, colored};

/// A change of a photo and its name.
type Change = (&'static str, fn(&RgbImage) -> anyhow::Result<RgbImage>);

/// The changes; each is made alone.
const CHANGES: [Change; 7] = [
    ("half the size", |photo| Ok(scaled(photo, 1, 2))),
    ("double the size", |photo| Ok(scaled(photo, 2, 1))),
    ("mirrored left to right", |photo| {
        Ok(imageops::flip_horizontal(photo))
    }),
    ("mirrored top to bottom", |photo| {
        Ok(imageops::flip_vertical(photo))
    }),
    ("JPEG of quality 70", |photo| {
        Ok(decode(&encode_jpeg(photo, 70)?, &Limits::default())?.into_rgb8())
    }),
    ("95% of the brightness", |photo| Ok(brightened(photo, 95))),
    ("105% of the brightness", |photo| Ok(brightened(photo, 105))),
];

/// Prints the number of garment-only photos that keep their name under each change.
#[allow(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(data: PathBuf) -> anyhow::Result<()> {
    let garments = colored(&data)?.into_par_iter().filter(Label::is_garment_only);
    let photos: Vec<RgbImage> = garments
        .map(|label| label.image(&data))
        .collect::<Result<_, _>>()?;
    let name = |photo: &RgbImage| ColorClassifier::default().classify(photo).name();
    for (change, apply) in CHANGES {
        let kept = photos
            .par_iter()
            .map(|photo| Ok(usize::from(name(photo) == name(&apply(photo)?))))
            .collect::<anyhow::Result<Vec<usize>>>()?;
        let kept: usize = kept.into_iter().sum();
        let fraction = kept as f64 / photos.len() as f64;
        println!(
            "{change:24} {kept} of {} keep their name, {fraction:.3}",
            photos.len()
        );
    }
    Ok(())
}

fn scaled(photo: &RgbImage, numerator: u32, denominator: u32) -> RgbImage {
    let [width, height] = [photo.width(), photo.height()].map(|side| (side * numerator / denominator).max(1));
    imageops::resize(photo, width, height, imageops::FilterType::Lanczos3)
}
