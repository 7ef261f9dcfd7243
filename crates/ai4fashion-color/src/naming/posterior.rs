//! The name of each pixel of a garment, given the names of the garment (Bayes' rule).

use palette::convert::IntoColorUnclamped;
use palette::{LinSrgb, Oklab, Srgb};

use crate::naming::basic_color::BasicColor;
use crate::naming::histogram::Histogram;
use crate::naming::single_color_table::{self, WIDE};
use crate::naming::table::{self, NAMES};

/// Least prior probability: a print may have any name.
const LEAST_PRIOR: f32 = 0.01;

/// The pixels of a garment, split by name.
#[derive(Clone, Debug)]
pub(crate) struct Posterior {
    fractions: [f32; NAMES],
    /// Sum in Oklab, and number, of the pixels that each name fits best.
    best: [(Oklab, f32); NAMES],
}

impl Posterior {
    /// Names the pixels. `prior` is the probability of each name for this garment: a pixel that is
    /// black on other garments is navy on a navy shirt.
    pub(crate) fn new(histogram: &Histogram, prior: &[f32; NAMES]) -> Self {
        let prior = wide(prior);
        let mut sums = [0.0; WIDE];
        let mut best = [(Oklab::new(0.0, 0.0, 0.0), 0.0); NAMES];
        let [l, a, b] = histogram.colors();
        let colors = l.iter().zip(a).zip(b).map(|((&l, &a), &b)| Oklab::new(l, a, b));
        for ((color, &count), &cell) in colors.zip(histogram.counts()).zip(histogram.cells()) {
            let row = weighed(cell, &prior);
            let scale = count / sum_of(&row);
            for (sum, likely) in sums.iter_mut().zip(row) {
                *sum += likely * scale;
            }
            let (sum, pixels) = &mut best[highest(&row).index()];
            *sum += color * count;
            *pixels += count;
        }
        let pixels: f32 = histogram.counts().iter().sum();
        Self {
            fractions: std::array::from_fn(|name| sums[name] / pixels.max(1.0)),
            best,
        }
    }

    /// Returns the fraction of each name, in the order of `BasicColor`. They sum to 1; all are 0
    /// without pixels.
    pub(crate) fn fractions(&self) -> [f32; NAMES] {
        self.fractions
    }

    /// Returns `true` if a name other than this one fits at least the fraction `threshold` of all
    /// pixels best.
    pub(crate) fn has_other_than(&self, name: BasicColor, threshold: f32) -> bool {
        let others = BasicColor::ALL.into_iter().filter(|&other| other != name);
        let most = others.map(|other| self.best[other.index()].1).fold(0.0, f32::max);
        most > 0.0 && most >= threshold * self.pixels()
    }

    /// Returns the mean colour, in Oklab, of the pixels that a name fits best, as sRGB bytes.
    ///
    /// If they are less than the fraction `threshold` of all, it is the mean colour of the name
    /// that fits most pixels best. Black without pixels.
    pub(crate) fn color_of(&self, name: BasicColor, threshold: f32) -> [u8; 3] {
        let named = self.best[name.index()];
        let (sum, pixels) = if named.1 >= threshold * self.pixels() {
            named
        } else {
            self.best[table::highest(&self.best.map(|(_, pixels)| pixels))]
        };
        let linear: LinSrgb = (sum / pixels.max(1.0)).into_color_unclamped();
        Srgb::<u8>::from_linear(linear).into()
    }

    fn pixels(&self) -> f32 {
        self.best.iter().map(|(_, pixels)| pixels).sum()
    }
}

/// Returns the name that fits a cell best on a garment with these prior probabilities.
pub(crate) fn best(cell: usize, prior: &[f32; NAMES]) -> BasicColor {
    highest(&weighed(cell, &wide(prior)))
}

/// Returns the posterior of each name for a cell (Bayes' rule), not yet divided by their sum.
fn weighed(cell: usize, prior: &[f32; WIDE]) -> [f32; WIDE] {
    let row = single_color_table::likely(cell);
    std::array::from_fn(|name| f32::from(row[name]) * prior[name])
}

