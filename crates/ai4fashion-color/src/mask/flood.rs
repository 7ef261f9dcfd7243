//! The flood fill that removes the background.

use super::paper::Paper;
use super::rows::{Row, Rows, fill};
use crate::pixels::sample::Sample;

/// Returns the paper that is connected with the border by steps to the four sides.
///
/// It goes down and up row by row until nothing changes: each row continues the pixels of the row
/// before, and fills its runs in a few instructions. A catalogue image takes two rounds, a spiral
/// as many as it has turns.
pub(super) fn from_border(sample: &Sample, paper: &Paper) -> Rows {
    let open = paper.rows(sample);
    let (width, height) = (sample.width(), sample.height());
    let mut reached = Rows::EMPTY;
    if width == 0 {
        return reached;
    }
    let sides: Row = 1 | 1 << (width - 1);
    for (y, (reached, open)) in reached.0.iter_mut().zip(open.0).enumerate() {
        let is_edge = y == 0 || y + 1 == height;
        *reached = if is_edge { open } else { fill(open & sides, open) };
    }
    let mut changed = true;
    while changed {
        changed = false;
        let down = (1..height).map(|y| (y - 1, y));
        let up = (1..height).rev().map(|y| (y, y - 1));
        for (from, to) in down.chain(up) {
            let seeds = reached.0[from] & open.0[to] & !reached.0[to];
            if seeds != 0 {
                reached.0[to] |= fill(seeds, open.0[to]);
                changed = true;
            }
        }
    }
    reached
}
