//! Whether an image shows a garment alone: no model who wears it, no shoe, no bag.
//!
//! A linear model over the silhouette (32x32), the brightness and the part with the colour of skin
//! (16x16 each). `tools/fit-garment` fits the weights to labelled catalogue photos on white, and
//! prints how often the model is right on photos that it was not fitted to;
//! `docs/measurements/ingestion.md` has the figures.

use ai4fashion_image::{cell_means, pad};
use image::RgbImage;

/// Rows and columns of the silhouette.
const SIDE: usize = 32;
/// Cells of the coarser grids.
const COARSE: usize = SIDE / 2 * (SIDE / 2);
/// Number of features of the model.
pub const FEATURES: usize = SIDE * SIDE + 2 * COARSE;
/// White paper has at least this in every component, of 255.
const PAPER: u32 = 240;

/// A weight for each feature, and a bias.
static WEIGHTS: &[[u8; 4]] = {
    let (numbers, rest) = include_bytes!("garment/weights.bin").as_chunks();
    assert!(rest.is_empty() && numbers.len() == FEATURES + 1);
    numbers
};

/// Whether an image, scaled to its longer side, shows a garment and nothing else.
pub(crate) fn is_alone(image: &RgbImage) -> bool {
    let weights = WEIGHTS.iter().map(|weight| f32::from_le_bytes(*weight));
    let values = features(image).into_iter().chain([1.0]);
    let score: f32 = weights.zip(values).map(|(weight, value)| weight * value).sum();
    score > 0.0
}

/// The features of an image with at least one pixel, each in `[0, 1]`.
#[must_use]
pub fn features(image: &RgbImage) -> Vec<f32> {
    let square = pad(image, image.width().max(image.height()), [255; 3]);
    let cells = cell_means(&square, SIDE, SIDE, |rgb| rgb.map(u32::from));
    let mut features: Vec<f32> = cells
        .iter()
        .map(|cell| f32::from(u8::from(cell.iter().any(|component| *component < PAPER))))
        .collect();
    features.extend(coarse(&cells, |[r, g, b]| (r + g + b) as f32 / 765.0));
    features.extend(coarse(&cells, |rgb| f32::from(u8::from(is_skin(rgb)))));
    features
}

/// Means of `value` over 2x2 cells.
fn coarse(cells: &[[u32; 3]], value: impl Fn([u32; 3]) -> f32) -> Vec<f32> {
    let mut sums = vec![0.0; COARSE];
    for (index, cell) in cells.iter().enumerate() {
        let (row, column) = (index / SIDE / 2, index % SIDE / 2);
        sums[row * (SIDE / 2) + column] += value(*cell) / 4.0;
    }
    sums
}

/// A wide rule for catalogue photos; cloth in these colours is told apart by its position.
fn is_skin([r, g, b]: [u32; 3]) -> bool {
    r > g && g > b && r > 90 && r - g < 64 && (21..115).contains(&(r - b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn features_are_of_the_whole_square() {
        let tall = RgbImage::from_pixel(64, 128, image::Rgb([0; 3]));
        let found = features(&tall);
        assert_eq!(found.len(), FEATURES);
        // Paper left and right, cloth in the middle.
        assert_eq!((found[0], found[SIDE / 2]), (0.0, 1.0));
        assert_eq!((found[SIDE * SIDE], found[SIDE * SIDE + SIDE / 4]), (1.0, 0.0));
    }
}
