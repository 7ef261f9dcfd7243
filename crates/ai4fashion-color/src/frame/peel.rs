//! Peels a frame off a photo.

use super::Area;
use crate::mask::Rows;
use crate::pixels::pixel::Pixel;
use crate::pixels::sample::Sample;

/// Largest difference of a plain frame from its colour, of 255: little, because white paper within
/// a line of nearly white is another surface.
const PLAIN: u8 = 3;
/// Largest difference of a frame with noise from its colour, of 255.
const NOISY: u8 = 10;
/// Least part of a line that has the colour of the frame.
const UNIFORM: f32 = 0.9;
/// Least part of the edge of what is left that is not the frame, for it to be looked at closer.
const LEAST_COVERED: f32 = 0.2;

/// Least part of the edges of what is left that is not the frame, on the mean and on each side:
/// corners may be round, and cloth may have the frame's colour.
const COVERED: [f32; 2] = [0.65, 0.35];
/// Least sides of what is left, in pixels of a sample.
const LEAST_SIDE: usize = 12;

/// What is left after one frame.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peeled {
    pub(super) area: Area,
    /// The colour of the frame.
    pub(super) frame: Pixel,
    /// Lines that each side has lost, from the top clockwise.
    pub(super) lost: [usize; 4],
    /// The part of each edge that is not the frame.
    pub(super) covered: [f32; 4],
}

/// Peels off lines of the colour of the outermost ones; `None` if there are none, or if the area is
/// of that colour everywhere.
pub(super) fn peel(sample: &Sample, area: &Area) -> Option<Peeled> {
    if area.width() < 3 || area.height() < 3 {
        return None;
    }
    let colors = outermost(sample, area);
    // Bars on two sides have another colour than the other sides.
    let is_first = |&place: &usize| !(0..place).any(|before| is_near(colors[before], colors[place], PLAIN));
    (0..4).filter(is_first).find_map(|place| {
        let frame = colors[place];
        let plain = of_color(sample, frame, PLAIN);
        peel_color(&plain, area, frame, colors, PLAIN).or_else(|| {
            // Noise is looked for where a frame may be.
            let noisy = of_color(sample, frame, NOISY);
            let gained = |y: usize| noisy.0[y].count_ones() > plain.0[y].count_ones();
            if !gained(area.top) && !gained(area.bottom - 1) {
                return None;
            }
            peel_color(&noisy, area, frame, colors, NOISY)
        })
    })
}

fn peel_color(
    frame_pixels: &Rows,
    area: &Area,
    frame: Pixel,
    colors: [Pixel; 4],
    tolerance: u8,
) -> Option<Peeled> {
    let [on_top, on_right, at_bottom, on_left] = colors.map(|color| is_near(color, frame, tolerance));
    let mut left = *area;
    let row = |area: &Area, y: usize| frame_pixels.count_within(area.left..area.right, y..y + 1);
    let column = |area: &Area, x: usize| frame_pixels.count_within(x..x + 1, area.top..area.bottom);
    let is_uniform = |count: usize, length: usize| count as f32 >= UNIFORM * length as f32;
    while on_top && left.height() > 1 && is_uniform(row(area, left.top), area.width()) {
        left.top += 1;
    }
    while at_bottom && left.height() > 1 && is_uniform(row(area, left.bottom - 1), area.width()) {
        left.bottom -= 1;
    }
    // Around a garment on paper most of the edge is paper: the rest need not be looked at.
    let is_some = |y: usize| row(area, y) as f32 <= (1.0 - LEAST_COVERED) * area.width() as f32;
    if !(is_some(left.top) && is_some(left.bottom - 1)) || left.height() < 2 {
        return None;
    }
    while on_left && left.width() > 1 && is_uniform(column(area, left.left), area.height()) {
        left.left += 1;
    }
    while on_right && left.width() > 1 && is_uniform(column(area, left.right - 1), area.height()) {
        left.right -= 1;
    }
    if left == *area {
        return None;
    }
    let [width, height] = [left.width(), left.height()].map(|side| side as f32);
    let covered = [
        1.0 - row(&left, left.top) as f32 / width,
        1.0 - column(&left, left.right - 1) as f32 / height,
        1.0 - row(&left, left.bottom - 1) as f32 / width,
        1.0 - column(&left, left.left) as f32 / height,
    ];
    let lost = left.lost(area);
    is_rectangle(&left, lost, covered).then_some(Peeled {
        area: left,
        frame,
        lost,
        covered,
    })
}

/// Returns `true` if the edges of what is left are nearly everywhere something else than the frame.
fn is_rectangle(left: &Area, lost: [usize; 4], covered: [f32; 4]) -> bool {
    let sides = covered.into_iter().zip(lost).filter(|(_, lost)| *lost > 0);
    let (sum, count, least) = sides.fold((0.0, 0.0, 1.0_f32), |(sum, count, least), (covered, _)| {
        (sum + covered, count + 1.0, least.min(covered))
    });
    left.width().min(left.height()) >= LEAST_SIDE && sum >= COVERED[0] * count && least >= COVERED[1]
}

/// Returns a typical pixel of each outermost line, from the top clockwise.
fn outermost(sample: &Sample, area: &Area) -> [Pixel; 4] {
    let row =
        |y: usize| typical([1, 2, 3].map(|quarter| sample.pixel(area.left + area.width() * quarter / 4, y)));
    let column =
        |x: usize| typical([1, 2, 3].map(|quarter| sample.pixel(x, area.top + area.height() * quarter / 4)));
    [
        row(area.top),
        column(area.right - 1),
        row(area.bottom - 1),
        column(area.left),
    ]
}

/// Returns the median of each component.
pub(super) fn typical(pixels: [Pixel; 3]) -> Pixel {
    std::array::from_fn(|place| {
        let [a, b, c] = pixels.map(|pixel| pixel[place]);
        a.min(b).max(a.max(b).min(c))
    })
}

pub(super) fn is_near(one: Pixel, other: Pixel, tolerance: u8) -> bool {
    one.iter()
        .zip(other)
        .all(|(one, other)| one.abs_diff(other) <= tolerance)
}

fn of_color(sample: &Sample, color: Pixel, tolerance: u8) -> Rows {
    let [r, g, b, opaque] = color;
    Rows::of(sample, |row, x| {
        (row.red[x].abs_diff(r) <= tolerance)
            & (row.green[x].abs_diff(g) <= tolerance)
            & (row.blue[x].abs_diff(b) <= tolerance)
            & (row.opaque[x] == opaque)
    })
}
