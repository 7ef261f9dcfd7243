//! Close-ups: photos of cloth that reaches the image border nearly everywhere.
//!
//! The most frequent colour of their border is cloth. Paper is plain there, or changes smoothly;
//! cloth has folds, threads and prints.

use super::background::is_paper;
use super::paper::Paper;
use crate::pixels::pixel::{Pixel, is_opaque};
use crate::pixels::sample::Sample;

/// Largest difference of plain paper from its colour, and of anything like it, of 255.
const ALIKE: [u8; 2] = [3, 16];
/// Least part of the pixels like the paper that are plain.
const PLAIN: f32 = 0.75;
/// Least part of the border that is not paper, in a close-up.
const CLOTH: f32 = 0.05;
/// Least part of the border that is like its paper, if that is light and grey: a studio's wall.
const WALL: f32 = 0.65;
/// Largest difference of adjacent pixels of a smooth border, of 255, and the least part of such
/// pixels.
const SMOOTH: (u8, f32) = (3, 0.9);
/// Least component of white paper, and the least part of a close-up's border that it fills.
const WHITE: (u8, f32) = (235, 0.05);

/// Returns `true` if the most frequent colour of the border is that of cloth.
pub(super) fn is_close_up(sample: &Sample, border: &[Pixel], paper: &Paper, background: [u8; 3]) -> bool {
    let is_wall =
        is_paper(background) && alike(border, background, ALIKE[1]) as f32 >= WALL * border.len() as f32;
    if is_wall || is_plain(border, background) {
        return false;
    }
    let cloth = border.iter().filter(|&&pixel| !paper.is(pixel)).count();
    cloth as f32 >= CLOTH * border.len() as f32 && !is_smooth(sample)
}

/// Returns the colour of white paper at the border of a close-up.
pub(super) fn white_paper(border: &[Pixel], background: [u8; 3]) -> Option<[u8; 3]> {
    if is_paper(background) {
        return None;
    }
    let is_white = |pixel: &&Pixel| pixel.iter().all(|component| *component >= WHITE.0);
    let mut counts = [0_u32; 256];
    border
        .iter()
        .filter(is_white)
        .for_each(|pixel| counts[usize::from(pixel[1])] += 1);
    let (level, _) = counts
        .iter()
        .enumerate()
        .max_by_key(|&(level, count)| (count, level))?;
    let pixel = border
        .iter()
        .filter(is_white)
        .find(|pixel| usize::from(pixel[1]) == level)?;
    let paper = [pixel[0], pixel[1], pixel[2]];
    let count = alike(border, paper, ALIKE[0]);
    (count as f32 >= WHITE.1 * border.len() as f32 && is_plain(border, paper)).then_some(paper)
}

fn is_plain(border: &[Pixel], color: [u8; 3]) -> bool {
    let [plain, all] = ALIKE.map(|most| alike(border, color, most));
    plain as f32 >= PLAIN * all as f32
}

/// Returns the number of pixels that differ by at most `most` from a colour.
fn alike(border: &[Pixel], [r, g, b]: [u8; 3], most: u8) -> usize {
    let near = border.iter().filter(|&&pixel| {
        is_opaque(pixel)
            && pixel[0].abs_diff(r) <= most
            && pixel[1].abs_diff(g) <= most
            && pixel[2].abs_diff(b) <= most
    });
    near.count()
}

/// Returns `true` if the border changes nowhere abruptly, as a wall in uneven light.
pub(super) fn is_smooth(sample: &Sample) -> bool {
    let (width, height) = (sample.width(), sample.height());
    let is_step = |one: Pixel, other: Pixel| {
        one.iter()
            .zip(other)
            .all(|(one, other)| one.abs_diff(other) <= SMOOTH.0)
    };
    let rows = [0, height - 1]
        .into_iter()
        .flat_map(|y| (1..width).map(move |x| [(x - 1, y), (x, y)]));
    let columns = [0, width - 1]
        .into_iter()
        .flat_map(|x| (1..height).map(move |y| [(x, y - 1), (x, y)]));
    let (mut smooth, mut all) = (0, 0);
    rows.chain(columns).for_each(|pair| {
        let [one, other] = pair.map(|(x, y)| sample.pixel(x, y));
        smooth += usize::from(is_step(one, other));
        all += 1;
    });
    smooth as f32 >= SMOOTH.1 * all as f32
}
