//! A box of histogram cells, and where it is cut.

use super::histogram::Histogram;

/// A box of cells, both ends included. Half of a cut may be empty: its low end is then one above
/// its high end.
#[derive(Clone, Debug)]
pub(super) struct VBox {
    low: [usize; 3],
    high: [usize; 3],
    count: u64,
}

impl VBox {
    fn new(histogram: &Histogram, low: [usize; 3], high: [usize; 3]) -> Self {
        let mut count = 0;
        each_cell(low, high, |cell| count += histogram.count(cell));
        Self { low, high, count }
    }

    /// Returns the smallest box that holds every pixel.
    pub(super) fn around(histogram: &Histogram) -> Self {
        let [low, high] = histogram.bounds();
        Self::new(histogram, low, high)
    }

    /// Returns the number of pixels.
    pub(super) fn count(&self) -> u64 {
        self.count
    }

    /// Returns the number of pixels times the number of cells.
    pub(super) fn product(&self) -> u64 {
        self.count * (0..3).map(|axis| self.width(axis) as u64).product::<u64>()
    }

    fn width(&self, axis: usize) -> usize {
        self.high[axis] + 1 - self.low[axis]
    }

    /// Cuts the box in two along its longest axis, red before green before blue; a box of one pixel
    /// stays whole.
    ///
    /// The plane lies in the middle of the longer side of the median. It then moves so that both
    /// halves have pixels, if possible.
    pub(super) fn cut(self, histogram: &Histogram) -> (Self, Option<Self>) {
        if self.count == 1 {
            return (self, None);
        }
        let longest = (0..3).map(|axis| self.width(axis)).max().unwrap_or(0);
        let axis = (0..3).find(|&axis| self.width(axis) == longest).unwrap_or(0);
        let (first, last) = (self.low[axis], self.high[axis]);

        // below[i]: pixels up to and including slice `first + i`.
        let mut below = Vec::with_capacity(longest);
        let mut total = 0;
        for slice in first..=last {
            let (mut low, mut high) = (self.low, self.high);
            low[axis] = slice;
            high[axis] = slice;
            each_cell(low, high, |cell| total += histogram.count(cell));
            below.push(total);
        }
        let median = first + below.iter().position(|&count| 2 * count > total).unwrap_or(0);

        let (left, right) = (median - first, last - median);
        // In signed numbers: a box of one slice asks for the slice before it.
        let wish = if left <= right {
            (last as isize - 1).min((median + right / 2) as isize)
        } else {
            (first as isize).max((2 * (median as isize - 1) - left as isize) / 2)
        };
        let mut plane = usize::try_from(wish).unwrap_or(first).max(first) - first;
        while below[plane] == 0 {
            plane += 1;
        }
        while below[plane] == total && plane > 0 && below[plane - 1] > 0 {
            plane -= 1;
        }

        let mut end_of_low = self.high;
        end_of_low[axis] = first + plane;
        let mut start_of_high = self.low;
        start_of_high[axis] = first + plane + 1;
        (
            Self::new(histogram, self.low, end_of_low),
            Some(Self::new(histogram, start_of_high, self.high)),
        )
    }

    /// Returns the mean colour, with cells counted at their centres, rounded down.
    pub(super) fn mean(&self, histogram: &Histogram) -> [u8; 3] {
        let mut sums = [0; 3];
        each_cell(self.low, self.high, |cell| {
            let count = histogram.count(cell);
            for axis in 0..3 {
                sums[axis] += count * (8 * cell[axis] as u64 + 4);
            }
        });
        std::array::from_fn(|axis| match sums[axis].checked_div(self.count) {
            Some(mean) => mean.min(255) as u8,
            None => (4 * (self.low[axis] + self.high[axis] + 1)).min(255) as u8,
        })
    }
}

fn each_cell(low: [usize; 3], high: [usize; 3], mut visit: impl FnMut([usize; 3])) {
    for r in low[0]..=high[0] {
        for g in low[1]..=high[1] {
            for b in low[2]..=high[2] {
                visit([r, g, b]);
            }
        }
    }
}
