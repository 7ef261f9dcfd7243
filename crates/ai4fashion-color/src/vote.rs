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
pub(crate) struct Votes(Vec<Cell>);

/// A cell that has pixels.
#[derive(Debug)]
struct Cell {
    place: usize,
    count: f32,
    /// Its sharpened memberships.
    names: [f32; NAMES],
}

impl Votes {
    /// Of a [`Sample`](crate::sample::Sample), which has fewer than 65,536 pixels.
    pub(crate) fn new(pixels: impl Iterator<Item = [u8; 3]>) -> Self {
        let mut counts = vec![0_u16; CELLS];
        let mut occupied = Vec::new();
        for rgb in pixels {
            let cell = names::cell(rgb);
            if counts[cell] == 0 {
                occupied.push(cell);
            }
            counts[cell] += 1;
        }
        // Sums in a fixed order, whatever the order of the pixels: a mirrored picture keeps its shares.
        occupied.sort_unstable();
        let cells = occupied.into_iter().map(|place| Cell {
            place,
            count: counts[place].into(),
            names: sharpened(place),
        });
        Self(cells.collect())
    }

    /// The share of each name, in the order of `BasicColor`, summing to one; all zero without pixels.
    ///
    /// `prior` tells how likely each name is for this garment: what is black on other things is navy on a navy shirt.
    pub(crate) fn shares(&self, prior: &[f32; NAMES]) -> [f32; NAMES] {
        let mut sums = [0.0_f32; NAMES];
        for cell in &self.0 {
            let row = weighed(&cell.names, prior);
            let part = cell.count / row.iter().sum::<f32>();
            for (sum, membership) in sums.iter_mut().zip(row) {
                *sum += membership * part;
            }
        }
        let total: f32 = sums.iter().sum();
        sums.map(|sum| if total > 0.0 { sum / total } else { 0.0 })
    }

    /// The mean colour, taken in Oklab, of the pixels that a name fits best; of all pixels if it fits none best.
    pub(crate) fn mean_color(&self, name: usize, prior: &[f32; NAMES]) -> Srgb<u8> {
        let is_best = |cell: &&Cell| {
            let row = weighed(&cell.names, prior);
            row.iter().all(|&other| other <= row[name])
        };
        mean_of(self.0.iter().filter(is_best))
            .or_else(|| mean_of(self.0.iter()))
            .unwrap_or_default()
    }
}

fn mean_of<'a>(cells: impl Iterator<Item = &'a Cell>) -> Option<Srgb<u8>> {
    let mut total = 0.0;
    let mut sum = Oklab::new(0.0, 0.0, 0.0);
    for cell in cells {
        sum += oklab(centre(cell.place)) * cell.count;
        total += cell.count;
    }
    (total > 0.0).then(|| {
        let linear: LinSrgb = (sum / total).into_color_unclamped();
        Srgb::from_linear(linear)
    })
}

/// The sharpened memberships of a cell, summing to one.
pub(crate) fn sharpened(cell: usize) -> [f32; NAMES] {
    let row = names::memberships(cell).map(|membership| f32::from(membership).powi(SHARPNESS));
    let total: f32 = row.iter().sum();
    row.map(|membership| membership / total)
}

/// Memberships on a garment whose names are as likely as `prior` says (Bayes' rule), not yet divided by their sum.
fn weighed(row: &[f32; NAMES], prior: &[f32; NAMES]) -> [f32; NAMES] {
    std::array::from_fn(|name| row[name] * prior[name].max(LEAST_PRIOR))
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
