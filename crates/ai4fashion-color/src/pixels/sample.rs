//! A sample of an image's pixels.

use std::ops::{Deref, Range};

use crate::pixels::pixel::{Pixel, with_alpha};
use crate::pixels::view::{Channels, ImageView};

/// Longest side of a sample. More pixels do not name more garments right.
pub(crate) const SIDE: usize = 96;

/// A row of pixels, one plane per component, so that vector instructions take many bytes at once.
#[derive(Clone, Debug)]
pub(crate) struct Planes {
    pub(crate) red: [u8; SIDE],
    pub(crate) green: [u8; SIDE],
    pub(crate) blue: [u8; SIDE],
    /// 0 where the image is transparent.
    pub(crate) opaque: [u8; SIDE],
}

impl Planes {
    const EMPTY: Self = Self {
        red: [0; SIDE],
        green: [0; SIDE],
        blue: [0; SIDE],
        opaque: [0; SIDE],
    };

    /// Takes opaque pixels.
    #[inline]
    fn take(&mut self, colors: impl Iterator<Item = [u8; 3]>) {
        self.opaque.fill(u8::MAX);
        let planes = self.red.iter_mut().zip(&mut self.green).zip(&mut self.blue);
        for (color, ((r, g), b)) in colors.zip(planes) {
            [*r, *g, *b] = color;
        }
    }

    /// Takes pixels with alpha.
    #[inline]
    fn take_with_alpha(&mut self, pixels: impl Iterator<Item = [u8; 4]>) {
        for (x, pixel) in pixels.enumerate() {
            [self.red[x], self.green[x], self.blue[x], self.opaque[x]] = with_alpha(pixel);
        }
    }

    /// Returns the colours of adjacent pixels.
    #[inline]
    pub(crate) fn colors(&self, run: Range<usize>) -> impl Iterator<Item = [u8; 3]> {
        let (red, green, blue) = (&self.red[run.clone()], &self.green[run.clone()], &self.blue[run]);
        let components = red.iter().zip(green).zip(blue);
        components.map(|((&r, &g), &b)| [r, g, b])
    }

    fn pixel(&self, x: usize) -> Pixel {
        [self.red[x], self.green[x], self.blue[x], self.opaque[x]]
    }
}

/// Pixels of a regular grid over an image; all pixels of a small one.
///
/// Pixels are not averaged: the mean of a block of stripes would be a colour that nobody sees.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Pixels outside width and height are meaningless.
    rows: Vec<Planes>,
    width: usize,
    height: usize,
    has_alpha: bool,
}

impl Sample {
    /// Creates an empty sample, with room for any image.
    pub(crate) fn new() -> Self {
        Self {
            rows: vec![Planes::EMPTY; SIDE],
            width: 0,
            height: 0,
            has_alpha: false,
        }
    }

    /// Replaces the sample by that of another image.
    pub(crate) fn take(&mut self, image: ImageView<'_>) {
        let [columns, rows] = Self::places(image);
        self.width = columns.count;
        self.height = if columns.count == 0 { 0 } else { rows.count };
        self.has_alpha = image.channels() == Channels::Rgba;
        for (taken, &y) in self.rows[..self.height].iter_mut().zip(rows.iter()) {
            let row = image.row(y);
            match image.channels() {
                Channels::Rgb => {
                    let (row, _) = row.as_chunks();
                    taken.take(columns.iter().map(|&x| row[x]));
                }
                Channels::Rgba => {
                    let (row, _) = row.as_chunks();
                    taken.take_with_alpha(columns.iter().map(|&x| row[x]));
                }
            }
        }
    }

