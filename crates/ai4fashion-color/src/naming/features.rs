//! The colours of a garment as numbers that a linear model can weigh.
//!
//! 1. A soft histogram over lightness, chroma and hue in Oklab: each pixel is split between the
//!    nearest bins, so that a little more light moves a little weight. Grey has no hue, and no hue
//!    bins; nor has near-black cloth.
//! 2. The mean membership of each name in the published table (`table`), sharpened (`histogram`).
//!
//! The features are square roots of these (Hellinger's distance between the histograms), so that a
//! print counts for less than its cloth but is not lost.

use crate::naming::histogram::Histogram;
use crate::naming::table::NAMES;
use crate::oklab::turn;

/// Steps of lightness from [`DARKEST`] to 1.
const LIGHTNESSES: usize = 10;
const DARKEST: f32 = 0.1;
/// Centres of the chroma bins; the first is grey. Cloth seldom has more than the last.
const CHROMAS: [f32; 5] = [0.0, 0.02, 0.05, 0.1, 0.18];
/// Steps around the circle of hues.
const HUES: usize = 16;

const BINS: usize = LIGHTNESSES * (1 + (CHROMAS.len() - 1) * HUES);
/// Number of features.
pub(crate) const FEATURES: usize = BINS + NAMES;

/// The features of a garment, each 0 to 1.
#[derive(Debug)]
pub(crate) struct Features([f32; FEATURES]);

impl Features {
    /// Computes the features of a garment with these colours; all 0 without pixels.
    pub(crate) fn new(histogram: &Histogram) -> Self {
        let mut features = [0.0; FEATURES];
        let (bins, names) = features.split_at_mut(BINS);
        let total: f32 = histogram.counts().iter().sum();
        let [l, a, b] = histogram.colors().map(|values| values.chunks(BLOCK));
        let hue = if histogram.is_near_black() { 0.0 } else { 1.0 };
        for (counts, ((l, a), b)) in histogram.counts().chunks(BLOCK).zip(l.zip(a).zip(b)) {
            let places = Places::of([l, a, b], hue);
            for (place, count) in counts.iter().enumerate() {
                places.split(place, |bin, weight| bins[bin] += weight * count);
            }
        }
        let scale = 1.0 / total.max(1.0);
        bins.iter_mut().for_each(|sum| *sum = (*sum * scale).sqrt());
        for (feature, membership) in names.iter_mut().zip(histogram.memberships()) {
            *feature = membership.sqrt();
        }
        Self(features)
    }

    /// Returns the features that are not 0, with their places.
    pub(crate) fn present(&self) -> impl Iterator<Item = (usize, f32)> {
        self.0
            .iter()
            .copied()
            .enumerate()
            .filter(|&(_, value)| value > 0.0)
    }
}

/// Colours that are located at once.
const BLOCK: usize = 16;

/// Positions of colours among the bins of lightness, chroma and hue: 1.5 is halfway between the
/// second and the third bin.
#[derive(Clone, Copy, Debug)]
struct Places {
    lightness: [f32; BLOCK],
    chroma: [f32; BLOCK],
    hue: [f32; BLOCK],
}

impl Places {
    /// Locates at most [`BLOCK`] colours, given as Oklab's `l`, `a` and `b`, with a part of their
    /// chroma.
    fn of(colors: [&[f32]; 3], part: f32) -> Self {
        let [mut lightness, mut chroma, mut hue] = [[0.0; BLOCK]; 3];
        let [l, a, b] = colors;
        lightness[..l.len()].copy_from_slice(l);
        chroma[..a.len()].copy_from_slice(a);
        hue[..b.len()].copy_from_slice(b);
        for (a, b) in chroma.iter_mut().zip(&mut hue) {
            (*a, *b) = (*a * part, *b * part);
        }
        for ((l, a), b) in lightness.iter_mut().zip(&mut chroma).zip(&mut hue) {
            let step = (*l - DARKEST) / (1.0 - DARKEST) * (LIGHTNESSES - 1) as f32;
            *l = step.clamp(0.0, (LIGHTNESSES - 1) as f32);
            (*a, *b) = (ring((*a * *a + *b * *b).sqrt()), turn(*a, *b) * HUES as f32);
        }
        Self {
            lightness,
            chroma,
            hue,
        }
    }

    /// Calls `add` with each bin next to the colour at `place` and its weight; weights sum to 1.
    fn split(&self, place: usize, mut add: impl FnMut(usize, f32)) {
        let lightness = pair(self.lightness[place], LIGHTNESSES);
        // The bin of a whole turn is that of no turn.
        let hue = pair(self.hue[place], HUES + 1);
        for (ring, of_ring) in pair(self.chroma[place], CHROMAS.len()) {
            for (level, of_level) in lightness {
                let Some(ring) = ring.checked_sub(1) else {
                    add(level, of_level * of_ring);
                    continue;
                };
                for (hue, of_hue) in hue {
                    let bin = (level * (CHROMAS.len() - 1) + ring) * HUES + hue % HUES;
                    add(LIGHTNESSES + bin, of_level * of_ring * of_hue);
                }
            }
        }
    }
}

/// Returns the whole numbers on both sides of `place`, below `count`, and the weight of each.
fn pair(place: f32, count: usize) -> [(usize, f32); 2] {
    let low = place as usize;
    let above = place - low as f32;
    [
        (low.min(count - 1), 1.0 - above),
        ((low + 1).min(count - 1), above),
    ]
}

/// Returns the position of a chroma among [`CHROMAS`]: one for each interval below it, and its
/// position within its own interval, 0 to 1.
#[inline(always)]
fn ring(chroma: f32) -> f32 {
    let intervals = CHROMAS.windows(2);
    intervals
        .map(|ends| ((chroma - ends[0]) / (ends[1] - ends[0])).clamp(0.0, 1.0))
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oklab::oklab;

    fn single_color(rgb: [u8; 3]) -> Features {
        Features::new(&Histogram::of([rgb]))
    }

    fn sum_of_squares(rgb: [u8; 3]) -> [f32; 2] {
        let (bins, names): (Vec<_>, Vec<_>) =
            single_color(rgb).present().partition(|&(place, _)| place < BINS);
        [bins, names].map(|values| values.iter().map(|(_, value)| value * value).sum())
    }

    #[test]
    fn weights_of_a_pixel_sum_to_one() {
        for rgb in [
            [0; 3],
            [255; 3],
            [255, 0, 0],
            [0, 0, 255],
            [10, 200, 30],
            [128, 127, 129],
        ] {
            for sum in sum_of_squares(rgb) {
                assert!((sum - 1.0).abs() < 1e-4, "{rgb:?}: {sum}");
            }
        }
    }

    #[test]
    fn grey_has_no_hue() {
        let grey = oklab([128; 3]);
        Places::of([&[grey.l], &[grey.a], &[grey.b]], 1.0).split(0, |bin, weight| {
            assert!(bin < LIGHTNESSES || weight < 1e-3, "{weight} in {bin}")
        });
    }

    #[test]
    fn a_little_more_light_moves_a_little_weight() {
        let [dark, light] = [[100, 30, 30], [102, 31, 31]].map(single_color);
        let moved: f32 = dark.0[..BINS]
            .iter()
            .zip(&light.0)
            .map(|(a, b)| (a * a - b * b).abs())
            .sum();
        assert!(moved > 0.0 && moved < 0.2, "{moved}");
    }

    #[test]
    fn no_pixels_have_no_features() {
        assert_eq!(Features::new(&Histogram::new()).present().count(), 0);
    }
}
