//! The colours of a garment as numbers that a linear model can weigh.
//!
//! 1. A soft histogram over lightness, chroma and hue in Oklab: each pixel is parted between the nearest bins, so that a
//!    little more light moves a little weight. Grey has no hue, and no hue bins.
//! 2. The mean membership of each name in the published table (`names`).
//!
//! Square roots are taken of all (Hellinger's distance between the histograms), so that a print counts for less than
//! its cloth but is not lost.

use palette::Oklab;

use crate::names::NAMES;
use crate::oklab::turn;
use crate::vote::Votes;

/// Steps of lightness from [`DARKEST`] to 1.
const LIGHTNESSES: usize = 10;
const DARKEST: f32 = 0.1;
/// Where the bins of chroma stand; the first is grey. Cloth seldom has more than the last.
const CHROMAS: [f32; 5] = [0.0, 0.02, 0.05, 0.1, 0.18];
/// Steps around the circle of hues.
const HUES: usize = 16;

const BINS: usize = LIGHTNESSES * (1 + (CHROMAS.len() - 1) * HUES);
/// How many numbers stand for a garment.
pub(crate) const FEATURES: usize = BINS + NAMES;

/// The numbers of a garment, each 0 to 1.
#[derive(Debug)]
pub(crate) struct Features([f32; FEATURES]);

impl Features {
    /// Those of a garment with these pixels; all 0 without pixels.
    pub(crate) fn new(votes: &Votes) -> Self {
        let mut features = [0.0; FEATURES];
        let (bins, names) = features.split_at_mut(BINS);
        let mut total = 0.0;
        for cell in votes.cells() {
            total += cell.count;
            part(cell.color, |bin, part| bins[bin] += part * cell.count);
        }
        let scale = 1.0 / total.max(1.0);
        bins.iter_mut().for_each(|sum| *sum = (*sum * scale).sqrt());
        for (feature, share) in names.iter_mut().zip(votes.plain_shares()) {
            *feature = share.sqrt();
        }
        Self(features)
    }

    /// Those that are not 0, with their places.
    pub(crate) fn present(&self) -> impl Iterator<Item = (usize, f32)> {
        self.0
            .iter()
            .copied()
            .enumerate()
            .filter(|&(_, value)| value > 0.0)
    }
}

/// Tells the bins next to a colour, and how much of it goes to each, together 1.
fn part(color: Oklab, mut add: impl FnMut(usize, f32)) {
    let chroma = (color.a * color.a + color.b * color.b).sqrt();
    let lightness = (color.l - DARKEST) / (1.0 - DARKEST) * (LIGHTNESSES - 1) as f32;
    let lightness = pair(lightness.clamp(0.0, (LIGHTNESSES - 1) as f32), LIGHTNESSES);
    let hue = pair(turn(color.a, color.b) * HUES as f32, HUES + 1);
    for (ring, of_ring) in pair(place_of(chroma), CHROMAS.len()) {
        for (level, of_level) in lightness {
            let Some(ring) = ring.checked_sub(1) else {
                add(level, of_level * of_ring);
                continue;
            };
            for (hue, of_hue) in hue {
                let place = (level * (CHROMAS.len() - 1) + ring) * HUES + hue % HUES;
                add(LIGHTNESSES + place, of_level * of_ring * of_hue);
            }
        }
    }
}

/// The whole numbers around `place`, below `count`, and how near each is.
fn pair(place: f32, count: usize) -> [(usize, f32); 2] {
    let low = place as usize;
    let above = place - low as f32;
    [
        (low.min(count - 1), 1.0 - above),
        ((low + 1).min(count - 1), above),
    ]
}

/// Where a chroma stands among [`CHROMAS`]: 1.5 is in the middle between the second and the third.
fn place_of(chroma: f32) -> f32 {
    let last = CHROMAS.len() - 1;
    let above = CHROMAS.iter().position(|&bin| chroma < bin);
    match above {
        Some(above) => {
            let (low, high) = (CHROMAS[above - 1], CHROMAS[above]);
            (above - 1) as f32 + (chroma - low) / (high - low)
        }
        None => last as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oklab::oklab;

    fn of_plain(rgb: [u8; 3]) -> Features {
        Features::new(&Votes::of([rgb]))
    }

    fn sum_of_squares(rgb: [u8; 3]) -> [f32; 2] {
        let (bins, names): (Vec<_>, Vec<_>) = of_plain(rgb).present().partition(|&(place, _)| place < BINS);
        [bins, names].map(|part| part.iter().map(|(_, value)| value * value).sum())
    }

    #[test]
    fn a_pixel_is_parted_whole() {
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
        part(oklab([128; 3]), |bin, part| {
            assert!(bin < LIGHTNESSES || part < 1e-3, "{part} in {bin}")
        });
    }

    #[test]
    fn a_little_more_light_moves_a_little_weight() {
        let [dark, light] = [[100, 30, 30], [102, 31, 31]].map(of_plain);
        let moved: f32 = dark.0[..BINS]
            .iter()
            .zip(&light.0)
            .map(|(a, b)| (a * a - b * b).abs())
            .sum();
        assert!(moved > 0.0 && moved < 0.2, "{moved}");
    }

    #[test]
    fn no_pixels_have_no_features() {
        assert_eq!(Features::new(&Votes::new()).present().count(), 0);
    }
}