    /// Returns the columns and the rows of an image that its sample has.
    pub(crate) fn places(image: ImageView<'_>) -> [Places; 2] {
        let sides = [image.width(), image.height()];
        sides.map(|side| Places::new(side, sides[0].max(sides[1])))
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// Returns the number of pixels.
    pub(crate) fn len(&self) -> usize {
        self.width * self.height
    }

    /// Returns `true` if there may be transparent pixels.
    pub(crate) fn has_alpha(&self) -> bool {
        self.has_alpha
    }

    /// Returns the rows as they are stored: pixels beyond the width are meaningless.
    pub(crate) fn rows(&self) -> &[Planes] {
        &self.rows[..self.height]
    }

    pub(crate) fn pixel(&self, x: usize, y: usize) -> Pixel {
        self.rows[y].pixel(x)
    }

    /// Returns the pixels at the image border, each once.
    pub(crate) fn border(&self) -> impl Iterator<Item = Pixel> {
        let last = self.height.saturating_sub(1);
        let inner = self.width.saturating_sub(1).max(1);
        (0..self.height).flat_map(move |y| {
            let step = if y == 0 || y == last { 1 } else { inner };
            (0..self.width).step_by(step).map(move |x| self.pixel(x, y))
        })
    }
}

/// The midpoints of equal intervals of a side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Places {
    places: [usize; SIDE],
    count: usize,
}

impl Places {
    /// Divides a side of an image whose longest side is `longest`.
    fn new(side: u32, longest: u32) -> Self {
        let mut places = [0; SIDE];
        let [side, longest] = [side, longest].map(u64::from);
        let most = SIDE as u64;
        let count = if longest <= most {
            side
        } else {
            ((side * most + longest / 2) / longest).clamp(side.min(1), most)
        };
        for (place, middle) in (0..count).zip(&mut places) {
            *middle = ((2 * place + 1) * side / (2 * count)) as usize;
        }
        let count = count as usize;
        Self { places, count }
    }
}

impl Deref for Places {
    type Target = [usize];

    fn deref(&self) -> &[usize] {
        &self.places[..self.count]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pixels::pixel::TRANSPARENT;

    fn places(side: u32, longest: u32) -> Vec<usize> {
        Places::new(side, longest).iter().copied().collect()
    }

    #[test]
    fn small_image_is_taken_whole_and_a_large_one_evenly() {
        assert_eq!(places(3, 96), [0, 1, 2]);
        assert_eq!(places(0, 0), [0_usize; 0]);
        let taken = places(4000, 4000);
        assert_eq!((taken.len(), taken[0], taken[95]), (96, 20, 3979));
        assert_eq!(places(3000, 4000).len(), 72);
        assert_eq!(places(1, 4000), [0]);
        assert_eq!(places(u32::MAX, u32::MAX).len(), 96);
    }

    #[test]
    fn pixels_are_copied() {
        let bytes: Vec<u8> = (0..200 * 100_u32)
            .flat_map(|place| [(place % 200) as u8, (place / 200) as u8, 7])
            .collect();
        let mut sample = Sample::new();
        sample.take(ImageView::rgb(&bytes, 200, 100, 600).unwrap());
        assert_eq!((sample.width(), sample.height(), sample.len()), (96, 48, 96 * 48));
        assert_eq!(sample.pixel(0, 0), [1, 1, 7, 255]);
        assert_eq!(sample.pixel(95, 47), [198, 98, 7, 255]);
    }

    #[test]
    fn mostly_transparent_pixel_has_no_color() {
        let mut sample = Sample::new();
        sample.take(ImageView::rgba(&[9, 8, 7, 125, 9, 8, 7, 124], 2, 1, 8).unwrap());
        assert_eq!([0, 1].map(|x| sample.pixel(x, 0)), [[9, 8, 7, 255], TRANSPARENT]);
    }

    #[test]
    fn border_visits_each_outer_pixel_once() {
        for (width, height, expected) in [
            (0, 0, 0),
            (1, 1, 1),
            (5, 1, 5),
            (1, 5, 5),
            (2, 2, 4),
            (2, 5, 10),
            (4, 3, 10),
            (0, 3, 0),
        ] {
            let bytes: Vec<u8> = (0..width * height)
                .flat_map(|place| [place as u8, 0, 0])
                .collect();
            let mut sample = Sample::new();
            sample.take(ImageView::rgb(&bytes, width, height, 3 * width as usize).unwrap());
            let mut seen: Vec<u8> = sample.border().map(|pixel| pixel[0]).collect();
            assert_eq!(seen.len(), expected, "{width}x{height}");
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), expected, "{width}x{height}");
        }
    }
}
