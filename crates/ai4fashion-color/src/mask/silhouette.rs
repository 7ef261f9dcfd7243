//! White cloth that the flood took for paper.

use super::rows::{Row, Rows};
use crate::oklab::oklab;

/// Least Oklab lightness of a background that white cloth can be mistaken for.
const BRIGHT: f32 = 0.93;
/// A garment is hollow if it fills less than this fraction of its silhouette.
///
/// A pair of trousers fills 0.75 and a shirt 0.8 to 0.95. A white shirt with only print and outline
/// left fills 0.1 to 0.5. Measured on garment-only photos of SmallFashion.
const HOLLOW: f32 = 0.6;
/// Least length of a line, in pixels of a sample; no outline of cloth is as straight.
const LINE: u32 = 32;

/// Fills the silhouette of a garment that is hollow on a bright background.
pub(super) fn filled_if_hollow(garment: Rows, background: [u8; 3]) -> Rows {
    if oklab(background).l < BRIGHT || !is_hollow(&garment, &garment.silhouette()) {
        return garment;
    }
    // A line above and one below, of a frame that is too thin to be seen at the sides, enclose all.
    let garment = without_lines(garment);
    let silhouette = garment.silhouette();
    if is_hollow(&garment, &silhouette) {
        silhouette
    } else {
        garment
    }
}

fn is_hollow(garment: &Rows, silhouette: &Rows) -> bool {
    (garment.count() as f32) < HOLLOW * silhouette.count() as f32
}

/// Removes the first and the last row and column if they are straight lines with hardly anything
/// beside them.
fn without_lines(Rows(mut rows): Rows) -> Rows {
    let is_line = |line: u32, beside: u32| line >= LINE && 4 * beside <= line;
    if let Some(top) = rows.iter().position(|row| *row != 0) {
        let beside = rows.get(top + 1).map_or(0, |row| row.count_ones());
        if is_line(rows[top].count_ones(), beside) {
            rows[top] = 0;
        }
    }
    if let Some(bottom) = rows.iter().rposition(|row| *row != 0) {
        let beside = bottom.checked_sub(1).map_or(0, |above| rows[above].count_ones());
        if is_line(rows[bottom].count_ones(), beside) {
            rows[bottom] = 0;
        }
    }
    let all = rows.iter().fold(0, |all, row| all | row);
    if all != 0 {
        let (left, right) = (all.trailing_zeros(), Row::BITS - 1 - all.leading_zeros());
        let column = |x: u32| rows.iter().filter(|row| *row >> x & 1 == 1).count() as u32;
        let ends = [(left, (left + 1).min(right)), (right, right.saturating_sub(1))];
        let lines = ends.map(|(x, beside)| is_line(column(x), column(beside)).then_some(x));
        for x in lines.into_iter().flatten() {
            rows.iter_mut().for_each(|row| *row &= !(1 << x));
        }
    }
    Rows(rows)
}
