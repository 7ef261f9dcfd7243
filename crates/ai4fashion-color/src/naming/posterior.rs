//! Which parts of a garment have which name.

use palette::convert::IntoColorUnclamped;
use palette::{LinSrgb, Oklab, Srgb};

use crate::naming::basic_color::BasicColor;
use crate::naming::table::{self, NAMES};
use crate::naming::single_color_table::{self, WIDE};
use crate::naming::histogram::Histogram;

/// No name is so unlikely that a print could not have it.
const LEAST_PRIOR: f32 = 0.01;

/// The pixels of a garment by their names.
#[derive(Clone, Debug)]
pub(crate) struct Posterior {
    shares: [f32; NAMES],
    /// Of the pixels that each name fits best: the sum of their colours in Oklab, and how many there are.
    best: [(Oklab, f32); NAMES],
}

impl Posterior {
    /// `prior` tells how likely each name is for this garment: what is black on other things is navy on a navy shirt.
    pub(crate) fn new(histogram: &Histogram, prior: &[f32; NAMES]) -> Self {
        let prior = wide(prior);
        let mut shares = [0.0; WIDE];
        let mut best = [(Oklab::new(0.0, 0.0, 0.0), 0.0); NAMES];
        let [l, a, b] = histogram.colors();
        let colors = l.iter().zip(a).zip(b).map(|((&l, &a), &b)| Oklab::new(l, a, b));
        for ((color, &count), &cell) in colors.zip(histogram.counts()).zip(histogram.cells()) {
            let row = weighed(cell, &prior);
            let scale = count / sum_of(&row);
            for (share, likely) in shares.iter_mut().zip(row) {
                *share += likely * scale;
            }
            let (sum, pixels) = &mut best[highest(&row).index()];
            *sum += color * count;
            *pixels += count;
        }
        let pixels: f32 = histogram.counts().iter().sum();
        Self {
            shares: std::array::from_fn(|name| shares[name] / pixels.max(1.0)),
            best,
        }
    }

    /// The share of each name, in the order of `BasicColor`, summing to one; all zero without pixels.
    pub(crate) fn shares(&self) -> [f32; NAMES] {
        self.shares
    }

    /// Whether another name than this fits at least the part `least` of all pixels best.
    pub(crate) fn has_other_than(&self, name: BasicColor, least: f32) -> bool {
        let others = BasicColor::ALL.into_iter().filter(|&other| other != name);
        let most = others.map(|other| self.best[other.index()].1).fold(0.0, f32::max);
        most > 0.0 && most >= least * self.pixels()
    }

    /// The mean colour, taken in Oklab, of the pixels that a name fits best, if they are at least the part `least` of all; else of
    /// those of the name that fits most pixels best. Black without pixels.
    pub(crate) fn color_of(&self, name: BasicColor, least: f32) -> Srgb<u8> {
        let named = self.best[name.index()];
        let (sum, pixels) = if named.1 >= least * self.pixels() {
            named
        } else {
            self.best[table::highest(&self.best.map(|(_, pixels)| pixels))]
        };
        let linear: LinSrgb = (sum / pixels.max(1.0)).into_color_unclamped();
        Srgb::from_linear(linear)
    }

    fn pixels(&self) -> f32 {
        self.best.iter().map(|(_, pixels)| pixels).sum()
    }
}

/// The name that fits a cell best on a garment whose names are as likely as `prior` says.
pub(crate) fn best(cell: usize, prior: &[f32; NAMES]) -> BasicColor {
    highest(&weighed(cell, &wide(prior)))
}

/// How likely each name is for a cell (Bayes' rule), not yet divided by their sum.
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

/// In quarters, as registers hold them.
fn sum_of(row: &[f32; WIDE]) -> f32 {
    let quarter: [f32; 4] =
        std::array::from_fn(|lane| row[lane] + row[lane + 4] + row[lane + 8] + row[lane + 12]);
    quarter[0] + quarter[1] + quarter[2] + quarter[3]
}

/// The first of the names with the highest value.
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
    fn shares_follow_the_pixels() {
        let shares = thirty_red_ten_blue().shares();
        let [red, blue] = [BasicColor::Red, BasicColor::Blue].map(|name| shares[name.index()]);
        assert!(
            (red - 0.75).abs() < 0.1 && (blue - 0.25).abs() < 0.1,
            "{shares:?}"
        );
        assert!((shares.iter().sum::<f32>() - 1.0).abs() < 1e-5);
    }

    #[test]
    fn no_pixels_have_no_shares_and_are_not_mixed() {
        let parts = Posterior::new(&Histogram::of([]), &[1.0; NAMES]);
        assert_eq!(parts.shares(), [0.0; NAMES]);
        assert!(!parts.has_other_than(BasicColor::Red, 0.0));
    }

    #[test]
    fn prior_decides_between_names_that_both_fit() {
        let navy = Histogram::of([[22, 22, 28]]);
        let of_blue_on = |garment: BasicColor| {
            let mut prior = [0.02; NAMES];
            prior[garment.index()] = 0.8;
            Posterior::new(&navy, &prior).shares()[BasicColor::Blue.index()]
        };
        let [on_navy, on_black] = [BasicColor::Blue, BasicColor::Black].map(of_blue_on);
        assert!(on_black < 0.5 && on_navy > 0.5, "{on_black} {on_navy}");
    }

    #[test]
    fn another_part_counts_from_its_share_on() {
        let parts = thirty_red_ten_blue();
        assert!(parts.has_other_than(BasicColor::Red, 0.25));
        assert!(!parts.has_other_than(BasicColor::Red, 0.26));
        assert!(parts.has_other_than(BasicColor::Blue, 0.26));
    }

    #[test]
    fn color_is_that_of_the_name_unless_it_is_hardly_there() {
        let parts = thirty_red_ten_blue();
        for (least, expected) in [(0.25, BLUE), (0.26, RED)] {
            let found: [u8; 3] = parts.color_of(BasicColor::Blue, least).into();
            assert!(
                found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 1),
                "{found:?}"
            );
        }
    }
}
