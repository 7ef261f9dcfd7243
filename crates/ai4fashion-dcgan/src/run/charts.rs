//! Charts of a run.

use std::path::Path;

use ai4fashion_files::write_atomic;
use ai4fashion_plot::{Chart as _, Line, LineChart, side_by_side};
use image::RgbImage;

use crate::{error::Error, run::sample_files};

/// Blue and orange that differ for the colour-blind too (M. Okabe, K. Ito, Color Universal Design,
/// 2008).
const BLUE: [u8; 3] = [0, 114, 178];
const ORANGE: [u8; 3] = [213, 94, 0];

/// Writes the chart of both losses (discriminator, generator; a pair a step) to `path` with `.svg`
/// and `.png`.
pub(super) fn write_losses(losses: &[[f32; 2]], path: &Path) -> Result<(), Error> {
    let line = |name: &str, color, place: usize| {
        let values = losses.iter().map(|pair| pair[place]).collect();
        Line::new(name, color, values)
    };
    let title = "Generator and discriminator loss during training";
    let chart = LineChart::new(title, "step", "loss")
        .with_line(line("generator", BLUE, 1))
        .with_line(line("discriminator", ORANGE, 0));
    let (svg, png) = (path.with_extension("svg"), path.with_extension("png"));
    let text = chart.svg().map_err(Error::encode(&svg))?;
    write_atomic(&svg, text.as_bytes()).map_err(Error::file)?;
    let image = chart.image().map_err(Error::encode(&png))?;
    sample_files::write(&png, &image)
}

/// Writes real images beside generated ones.
pub(super) fn write_pair(path: &Path, real: &RgbImage, fake: &RgbImage) -> Result<(), Error> {
    let both = side_by_side(("Real images", real), ("Generated images", fake));
    sample_files::write(path, &both.map_err(Error::encode(path))?)
}

/// Renders the distance of generated from real images over the epochs, from two epochs on.
pub(super) fn distances(distances: &[f32]) -> Option<String> {
    if distances.iter().filter(|distance| distance.is_finite()).count() < 2 {
        return None;
    }
    let line = Line::new("generated", BLUE, distances.to_vec());
    let title = "Distance of generated from real images";
    LineChart::new(title, "epoch", "distance")
        .with_line(line)
        .svg()
        .ok()
}
