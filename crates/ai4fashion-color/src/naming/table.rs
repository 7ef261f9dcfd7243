//! The published table of colour names: the membership of eleven names in each cell of the RGB
//! cube.
//!
//! J. van de Weijer, C. Schmid, J. Verbeek, D. Larlus, *Learning Color Names for Real-World
//! Applications*, IEEE Transactions on Image Processing 18(7), 2009: memberships learned from web
//! images with a PLSA model. The table was taken from ArashAkbarinia/ColourCategorisation, commit
//! 51de459 (Apache-2.0), and rounded to bytes by `tools/fit-color`; see CREDITS.md.

/// Number of names: columns of the table, in the order of `BasicColor`.
pub(crate) const NAMES: usize = 11;
/// Bits of each component that tell the cells of the RGB cube apart.
pub(crate) const BITS: u32 = 5;
/// Cells of the RGB cube: each spans 8 levels of each component.
pub(crate) const CELLS: usize = 1 << (3 * BITS);

static TABLE: &[[u8; NAMES]] = {
    let (rows, rest) = include_bytes!("data/published.bin").as_chunks();
    assert!(rows.len() == CELLS && rest.is_empty());
    rows
};

/// Returns the cell of a colour, `R/8 + 32 (G/8) + 1024 (B/8)`.
pub(crate) fn cell([r, g, b]: [u8; 3]) -> usize {
    usize::from(r >> 3) | usize::from(g >> 3) << 5 | usize::from(b >> 3) << 10
}

/// Returns the column with the highest value of a row; the first of equal ones.
pub(crate) fn highest<T: Copy + PartialOrd>(row: &[T; NAMES]) -> usize {
    (1..NAMES).fold(0, |best, name| if row[name] > row[best] { name } else { best })
}

/// Returns the colour in the middle of a cell.
pub(crate) fn middle(cell: usize) -> [u8; 3] {
    const LOW_BITS: u32 = 8 - BITS;
    [0, 1, 2].map(|place| (((cell >> (place * BITS)) << LOW_BITS) as u8) | (1 << (LOW_BITS - 1)))
}

/// Returns the membership of each name in a cell, 0 to 255, in the order of `BasicColor`.
pub(crate) fn memberships(cell: usize) -> &'static [u8; NAMES] {
    &TABLE[cell]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memberships_of_each_cell_sum_to_one() {
        for (place, row) in TABLE.iter().enumerate() {
            let sum: u32 = row.iter().map(|&membership| u32::from(membership)).sum();
            assert!((249..=261).contains(&sum), "cell {place} sums to {sum}");
        }
    }

    #[test]
    fn highest_is_the_first_of_equal_ones() {
        let mut row = [0; NAMES];
        assert_eq!(highest(&row), 0);
        (row[3], row[7]) = (5, 5);
        assert_eq!(highest(&row), 3);
    }
}
