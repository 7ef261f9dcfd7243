//! What a garment all of one colour is called, by the model: what each pixel of a garment votes with.
//!
//! The published table knows neither the words of catalogues nor those of people for colours on screens, which the model is
//! fitted to: pixels by the one and the name by the other would contradict each other.

use std::sync::OnceLock;

use crate::features::Features;
use crate::model;
use crate::names::{BITS, CELLS};
use crate::vote::Votes;

/// Names, and zeros up to what registers hold.
pub(crate) const WIDE: usize = 16;

/// How likely each name is for a garment that is all of a cell's colour, 1 to 255, in the order of `BasicColor`.
///
/// All cells are asked for at the first call, which takes some ten milliseconds.
pub(crate) fn likely(cell: usize) -> &'static [u8; WIDE] {
    static TABLE: OnceLock<Vec<[u8; WIDE]>> = OnceLock::new();
    &TABLE.get_or_init(|| (0..CELLS).map(of_cell).collect())[cell]
}

fn of_cell(cell: usize) -> [u8; WIDE] {
    /// Half of what a cell leaves open.
    const MIDDLE: usize = (1 << (8 - BITS)) / 2;
    let component = |place: u32| ((cell >> (place * BITS) & ((1 << BITS) - 1)) << (8 - BITS)) + MIDDLE;
    let rgb = [0, 1, 2].map(|place| component(place) as u8);
    let likely = model::probabilities(&Features::new(&Votes::of([rgb])));
    let mut row = [0; WIDE];
    for (byte, likely) in row.iter_mut().zip(likely) {
        *byte = ((likely * 255.0).round() as u8).max(1);
    }
    row
}
