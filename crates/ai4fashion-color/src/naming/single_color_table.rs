//! Precomputed model probabilities for single-colour garments, one row per cell of the RGB cube.
//!
//! They name the single pixels of a garment. The published table would contradict the model: it
//! knows neither the words of catalogues nor those that people use for colours on screens, which
//! the model is fitted to. `tools/fit-color` writes the table after it has fitted the model.

use crate::naming::table::{CELLS, NAMES};

/// A row's length in memory: the names, and padding up to the width of a vector register.
pub(crate) const WIDE: usize = 16;

static TABLE: [u8; CELLS * NAMES + WIDE - NAMES] = {
    let rows = include_bytes!("data/single_color.bin");
    assert!(rows.len() == CELLS * NAMES);
    let mut table = [0; CELLS * NAMES + WIDE - NAMES];
    table.split_at_mut(rows.len()).0.copy_from_slice(rows);
    table
};

/// Returns the probability of each name for a garment that has a cell's colour everywhere, 1 to
/// 255, in the order of `BasicColor`, followed by five meaningless numbers.
pub(crate) fn likely(cell: usize) -> [u8; WIDE] {
    let mut row = [0; WIDE];
    row.copy_from_slice(&TABLE[cell * NAMES..][..WIDE]);
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::features::Features;
    use crate::naming::histogram::Histogram;
    use crate::naming::model;
    use crate::naming::table::{self, BITS};

    #[test]
    fn table_agrees_with_the_model() {
        // Every 97th: all would take a second.
        for cell in (0..CELLS).step_by(97) {
            let rgb = table::middle(cell);
            assert_eq!(table::cell(rgb), cell, "{BITS} bits");
            let expected = model::probabilities(&Features::new(&Histogram::of([rgb])));
            for (found, expected) in likely(cell).into_iter().zip(expected) {
                let expected = (expected * 255.0).round().max(1.0);
                assert!(
                    (f32::from(found) - expected).abs() <= 1.0,
                    "{rgb:?}: {found} {expected}"
                );
            }
        }
    }
}
