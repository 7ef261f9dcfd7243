//! The exact place of a frame in an image, of which the sample has every few pixels.

use super::Area;
use super::peel::{is_near, typical};
use crate::pixels::pixel::Pixel;
use crate::pixels::sample::Sample;
use crate::pixels::view::ImageView;

/// Largest difference of a frame's line from its colour, of 255.
const PLAIN: u8 = 6;
/// Pixels of a line that are looked at, at most.
const LOOKS: usize = 64;
/// Least part of a line that has the colour of the frame.
const UNIFORM: f32 = 0.9;
/// Lines at most that mix the frame and the photo.
const MIXED: usize = 5;
/// Largest difference of paper from one line to the next, of 255.
const SAME: u8 = 1;
/// Lines thinner than this part of the side may be too thin for a sample.
const THIN: usize = 80;

/// A side of an image.
#[derive(Clone, Copy, Debug)]
enum Side {
    Top,
    Right,
    Bottom,
    Left,
}

const SIDES: [Side; 4] = [Side::Top, Side::Right, Side::Bottom, Side::Left];

/// Returns the photo in an image that fills `area` of its sample.
pub(super) fn photo(image: ImageView<'_>, area: Area) -> ImageView<'_> {
    let [columns, rows] = Sample::places(image);
    let (width, height) = (image.width() as usize, image.height() as usize);
    // The first line that may be the photo's, and one that is, both from that side.
    let ranges = [
        (area.top > 0).then(|| (rows[area.top - 1] + 1, rows[area.top])),
        (area.right < columns.len())
            .then(|| (width - columns[area.right], width - 1 - columns[area.right - 1])),
        (area.bottom < rows.len()).then(|| (height - rows[area.bottom], height - 1 - rows[area.bottom - 1])),
        (area.left > 0).then(|| (columns[area.left - 1] + 1, columns[area.left])),
    ];
    let mut lost = [0; 4];
    for ((lost, side), range) in lost.iter_mut().zip(SIDES).zip(ranges) {
        let Some((first, last)) = range else { continue };
        let line = Line { image, side };
        // Between them, across the photo alone.
        let (from, to) = match side {
            Side::Top | Side::Bottom => (columns[area.left], columns[area.right - 1]),
            Side::Left | Side::Right => (rows[area.top], rows[area.bottom - 1]),
        };
        let frame = line.typical(first - 1, from, to);
        *lost = (first..=last)
            .find(|&depth| line.share(depth, from, to, frame, PLAIN) < UNIFORM)
            .unwrap_or(last);
        *lost = line.past_mixed(*lost, from, to);
    }
    cropped(image, lost)
}

/// Returns the image without lines around it that are too thin for a sample.
pub(super) fn without_lines(image: ImageView<'_>) -> ImageView<'_> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    if width.min(height) < 24 {
        return image;
    }
    let limit = width.max(height).div_ceil(THIN);
    let depths = SIDES.map(|side| {
        let line = Line { image, side };
        let last = line.length() - 1;
        let frame = line.typical(0, 0, last);
        let depth = (0..=limit).find(|&depth| line.share(depth, 0, last, frame, PLAIN) < UNIFORM);
        // The photo begins at once, all along.
        let depth = depth.filter(|&depth| depth > 0)?;
        let (from, to) = (limit + 1, last.saturating_sub(limit + 1));
        let inside = line.past_mixed(depth, from, to);
        (line.share(inside, from, to, frame, PLAIN) < 0.1).then_some(inside)
    });
    match depths {
        [Some(top), Some(right), Some(bottom), Some(left)] => cropped(image, [top, right, bottom, left]),
        [Some(top), _, Some(bottom), _] => cropped(image, [top, 0, bottom, 0]),
        [_, Some(right), _, Some(left)] => cropped(image, [0, right, 0, left]),
        _ => image,
    }
}

fn cropped(image: ImageView<'_>, [top, right, bottom, left]: [usize; 4]) -> ImageView<'_> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    image.crop(
        left,
        top,
        width.saturating_sub(left + right),
        height.saturating_sub(top + bottom),
    )
}

/// Lines of an image along one side, the outermost first.
#[derive(Clone, Copy)]
struct Line<'a> {
    image: ImageView<'a>,
    side: Side,
}

impl Line<'_> {
    fn length(&self) -> usize {
        match self.side {
            Side::Top | Side::Bottom => self.image.width() as usize,
            Side::Left | Side::Right => self.image.height() as usize,
        }
    }

    fn pixel(&self, depth: usize, along: usize) -> Pixel {
        let (width, height) = (self.image.width() as usize, self.image.height() as usize);
        match self.side {
            Side::Top => self.image.pixel(along, depth),
            Side::Right => self.image.pixel(width - 1 - depth, along),
            Side::Bottom => self.image.pixel(along, height - 1 - depth),
            Side::Left => self.image.pixel(depth, along),
        }
    }

    fn typical(&self, depth: usize, from: usize, to: usize) -> Pixel {
        typical([1, 2, 3].map(|quarter| self.pixel(depth, from + (to - from) * quarter / 4)))
    }

    /// Returns the part of a line that is near a colour.
    fn share(&self, depth: usize, from: usize, to: usize, color: Pixel, tolerance: u8) -> f32 {
        let length = to - from + 1;
        let looks = length.min(LOOKS);
        let near = (0..looks)
            .map(|look| from + look * length / looks)
            .filter(|&along| is_near(self.pixel(depth, along), color, tolerance));
        near.count() as f32 / looks as f32
    }

    /// Returns the first line from `depth` on that does not mix the frame with the photo: the next
    /// one is mostly like it.
    fn past_mixed(&self, depth: usize, from: usize, to: usize) -> usize {
        let length = to - from + 1;
        let looks = length.min(LOOKS);
        let is_mixed = |depth: usize| {
            let differ = (0..looks)
                .map(|look| from + look * length / looks)
                .filter(|&along| !is_near(self.pixel(depth, along), self.pixel(depth + 1, along), SAME));
            2 * differ.count() > looks
        };
        (depth..depth + MIXED)
            .find(|&depth| !is_mixed(depth))
            .unwrap_or(depth + MIXED)
    }
}
