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

/// Largest component of near-black colours.
const NEAR_BLACK: f32 = 32.0;
/// Least fraction of a near-black garment that is near black. It has no hue; of other garments dark
/// pixels have, which tells black from navy.
const MOSTLY: f32 = 0.9;

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
    is_near_black: bool,
}

impl Histogram {
    pub(crate) fn new() -> Self {
        Self {
            counts: Vec::new(),
            colors: [const { Vec::new() }; 3],
            cells: Vec::new(),
            names: Vec::new(),
            is_near_black: false,
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
        let (mut total, mut near_black) = (0.0, 0.0);
        counts.drain(|Counted { cell, count, rgb }| {
            self.counts.push(count.into());
            for (colors, component) in self.colors.iter_mut().zip(linear_between(rgb)) {
                colors.push(component);
            }
            self.cells.push(cell);
            self.names.push(sharpened(cell));
            total += f32::from(count);
            if is_near_black(rgb) {
                near_black += f32::from(count);
            }
        });
        all_from_linear(self.colors.each_mut().map(Vec::as_mut_slice));
        self.is_near_black = near_black > 0.0 && near_black >= MOSTLY * total;
        if self.is_near_black {
            self.names
                .iter_mut()
                .zip(&self.colors[0])
                .for_each(|(names, l)| *names = grey(*l));
        }
    }

    /// The histogram of a single colour.
    pub(crate) fn single(color: [u8; 3]) -> Self {
        let mut colors = linear_between(color.map(f32::from)).map(|component| vec![component]);
        all_from_linear(colors.each_mut().map(Vec::as_mut_slice));
        let is_near_black = is_near_black(color.map(f32::from));
        let cell = table::cell(color);
        let names = if is_near_black {
            grey(colors[0][0])
        } else {
            sharpened(cell)
        };
        Self {
            counts: vec![1.0],
            colors,
            cells: vec![cell],
            names: vec![names],
            is_near_black,
        }
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

    /// Returns `true` for near-black cloth, which has no hue.
    pub(crate) fn is_near_black(&self) -> bool {
        self.is_near_black
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

fn is_near_black(rgb: [f32; 3]) -> bool {
    rgb.into_iter().fold(0.0, f32::max) <= NEAR_BLACK
}

/// Returns the sharpened memberships of a dark grey of some Oklab lightness.
fn grey(lightness: f32) -> [f32; NAMES] {
    // Its luminance is the cube; sRGB is linear, by 12.92, where that is below 0.003.
    let luminance = lightness * lightness * lightness;
    let level = if luminance <= 0.003 {
        12.92 * luminance
    } else {
        1.055 * luminance.powf(1.0 / 2.4) - 0.055
    };
    sharpened(table::cell([(255.0 * level) as u8; 3]))
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
