//! Whether a garment keeps its name when its photo is taken, stored or shown a little differently.

use std::path::Path;

use ai4fashion_color::{
    ColorClassifier,
    image::{RgbImage, imageops},
};
use ai4fashion_dataset::{Limits, decode, jpeg};
use fit_common::Label;
use rayon::prelude::*;

use crate::cloth::{brightened, colored};

/// A change of a photo and its name.
type Change = (&'static str, fn(&RgbImage) -> anyhow::Result<RgbImage>);

/// Each is made alone.
const CHANGES: [Change; 7] = [
    ("half the size", |photo| Ok(scaled(photo, 1, 2))),
    ("double the size", |photo| Ok(scaled(photo, 2, 1))),
    ("left and right changed", |photo| {
        Ok(imageops::flip_horizontal(photo))
    }),
    ("top and bottom changed", |photo| {
        Ok(imageops::flip_vertical(photo))
    }),
    ("JPEG of quality 70", |photo| {
        Ok(decode(&jpeg(photo, 70)?, &Limits::default())?.into_rgb())
    }),
    ("95% of the brightness", |photo| Ok(brightened(photo, 95))),
    ("105% of the brightness", |photo| Ok(brightened(photo, 105))),
];

/// Prints how many of the garments alone keep their name under each change.
#[allow(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(data: &Path) -> anyhow::Result<()> {
    let alone = colored(data)?.into_par_iter().filter(Label::is_alone);
    let photos: Vec<RgbImage> = alone.map(|label| label.picture(data)).collect::<Result<_, _>>()?;
    let name = |photo: &RgbImage| ColorClassifier::default().classify(photo).name();
    for (what, change) in CHANGES {
        let kept = photos
            .par_iter()
            .map(|photo| Ok(usize::from(name(photo) == name(&change(photo)?))))
            .collect::<anyhow::Result<Vec<usize>>>()?;
        let kept: usize = kept.into_iter().sum();
        let share = kept as f64 / photos.len() as f64;
        println!("{what:24} {kept} of {} keep their name, {share:.3}", photos.len());
    }
    Ok(())
}

fn scaled(photo: &RgbImage, times: u32, parts: u32) -> RgbImage {
    let [width, height] = [photo.width(), photo.height()].map(|side| (side * times / parts).max(1));
    imageops::resize(photo, width, height, imageops::FilterType::Lanczos3)
}
