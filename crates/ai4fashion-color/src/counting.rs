//! The colours of a garment, counted.

use crate::mask::Mask;
use crate::pixels::pixel;
use crate::workspace::Workspace;

/// Counts the colours of the garment in the sample; without a garment the background colour.
pub(crate) fn count(mask: &Mask, workspace: &mut Workspace) {
    let Workspace {
        sample,
        counts,
        histogram,
        ..
    } = workspace;
    mask.core().runs().for_each(|(y, run)| {
        let colors = sample.rows()[y].colors(run);
        colors.for_each(|rgb| counts.add(rgb));
    });
    if mask.count() == 0 {
        counts.add(mask.background().unwrap_or([255; 3]));
    }
    histogram.take(counts);
}

/// Counts the colours of the garment where `is_inside` holds; leaves the counts of the whole
/// garment if it holds nowhere.
pub(crate) fn count_within(mask: &Mask, workspace: &mut Workspace, is_inside: impl Fn(f32, f32) -> bool) {
    let Workspace {
        sample,
        counts,
        histogram,
        ..
    } = workspace;
    let [width, height] = [sample.width(), sample.height()].map(|side| side as f32);
    let mut is_empty = true;
    mask.core().runs().for_each(|(y, run)| {
        let down = (y as f32 + 0.5) / height;
        for x in run.filter(|x| is_inside((*x as f32 + 0.5) / width, down)) {
            counts.add(pixel::rgb(sample.pixel(x, y)));
            is_empty = false;
        }
    });
    if !is_empty {
        histogram.take(counts);
    }
}