fn wide(prior: &[f32; NAMES]) -> [f32; WIDE] {
    let mut row = [0.0; WIDE];
    for (wide, likely) in row.iter_mut().zip(prior) {
        *wide = likely.max(LEAST_PRIOR);
    }
    row
}

/// Sums a row in quarters, as vector registers hold them.
fn sum_of(row: &[f32; WIDE]) -> f32 {
    let quarter: [f32; 4] =
        std::array::from_fn(|lane| row[lane] + row[lane + 4] + row[lane + 8] + row[lane + 12]);
    quarter[0] + quarter[1] + quarter[2] + quarter[3]
}

/// Returns the first of the names with the highest value.
fn highest(row: &[f32; WIDE]) -> BasicColor {
    let larger = |a: f32, b: f32| if a > b { a } else { b };
    let quarter: [f32; 4] = std::array::from_fn(|lane| {
        larger(
            larger(row[lane], row[lane + 4]),
            larger(row[lane + 8], row[lane + 12]),
        )
    });
    let most = larger(larger(quarter[0], quarter[1]), larger(quarter[2], quarter[3]));
    let at_most = row.iter().enumerate().fold(0_u32, |bits, (name, &value)| {
        bits | u32::from(value >= most) << name
    });
    BasicColor::ALL[at_most.trailing_zeros() as usize % NAMES]
}

#[cfg(test)]
mod tests {
    use super::*;

    const RED: [u8; 3] = [200, 20, 20];
    const BLUE: [u8; 3] = [20, 60, 200];

    fn thirty_red_ten_blue() -> Posterior {
        let histogram = Histogram::of([RED; 30].into_iter().chain([BLUE; 10]));
        Posterior::new(&histogram, &[1.0; NAMES])
    }

    #[test]
    fn fractions_follow_the_pixels() {
        let fractions = thirty_red_ten_blue().fractions();
        let [red, blue] = [BasicColor::Red, BasicColor::Blue].map(|name| fractions[name.index()]);
        assert!(
            (red - 0.75).abs() < 0.1 && (blue - 0.25).abs() < 0.1,
            "{fractions:?}"
        );
        assert!((fractions.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }

    #[test]
    fn no_pixels_have_no_fractions_and_are_not_mixed() {
        let posterior = Posterior::new(&Histogram::of([]), &[1.0; NAMES]);
        assert_eq!(posterior.fractions(), [0.0; NAMES]);
        assert!(!posterior.has_other_than(BasicColor::Red, 0.0));
    }

    #[test]
    fn prior_decides_between_names_that_both_fit() {
        let navy = Histogram::of([[22, 22, 28]]);
        let of_blue_on = |garment: BasicColor| {
            let mut prior = [0.02; NAMES];
            prior[garment.index()] = 0.8;
            Posterior::new(&navy, &prior).fractions()[BasicColor::Blue.index()]
        };
        let [on_navy, on_black] = [BasicColor::Blue, BasicColor::Black].map(of_blue_on);
        assert!(on_black < 0.5 && on_navy > 0.5, "{on_black} {on_navy}");
    }

    #[test]
    fn second_color_counts_from_the_threshold() {
        let posterior = thirty_red_ten_blue();
        assert!(posterior.has_other_than(BasicColor::Red, 0.25));
        assert!(!posterior.has_other_than(BasicColor::Red, 0.26));
        assert!(posterior.has_other_than(BasicColor::Blue, 0.26));
    }

    #[test]
    fn color_is_that_of_the_name_if_it_reaches_the_threshold() {
        let posterior = thirty_red_ten_blue();
        for (threshold, expected) in [(0.25, BLUE), (0.26, RED)] {
            let found = posterior.color_of(BasicColor::Blue, threshold);
            assert!(
                found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1),
                "{found:?}"
            );
        }
    }
}
