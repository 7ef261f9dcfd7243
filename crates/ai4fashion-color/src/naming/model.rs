//! How likely each name is for a garment: a linear model over its [`Features`], and softmax.
//!
//! `tools/fit-color` fits the weights to catalogue photos and to the published table, and writes them; the program's help
//! and `docs/color-naming.md` tell how, and how accurate the model is on photos that it was not fitted to.

use crate::naming::features::{FEATURES, Features};
use crate::naming::table::NAMES;

/// A row of each feature, and one that is always added.
static WEIGHTS: &[[[u8; 4]; NAMES]] = {
    let (numbers, rest) = include_bytes!("data/model.bin").as_chunks();
    assert!(rest.is_empty());
    let (rows, rest) = numbers.as_chunks();
    assert!(rest.is_empty() && rows.len() == FEATURES + 1);
    rows
};

/// Of each name, in the order of `BasicColor`, summing to one.
pub(crate) fn probabilities(features: &Features) -> [f32; NAMES] {
    let mut scores = WEIGHTS[FEATURES].map(f32::from_le_bytes);
    for (place, value) in features.present() {
        for (score, weight) in scores.iter_mut().zip(&WEIGHTS[place]) {
            *score += value * f32::from_le_bytes(*weight);
        }
    }
    let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers = scores.map(|score| (score - highest).exp());
    let total: f32 = powers.iter().sum();
    powers.map(|power| power / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::basic_color::BasicColor;
    use crate::naming::histogram::Histogram;

    #[test]
    fn plain_colors_have_their_name() {
        for color in BasicColor::ALL {
            let plain: [u8; 3] = color.srgb().into();
            let found = probabilities(&Features::new(&Histogram::of([plain])));
            let best = (0..NAMES).max_by(|&a, &b| found[a].total_cmp(&found[b]));
            assert_eq!(best, Some(color.index()), "{found:?}");
            assert!((found.iter().sum::<f32>() - 1.0).abs() < 1e-5);
        }
    }
}
