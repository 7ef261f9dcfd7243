//! A set of pixels, one bit each.

use std::ops::Range;

use crate::pixels::sample::{Planes, SIDE, Sample};

/// A row of pixels; the lowest bit is the leftmost.
pub(crate) type Row = u128;

const _: () = assert!(SIDE <= Row::BITS as usize && SIDE.is_multiple_of(8));

/// A set of pixels by rows; rows below the sample are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows(pub(crate) [Row; SIDE]);

impl Rows {
    pub(crate) const EMPTY: Self = Self([0; SIDE]);

    /// Returns the pixels of a sample that pass a test.
    ///
    /// The test runs for each place of a row, also beyond the width. Without branches in it the
    /// compiler tests many pixels at once.
    #[inline]
    pub(crate) fn of(sample: &Sample, test: impl Fn(&Planes, usize) -> bool) -> Self {
        let mut rows = Self::EMPTY;
        let within = within(sample);
        for (row, pixels) in rows.0.iter_mut().zip(sample.rows()) {
            let passed: [u8; SIDE] = std::array::from_fn(|x| u8::from(test(pixels, x)));
            *row = bits(&passed) & within;
        }
        rows
    }

    /// Returns all pixels of a sample.
    pub(super) fn all(sample: &Sample) -> Self {
        let mut rows = Self::EMPTY;
        rows.0[..sample.height()].fill(within(sample));
        rows
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|row| row.count_ones() as usize).sum()
    }

    /// Returns the number of pixels in these columns and rows.
    pub(crate) fn count_within(&self, columns: Range<usize>, rows: Range<usize>) -> usize {
        if columns.is_empty() {
            return 0;
        }
        let width = columns.len() as u32;
        let within = (Row::MAX >> (Row::BITS - width)) << columns.start;
        let rows = &self.0[rows];
        rows.iter().map(|row| (row & within).count_ones() as usize).sum()
    }

    pub(crate) fn contains(&self, x: usize, y: usize) -> bool {
        self.0[y] >> x & 1 == 1
    }

    pub(super) fn insert(&mut self, x: usize, y: usize) {
        self.0[y] |= 1 << x;
    }

    /// Adds the pixels of row `y`, from column `start`, that pass.
    pub(super) fn insert_passing(&mut self, start: usize, y: usize, passes: impl Iterator<Item = bool>) {
        let (mut added, mut bit) = (0, 1 << start);
        passes.for_each(|passes| {
            added |= if passes { bit } else { 0 };
            bit <<= 1;
        });
        self.0[y] |= added;
    }

    /// Returns the pixels that are in both sets.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|y| self.0[y] & other.0[y]))
    }

    /// Returns the pixels that are only in the first set.
    pub(super) fn without(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|y| self.0[y] & !other.0[y]))
    }

    /// Returns each run of adjacent pixels, with its row.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        let rows = self.0.iter().enumerate().filter(|&(_, &row)| row != 0);
        rows.flat_map(|(y, &row)| runs(row).map(move |run| (y, run)))
    }

    /// Returns the pixels whose four neighbours are also in the set.
    pub(super) fn inner(&self) -> Self {
        let Self(rows) = self;
        let around = |y: usize| {
            let (above, row) = (rows[y.checked_sub(1)?], rows[y]);
            Some(above & row & row << 1 & row >> 1 & rows.get(y + 1)?)
        };
        Self(std::array::from_fn(|y| around(y).unwrap_or(0)))
    }

    /// Returns the pixels that lie between pixels of the set both horizontally and vertically.
    pub(super) fn silhouette(&self) -> Self {
        let Self(rows) = self;
        let mut below = [0; SIDE];
        let mut seen = 0;
        for (below, row) in below.iter_mut().zip(rows).rev() {
            seen |= row;
            *below = seen;
        }
        let mut above = 0;
        Self(std::array::from_fn(|y| {
            above |= rows[y];
            span(rows[y]) & above & below[y]
        }))
    }
}

