//! Garment pixels to names: every pixel votes with its memberships, sharpened.

use palette::convert::IntoColorUnclamped;
use palette::{LinSrgb, Oklab, Srgb};

use crate::BasicColor;
use crate::counts::{Counted, Counts};
use crate::names::{self, BITS, NAMES};
use crate::oklab::{all_from_linear, linear_between};

/// The power that memberships are raised to before they are counted. 1 is the plain mean, where a pixel that is
/// black to 0.3 and ten other names to 0.07 hardly counts as black; a large power is a vote for the best name
/// alone. By votes alone as many garments are named as the catalogue does for any from 1 to 8. The model's features hold
/// these sharpened memberships: another power needs another fit.
const SHARPNESS: i32 = 2;

/// No name is so unlikely that a print could not have it.
const LEAST_PRIOR: f32 = 0.01;

/// The cells of the name table that have pixels.
#[derive(Clone, Debug)]
pub(crate) struct Votes {
    /// How many pixels each has.
    counts: Vec<f32>,
    /// Oklab's `l`, `a` and `b` of the mean colour of each.
    colors: [Vec<f32>; 3],
    /// The sharpened memberships of each.
    names: Vec<[f32; NAMES]>,
}

impl Votes {
    pub(crate) fn new() -> Self {
        Self {
            counts: Vec::new(),
            colors: [const { Vec::new() }; 3],
            names: Vec::new(),
        }
    }

    /// Takes other pixels, and leaves none in `counts`.
    ///
    /// Cells come in a fixed order, whatever the order of the pixels.
    pub(crate) fn take(&mut self, counts: &mut Counts<BITS>) {
        self.counts.clear();
        self.colors.iter_mut().for_each(Vec::clear);
        self.names.clear();
        counts.drain(|Counted { cell, count, rgb }| {
            self.counts.push(count.into());
            for (colors, component) in self.colors.iter_mut().zip(linear_between(rgb)) {
                colors.push(component);
            }
            self.names.push(sharpened(cell));
        });
        all_from_linear(self.colors.each_mut().map(Vec::as_mut_slice));
    }

    #[cfg(any(test, feature = "_fitting"))]
    pub(crate) fn of(pixels: impl IntoIterator<Item = [u8; 3]>) -> Self {
        let (mut votes, mut counts) = (Self::new(), Counts::new());
        pixels.into_iter().for_each(|rgb| counts.add(rgb));
        votes.take(&mut counts);
        votes
    }

    /// How many pixels each cell has.
    pub(crate) fn counts(&self) -> &[f32] {
        &self.counts
    }

    /// Oklab's `l`, `a` and `b` of each cell.
    pub(crate) fn colors(&self) -> [&[f32]; 3] {
        self.colors.each_ref().map(Vec::as_slice)
    }

    /// The share of each name, in the order of `BasicColor`, summing to one; all zero without pixels.
    ///
    /// `prior` tells how likely each name is for this garment: what is black on other things is navy on a navy shirt.
    pub(crate) fn shares(&self, prior: &[f32; NAMES]) -> [f32; NAMES] {
        self.sum(|names| {
            let row = weighed(names, prior);
            let total: f32 = row.iter().sum();
            row.map(|membership| membership / total)
        })
    }

    /// The share of each name if nothing is known of the garment.
    pub(crate) fn plain_shares(&self) -> [f32; NAMES] {
        self.sum(|names| *names)
    }

    fn sum(&self, shares: impl Fn(&[f32; NAMES]) -> [f32; NAMES]) -> [f32; NAMES] {
        let (mut sums, mut total) = ([0.0_f32; NAMES], 0.0);
        for (&count, names) in self.counts.iter().zip(&self.names) {
            total += count;
            for (sum, share) in sums.iter_mut().zip(shares(names)) {
                *sum += share * count;
            }
        }
        sums.map(|sum| if total > 0.0 { sum / total } else { 0.0 })
    }

    /// The mean colour, taken in Oklab, of the pixels that a name fits best; of all pixels if it fits none best.
    pub(crate) fn mean_color(&self, name: usize, prior: &[f32; NAMES]) -> Srgb<u8> {
        let is_best = |names: &[f32; NAMES]| {
            let row = weighed(names, prior);
            row.iter().all(|&other| other <= row[name])
        };
        self.mean_of(is_best)
            .or_else(|| self.mean_of(|_| true))
            .unwrap_or_default()
    }

    fn mean_of(&self, is_meant: impl Fn(&[f32; NAMES]) -> bool) -> Option<Srgb<u8>> {
        let [l, a, b] = &self.colors;
        let colors = l.iter().zip(a).zip(b).map(|((&l, &a), &b)| Oklab::new(l, a, b));
        let (mut sum, mut total) = (Oklab::new(0.0, 0.0, 0.0), 0.0);
        for ((color, &count), names) in colors.zip(&self.counts).zip(&self.names) {
            if is_meant(names) {
                sum += color * count;
                total += count;
            }
        }
        (total > 0.0).then(|| {
            let linear: LinSrgb = (sum / total).into_color_unclamped();
            Srgb::from_linear(linear)
        })
    }
}

/// The name that fits a colour best on a garment whose names are as likely as `prior` says.
pub(crate) fn best(rgb: [u8; 3], prior: &[f32; NAMES]) -> BasicColor {
    let row = weighed(&sharpened(names::cell(rgb)), prior);
    let better = |best: BasicColor, name: BasicColor| {
        if row[name.index()] > row[best.index()] {
            name
        } else {
            best
        }
    };
    BasicColor::ALL.into_iter().fold(BasicColor::Black, better)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_follow_the_pixels() {
        let votes = Votes::of([[200, 20, 20]; 30].into_iter().chain([[20, 60, 200]; 10]));
        let shares = votes.plain_shares();
        let (red, blue) = (shares[BasicColor::Red.index()], shares[BasicColor::Blue.index()]);
        assert!(red > 2.0 * blue && blue > 0.1, "{shares:?}");
    }

    #[test]
    fn no_pixels_give_no_shares() {
        assert_eq!(Votes::of([]).plain_shares(), [0.0; NAMES]);
    }

    #[test]
    fn a_prior_decides_between_names_that_both_fit() {
        let navy = Votes::of([[28, 28, 36]]);
        let mut prior = [0.02; NAMES];
        prior[BasicColor::Blue.index()] = 0.8;
        let [plain, on_navy] =
            [navy.plain_shares(), navy.shares(&prior)].map(|shares| shares[BasicColor::Blue.index()]);
        assert!(plain < 0.5 && on_navy > 0.5, "{plain} {on_navy}");
    }

    #[test]
    fn mean_color_is_that_of_the_name() {
        let votes = Votes::of([[200, 20, 20]; 30].into_iter().chain([[20, 60, 200]; 10]));
        let Srgb { red, blue, .. } = votes.mean_color(BasicColor::Blue.index(), &[1.0; NAMES]);
        assert!(blue > 190 && red < 40, "{red} {blue}");
    }
}
