//! Soft shadows, which the flood may cross.

use super::paper::Paper;
use super::rows::Rows;
use crate::oklab::oklab;
use crate::pixels::pixel::{Pixel, is_opaque, rgb};
use crate::pixels::sample::Sample;

/// Largest change of lightness from one pixel of a shadow to the next; the outline of cloth is
/// steeper.
const STEP: f32 = 0.012;
/// Largest distance of a shadow from the background in Oklab `a` and `b`.
const CHROMA: f32 = 0.012;

/// Adds to `reached` the pixels connected with it over paper and soft shadows.
///
/// A shadow is at most `depth` darker than the paper, in Oklab lightness. `open` is a scratch
/// buffer.
pub(super) fn flood(
    sample: &Sample,
    paper: &Paper,
    depth: f32,
    reached: &mut Rows,
    open: &mut Vec<(usize, usize)>,
) {
    let (width, height) = (sample.width(), sample.height());
    open.clear();
    open.extend(reached.runs().flat_map(|(y, run)| run.map(move |x| (x, y))));
    while let Some((x, y)) = open.pop() {
        let from = sample.pixel(x, y);
        // A step before the first row or column wraps around to beyond the last.
        let neighbours = [
            (x.wrapping_sub(1), y),
            (x + 1, y),
            (x, y.wrapping_sub(1)),
            (x, y + 1),
        ];
        for (x, y) in neighbours {
            if x >= width || y >= height || reached.contains(x, y) {
                continue;
            }
            let to = sample.pixel(x, y);
            if paper.is(to) || is_shadow(paper, depth, from, to) {
                reached.insert(x, y);
                open.push((x, y));
            }
        }
    }
}

fn is_shadow(paper: &Paper, depth: f32, from: Pixel, to: Pixel) -> bool {
    if !is_opaque(from) {
        return false;
    }
    let (before, here, reference) = (oklab(rgb(from)), oklab(rgb(to)), paper.reference());
    let (a, b) = (here.a - reference.a, here.b - reference.b);
    (-STEP..=depth).contains(&(reference.l - here.l))
        && (before.l - here.l).abs() <= STEP
        && a * a + b * b <= CHROMA * CHROMA
}