/// Returns the runs of adjacent pixels of a row.
#[inline]
fn runs(row: Row) -> impl Iterator<Item = Range<usize>> {
    let mut rest = row;
    std::iter::from_fn(move || {
        let start = rest.trailing_zeros();
        let length = (!rest.checked_shr(start)?).trailing_zeros();
        let end = start + length;
        rest = rest.checked_shr(end).map_or(0, |ahead| ahead << end);
        Some(start as usize..end as usize)
    })
}

/// Returns a full row of the sample.
fn within(sample: &Sample) -> Row {
    let beyond = Row::BITS - sample.width() as u32;
    Row::MAX.checked_shr(beyond).unwrap_or(0)
}

/// Packs bytes that are 0 or 1 into bits.
fn bits(bytes: &[u8; SIDE]) -> Row {
    // The product brings the lowest bit of each of eight bytes to its place in the highest byte.
    const GATHER: u64 = 0x0102_0408_1020_4080;
    let (eights, _) = bytes.as_chunks();
    eights.iter().enumerate().fold(0, |row, (place, &eight)| {
        let bits = u64::from_le_bytes(eight).wrapping_mul(GATHER) >> 56;
        row | Row::from(bits) << (8 * place)
    })
}

/// Fills a row from its first to its last pixel.
fn span(row: Row) -> Row {
    if row == 0 {
        return 0;
    }
    Row::MAX << row.trailing_zeros() & Row::MAX >> row.leading_zeros()
}

/// Returns the runs of `open` that contain one of `seeds`. All seeds are in `open`.
pub(super) fn fill(seeds: Row, open: Row) -> Row {
    // A sum carries from a seed to the end of its run; a second seed in the run stays as it is.
    let mut filled = seeds | open & (open ^ open.wrapping_add(seeds));
    // In the other direction by doubling steps, which is seldom needed.
    if filled >> 1 & open & !filled != 0 {
        let mut through = open;
        for step in [1, 2, 4, 8, 16, 32, 64] {
            filled |= through & filled >> step;
            through &= through >> step;
        }
    }
    filled
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rows(rows: &[Row]) -> Rows {
        let mut all = Rows::EMPTY;
        all.0[..rows.len()].copy_from_slice(rows);
        all
    }

    #[test]
    fn runs_are_found_in_each_row() {
        let found: Vec<_> = rows(&[0b1011, 0, 1 << 95 | 1 << 94, 1 << 127]).runs().collect();
        assert_eq!(found, [(0, 0..2), (0, 3..4), (2, 94..96), (3, 127..128)]);
        let full: Vec<_> = rows(&[Row::MAX]).runs().collect();
        assert_eq!(full, [(0, 0..128)]);
    }

    #[test]
    fn inner_pixels_have_four_neighbours() {
        assert_eq!(rows(&[0b1110, 0b1111, 0b0110]).inner(), rows(&[0, 0b0110, 0]));
        assert_eq!(rows(&[Row::MAX; SIDE]).inner().0[SIDE - 1], 0);
    }

    #[test]
    fn silhouette_is_filled() {
        assert_eq!(
            rows(&[0b0110, 0b1001, 0, 0b1110]).silhouette(),
            rows(&[0b0110, 0b1111, 0, 0b1110])
        );
        // What lies beside all of the rest has nothing above it.
        assert_eq!(rows(&[0b1, 0b100]).silhouette(), rows(&[0b1, 0b100]));
    }

    proptest! {
        #[test]
        fn bits_are_the_bytes(row in 0..Row::MAX >> (Row::BITS - SIDE as u32)) {
            prop_assert_eq!(bits(&std::array::from_fn(|x| (row >> x) as u8 & 1)), row);
        }

        #[test]
        fn filled_is_what_steps_to_the_side_reach(open: Row, seeds: Row) {
            let seeds = seeds & seeds >> 3 & seeds << 5 & open;
            let mut expected = seeds;
            for _ in 0..Row::BITS {
                expected |= open & (expected << 1 | expected >> 1);
            }
            prop_assert_eq!(fill(seeds, open), expected);
        }
    }
}
