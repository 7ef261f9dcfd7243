//! Garment pixels to names: every pixel votes with its memberships, sharpened.

use palette::convert::IntoColorUnclamped;
use palette::{LinSrgb, Oklab, Srgb};

use crate::names::{self, CELLS, NAMES};
use crate::pixels::oklab;

/// The power that memberships are raised to before they are counted. 1 is the plain mean, where a pixel that is
/// black to 0.3 and ten other names to 0.07 hardly counts as black; a large power is a vote for the best name
/// alone. Accuracy on the 270 garment-only pictures of `data/smallfashion` is 0.741 to 0.744 for any from 1 to 8, so it
/// decides how sure an answer is, not which: see `docs/color-naming.md`.
const SHARPNESS: i32 = 2;

/// No name is so unlikely that a print could not have it.
const LEAST_PRIOR: f32 = 0.01;
/// All names are equally likely.
pub(crate) const NO_PRIOR: [f32; NAMES] = [1.0; NAMES];

/// Pixels counted in the cells of the name table.
#[derive(Debug)]
pub(crate) struct Votes {
    counts: Vec<u32>,
    occupied: Vec<usize>,
}

impl Votes {
    pub(crate) fn new(pixels: impl Iterator<Item = [u8; 3]>) -> Self {
        let mut votes = Self {
            counts: vec![0; CELLS],
            occupied: Vec::new(),
        };
        for rgb in pixels {
            let cell = names::cell(rgb);
            if votes.counts[cell] == 0 {
                votes.occupied.push(cell);
            }
            votes.counts[cell] += 1;
        }
        // Sums in a fixed order, whatever the order of the pixels: a mirrored picture keeps its shares.
        votes.occupied.sort_unstable();
        votes
    }

    /// The share of each name, in the order of `BasicColor`, summing to one; all zero without pixels.
    ///
    /// `prior` tells how likely each name is for this garment: what is black on other things is navy on a navy shirt.
    pub(crate) fn shares(&self, prior: &[f32; NAMES]) -> [f32; NAMES] {
        let mut sums = [0.0_f64; NAMES];
        for &cell in &self.occupied {
            let row = memberships(cell, prior);
            for (sum, membership) in sums.iter_mut().zip(row) {
                *sum += f64::from(membership) * f64::from(self.counts[cell]);
            }
        }
        let total: f64 = sums.iter().sum();
        sums.map(|sum| if total > 0.0 { (sum / total) as f32 } else { 0.0 })
    }

    /// The mean colour, taken in Oklab, of the pixels that a name fits best; of all pixels if it fits none best.
    pub(crate) fn mean_color(&self, name: usize, prior: &[f32; NAMES]) -> Srgb<u8> {
        let is_best = |&&cell: &&usize| {
            let row = memberships(cell, prior);
            row.iter().all(|&other| other <= row[name])
        };
        self.mean_of(self.occupied.iter().filter(is_best))
            .or_else(|| self.mean_of(self.occupied.iter()))
            .unwrap_or_default()
    }

    fn mean_of<'a>(&self, cells: impl Iterator<Item = &'a usize>) -> Option<Srgb<u8>> {
        let mut total = 0.0;
        let mut sum = Oklab::new(0.0, 0.0, 0.0);
        for &cell in cells {
            let count = self.counts[cell] as f32;
            sum += oklab(centre(cell)) * count;
            total += count;
        }
        (total > 0.0).then(|| {
            let linear: LinSrgb = (sum / total).into_color_unclamped();
            Srgb::from_linear(linear)
        })
    }
}

/// The sharpened memberships of a cell, summing to one.
pub(crate) fn sharpened(cell: usize) -> [f32; NAMES] {
    normalized(names::memberships(cell).map(|membership| f32::from(membership).powi(SHARPNESS)))
}

/// Those on a garment whose names are as likely as `prior` says (Bayes' rule).
fn memberships(cell: usize, prior: &[f32; NAMES]) -> [f32; NAMES] {
    let row = sharpened(cell);
    normalized(std::array::from_fn(|name| {
        row[name] * prior[name].max(LEAST_PRIOR)
    }))
}

fn normalized(row: [f32; NAMES]) -> [f32; NAMES] {
    let total: f32 = row.iter().sum();
    row.map(|membership| membership / total)
}

/// The middle of a cell, except that the brightest and darkest level of a component stand for 255 and 0.
fn centre(cell: usize) -> [u8; 3] {
    [cell & 31, (cell >> 5) & 31, cell >> 10].map(|level| match level {
        0 => 0,
        31 => 255,
        _ => (8 * level + 4) as u8,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::BasicColor;

    #[test]
    fn shares_follow_the_pixels() {
        let votes = Votes::new([[200, 20, 20]; 30].into_iter().chain([[20, 60, 200]; 10]));
        let shares = votes.shares(&NO_PRIOR);
        let (red, blue) = (shares[BasicColor::Red.index()], shares[BasicColor::Blue.index()]);
        assert!(red > 2.0 * blue && blue > 0.1, "{shares:?}");
    }

    #[test]
    fn no_pixels_give_no_shares() {
        assert_eq!(Votes::new(std::iter::empty()).shares(&NO_PRIOR), [0.0; NAMES]);
    }

    #[test]
    fn a_prior_decides_between_names_that_both_fit() {
        let navy = Votes::new(std::iter::once([28, 28, 36]));
        let mut prior = [0.02; NAMES];
        prior[BasicColor::Blue.index()] = 0.8;
        let [plain, on_navy] = [NO_PRIOR, prior].map(|prior| navy.shares(&prior)[BasicColor::Blue.index()]);
        assert!(plain < 0.5 && on_navy > 0.5, "{plain} {on_navy}");
    }

    #[test]
    fn mean_color_is_that_of_the_name() {
        let votes = Votes::new([[200, 20, 20]; 30].into_iter().chain([[20, 60, 200]; 10]));
        let Srgb { red, blue, .. } = votes.mean_color(BasicColor::Blue.index(), &NO_PRIOR);
        assert!(blue > 190 && red < 40, "{red} {blue}");
    }
}
