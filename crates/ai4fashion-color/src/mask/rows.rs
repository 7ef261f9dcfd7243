//! A set of pixels of a sample, a bit each.

use std::ops::Range;

use crate::sample::{Pixel, SIDE, Sample};

/// A row of pixels; the lowest bit is the leftmost.
pub(crate) type Row = u128;

const _: () = assert!(SIDE <= Row::BITS as usize && SIDE.is_multiple_of(32));

/// The rows of a set; those below the sample are empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Rows(pub(super) [Row; SIDE]);

impl Rows {
    pub(crate) const EMPTY: Self = Self([0; SIDE]);

    /// The pixels of a sample that pass a test.
    #[inline]
    pub(super) fn of(sample: &Sample, test: impl Fn(Pixel) -> bool) -> Self {
        let mut rows = Self::EMPTY;
        let within = Row::MAX
            .checked_shr(Row::BITS - sample.width() as u32)
            .unwrap_or(0);
        for (row, pixels) in rows.0.iter_mut().zip(sample.stored()) {
            let (words, _) = pixels.as_chunks::<32>();
            // Words of 32 bits, because there are instructions for these.
            for (place, pixels) in words.iter().enumerate() {
                let bits = pixels.iter().enumerate();
                let word = bits.fold(0, |word, (bit, &pixel)| word | u32::from(test(pixel)) << bit);
                *row |= Row::from(word) << (32 * place);
            }
            *row &= within;
        }
        rows
    }

    pub(crate) fn count(&self) -> usize {
        self.0.iter().map(|row| row.count_ones() as usize).sum()
    }

    pub(crate) fn contains(&self, x: usize, y: usize) -> bool {
        self.0[y] >> x & 1 == 1
    }

    pub(super) fn insert(&mut self, x: usize, y: usize) {
        self.0[y] |= 1 << x;
    }

    /// The pixels that are in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|y| self.0[y] & other.0[y]))
    }

    /// The pixels that are in the first only.
    pub(super) fn without(&self, other: &Self) -> Self {
        Self(std::array::from_fn(|y| self.0[y] & !other.0[y]))
    }

    /// Every row and the places of its pixels that follow each other.
    pub(crate) fn runs(&self) -> impl Iterator<Item = (usize, Range<usize>)> {
        self.0.iter().enumerate().flat_map(|(y, &row)| {
            let mut rest = row;
            std::iter::from_fn(move || {
                let start = rest.trailing_zeros();
                let length = (!rest.checked_shr(start)?).trailing_zeros();
                let end = start + length;
                rest = rest.checked_shr(end).map_or(0, |ahead| ahead << end);
                Some((y, start as usize..end as usize))
            })
        })
    }

    /// The pixels whose four neighbours are in the set too.
    pub(super) fn inner(&self) -> Self {
        let Self(rows) = self;
        let around = |y: usize| {
            let (above, row) = (rows[y.checked_sub(1)?], rows[y]);
            Some(above & row & row << 1 & row >> 1 & rows.get(y + 1)?)
        };
        Self(std::array::from_fn(|y| around(y).unwrap_or(0)))
    }

    /// The pixels with one of the set left and right of them or at their place, and above and below them or at their place.
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

/// From the first to the last pixel of a row.
fn span(row: Row) -> Row {
    if row == 0 {
        return 0;
    }
    Row::MAX << row.trailing_zeros() & Row::MAX >> row.leading_zeros()
}

/// Those of `open` that are connected in their row with one of `seeds`, which are all in `open`.
pub(super) fn fill(seeds: Row, open: Row) -> Row {
    // A sum carries from a seed to the end of its run; a second seed of the run stays as it is.
    let mut filled = seeds | open & (open ^ open.wrapping_add(seeds));
    // The other way in doubling steps; there is seldom anything to do.
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
    fn runs_are_those_of_each_row() {
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
