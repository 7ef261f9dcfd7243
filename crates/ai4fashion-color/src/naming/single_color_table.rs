//! What a garment all of one colour is called, by the model: what each pixel of a garment votes with.
//!
//! The published table knows neither the words of catalogues nor those of people for colours on screens, which the model is
//! fitted to: pixels by the one and the name by the other would contradict each other. `tools/fit-color` asks the model for
//! each cell when it has fitted it, and writes the table.

use crate::naming::table::{CELLS, NAMES};

/// Names, and what follows them in the table up to what registers hold.
pub(crate) const WIDE: usize = 16;

static TABLE: [u8; CELLS * NAMES + WIDE - NAMES] = {
    let rows = include_bytes!("data/single_color.bin");
    assert!(rows.len() == CELLS * NAMES);
    let mut table = [0; CELLS * NAMES + WIDE - NAMES];
    table.split_at_mut(rows.len()).0.copy_from_slice(rows);
    table
};

/// How likely each name is for a garment that is all of a cell's colour, 1 to 255, in the order of `BasicColor`; behind them
/// five numbers of no meaning.
pub(crate) fn likely(cell: usize) -> [u8; WIDE] {
    let mut row = [0; WIDE];
    row.copy_from_slice(&TABLE[cell * NAMES..][..WIDE]);
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::naming::features::Features;
    use crate::naming::model;
    use crate::naming::table::{self, BITS};
    use crate::naming::histogram::Histogram;

    #[test]
    fn table_is_the_models() {
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
