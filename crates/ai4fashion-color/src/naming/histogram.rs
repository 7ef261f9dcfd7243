//! Garment pixels to names: every pixel votes with its memberships, sharpened.

use crate::pixels::counts::{Counted, Counts};
use crate::naming::table::{self, BITS, NAMES};
use crate::oklab::{all_from_linear, linear_between};

/// The power that memberships are raised to before they are counted. 1 is the plain mean, where a pixel that is
/// black to 0.3 and ten other names to 0.07 hardly counts as black; a large power is a vote for the best name
/// alone. By votes alone as many garments are named as the catalogue does for any from 1 to 8. The model's features hold
/// these sharpened memberships: another power needs another fit.
const SHARPNESS: i32 = 2;

/// The cells of the name table that have pixels.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    /// How many pixels each has.
    counts: Vec<f32>,
    /// Oklab's `l`, `a` and `b` of the mean colour of each.
    colors: [Vec<f32>; 3],
    /// Its place in the tables.
    cells: Vec<usize>,
    /// The sharpened memberships of each.
    names: Vec<[f32; NAMES]>,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: Vec::new(),
            colors: [const { Vec::new() }; 3],
            cells: Vec::new(),
            names: Vec::new(),
        }
    }

    /// Takes other pixels, and leaves none in `counts`.
    ///
    /// Cells come in a fixed order, whatever the order of the pixels.
    pub(crate) fn take(&mut self, counts: &mut Counts<BITS>) {
        self.counts.clear();
        self.colors.iter_mut().for_each(Vec::clear);
        self.cells.clear();
        self.names.clear();
        counts.drain(|Counted { cell, count, rgb }| {
            self.counts.push(count.into());
            for (colors, component) in self.colors.iter_mut().zip(linear_between(rgb)) {
                colors.push(component);
            }
            self.cells.push(cell);
            self.names.push(sharpened(cell));
        });
        all_from_linear(self.colors.each_mut().map(Vec::as_mut_slice));
    }

    pub(crate) fn of(pixels: impl IntoIterator<Item = [u8; 3]>) -> Self {
        let (mut histogram, mut counts) = (Self::new(), Counts::new());
        pixels.into_iter().for_each(|rgb| counts.add(rgb));
        histogram.take(&mut counts);
        histogram
    }

    /// How many pixels each cell has.
    pub(crate) fn counts(&self) -> &[f32] {
        &self.counts
    }

    /// Oklab's `l`, `a` and `b` of each cell.
    pub(crate) fn colors(&self) -> [&[f32]; 3] {
        self.colors.each_ref().map(Vec::as_slice)
    }

    /// The place in the tables of each cell.
    pub(crate) fn cells(&self) -> &[usize] {
        &self.cells
    }

    /// The mean membership of each name in the published table, in the order of `BasicColor`, summing to one; all zero without
    /// pixels.
    pub(crate) fn memberships(&self) -> [f32; NAMES] {
        let (mut sums, mut total) = ([0.0_f32; NAMES], 0.0);
        for (&count, names) in self.counts.iter().zip(&self.names) {
            total += count;
            for (sum, membership) in sums.iter_mut().zip(names) {
                *sum += membership * count;
            }
        }
        sums.map(|sum| if total > 0.0 { sum / total } else { 0.0 })
    }
}

/// The sharpened memberships of a cell, summing to one.
pub(crate) fn sharpened(cell: usize) -> [f32; NAMES] {
    let row = table::memberships(cell).map(|membership| f32::from(membership).powi(SHARPNESS));
    let total: f32 = row.iter().sum();
    row.map(|membership| membership / total)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::basic_color::BasicColor;

    #[test]
    fn memberships_follow_the_pixels() {
        let histogram = Histogram::of([[200, 20, 20]; 30].into_iter().chain([[20, 60, 200]; 10]));
        let found = histogram.memberships();
        let (red, blue) = (found[BasicColor::Red.index()], found[BasicColor::Blue.index()]);
        assert!(red > 2.0 * blue && blue > 0.1, "{found:?}");
    }

    #[test]
    fn no_pixels_have_no_memberships() {
        assert_eq!(Histogram::of([]).memberships(), [0.0; NAMES]);
    }
}
