//! The colour histogram of a garment, with the published names of each colour.

use crate::naming::table::{self, BITS, NAMES};
use crate::oklab::{all_from_linear, linear_between};
use crate::pixels::counts::{Counted, Counts};

/// The power that memberships are raised to before they are averaged.
///
/// 1 is the plain mean, where a pixel that is black to 0.3 and ten other names to 0.07 hardly
/// counts as black; a large power counts the best name alone. Without the model, any power from 1
/// to 8 names as many garments as the catalogue does. The model's features hold these sharpened
/// memberships: another power needs another fit.
const SHARPNESS: i32 = 2;

/// The cells of the RGB cube that have pixels.
#[derive(Clone, Debug)]
pub(crate) struct Histogram {
    /// Pixels in each cell.
    counts: Vec<f32>,
    /// Oklab's `l`, `a` and `b` of each cell's mean colour.
    colors: [Vec<f32>; 3],
    /// Row of each cell in the tables.
    cells: Vec<usize>,
    /// Sharpened memberships of each cell.
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

    /// Replaces the histogram by `counts`, and empties them.
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

    /// Counts pixels, for tools and tests.
    pub(crate) fn of(pixels: impl IntoIterator<Item = [u8; 3]>) -> Self {
        let (mut histogram, mut counts) = (Self::new(), Counts::new());
        pixels.into_iter().for_each(|rgb| counts.add(rgb));
        histogram.take(&mut counts);
        histogram
    }

    /// Returns the number of pixels in each cell.
    pub(crate) fn counts(&self) -> &[f32] {
        &self.counts
    }

    /// Returns Oklab's `l`, `a` and `b` of each cell.
    pub(crate) fn colors(&self) -> [&[f32]; 3] {
        self.colors.each_ref().map(Vec::as_slice)
    }

    /// Returns the row of each cell in the tables.
    pub(crate) fn cells(&self) -> &[usize] {
        &self.cells
    }

    /// Returns the mean membership of each name in the published table, in the order of
    /// `BasicColor`.
    ///
    /// They sum to 1; all are 0 without pixels.
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

/// Returns the sharpened memberships of a cell, which sum to 1.
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
