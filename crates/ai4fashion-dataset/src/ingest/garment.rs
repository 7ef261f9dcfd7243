//! Whether a picture shows a garment alone: nobody who wears it, no shoe, no bag.
//!
//! A linear model over the silhouette (32x32), the brightness and the part that has the colour of skin (16x16 each). The
//! weights are fitted by `tools/fit-garment` to labelled catalogue photos on white; it prints how often the model is right
//! on photos that it was not fitted to, which `docs/ingestion.md` tells.

use image::RgbImage;

use crate::{grid::means, letterbox::pad};

/// Rows and columns of the silhouette.
const SIDE: usize = 32;
/// Cells of the coarser grids.
const COARSE: usize = SIDE / 2 * (SIDE / 2);
/// How many numbers the model sees.
pub const FEATURES: usize = SIDE * SIDE + 2 * COARSE;
/// What is darker than this in a component is no white paper, of 255.
const PAPER: u32 = 240;

/// A weight of each feature, and one that is always added.
static WEIGHTS: &[[u8; 4]] = {
    let (numbers, rest) = include_bytes!("garment/weights.bin").as_chunks();
    assert!(rest.is_empty() && numbers.len() == FEATURES + 1);
    numbers
};

/// Whether a picture, scaled to its longer side, shows a garment and nothing else.
pub(crate) fn is_alone(picture: &RgbImage) -> bool {
    let weights = WEIGHTS.iter().map(|weight| f32::from_le_bytes(*weight));
    let values = features(picture).into_iter().chain([1.0]);
    let score: f32 = weights.zip(values).map(|(weight, value)| weight * value).sum();
    score > 0.0
}

/// What the model sees of a picture, which has a pixel at least, each in `[0, 1]`.
#[must_use]
pub fn features(picture: &RgbImage) -> Vec<f32> {
    let square = pad(picture, picture.width().max(picture.height()), [255; 3]);
    let cells = means(&square, SIDE, SIDE, |rgb| rgb.map(u32::from));
    let mut features: Vec<f32> = cells
        .iter()
        .map(|cell| f32::from(u8::from(cell.iter().any(|component| *component < PAPER))))
        .collect();
    features.extend(coarse(&cells, |[r, g, b]| (r + g + b) as f32 / 765.0));
    features.extend(coarse(&cells, |rgb| f32::from(u8::from(is_skin(rgb)))));
    features
}

/// The means of what `value` gives over 2x2 cells.
fn coarse(cells: &[[u32; 3]], value: impl Fn([u32; 3]) -> f32) -> Vec<f32> {
    let mut sums = vec![0.0; COARSE];
    for (place, cell) in cells.iter().enumerate() {
        let (row, column) = (place / SIDE / 2, place % SIDE / 2);
        sums[row * (SIDE / 2) + column] += value(*cell) / 4.0;
    }
    sums
}

/// A wide rule, seen on catalogue photos; cloth in these colours is told by where it is.
fn is_skin([r, g, b]: [u32; 3]) -> bool {
    r > g && g > b && r > 90 && r - g < 64 && (21..115).contains(&(r - b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::synthetic::Catalogue;

    #[test]
    fn drawn_garments_are_alone_and_worn_ones_are_not() {
        let catalogue = Catalogue::new(4).with_per_label(1);
        let alone = |worn| {
            let pictures = (0..132).map(|index| catalogue.draw(index, worn));
            pictures.filter(is_alone).count()
        };
        let (of_garments, of_worn) = (alone(false), alone(true));
        // Drawn ones are stranger to it than photos: 89 and 0 when this was written.
        assert!(of_garments >= 80 && of_worn <= 4, "{of_garments} {of_worn}");
    }

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
