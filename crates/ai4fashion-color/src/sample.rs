//! A few pixels that stand for a picture.

use crate::pixels::Pixels;

/// Longest side of a sample. The colour of a garment is not finer: accuracy is the same at 64 and at the full size of
/// 168x224 within a picture or two of 270.
const SIDE: usize = 96;

/// Pixels of a regular grid over a picture; all of them if it is small.
///
/// They are taken as they are. The mean of a block would be the mean of a stripe, a colour that nobody sees.
#[derive(Debug)]
pub(crate) struct Sample<const CHANNELS: usize> {
    pixels: Vec<[u8; CHANNELS]>,
    width: usize,
    height: usize,
}

impl<const CHANNELS: usize> Sample<CHANNELS> {
    pub(crate) fn of(pixels: &Pixels<'_, CHANNELS>) -> Self {
        let (width, height) = (pixels.width(), pixels.height());
        let longest = width.max(height);
        let [columns, rows] = [width, height].map(|side| places(side, longest));
        let sampled = rows
            .iter()
            .flat_map(|y| columns.iter().map(move |x| pixels.pixel(y * width + x)));
        Self {
            pixels: sampled.collect(),
            width: columns.len(),
            height: rows.len(),
        }
    }

    pub(crate) fn pixels(&self) -> Pixels<'_, CHANNELS> {
        Pixels::of(&self.pixels, self.width, self.height)
    }
}

/// The middles of equal parts of a side of a picture whose longest one is `longest`.
fn places(side: usize, longest: usize) -> Vec<usize> {
    if longest <= SIDE {
        return (0..side).collect();
    }
    let count = ((side * SIDE + longest / 2) / longest).clamp(usize::from(side > 0), SIDE);
    (0..count)
        .map(|place| (2 * place + 1) * side / (2 * count))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_picture_is_taken_whole_and_a_large_one_evenly() {
        assert_eq!(places(3, 96), [0, 1, 2]);
        assert_eq!(places(0, 0), [0_usize; 0]);
        let taken = places(4000, 4000);
        assert_eq!((taken.len(), taken[0], taken[95]), (96, 20, 3979));
        assert_eq!(places(3000, 4000).len(), 72);
        assert_eq!(places(1, 4000), [0]);
    }

    #[test]
    fn pixels_are_those_of_the_picture() {
        let bytes: Vec<u8> = (0..200 * 100_u32)
            .flat_map(|place| [(place % 200) as u8, (place / 200) as u8, 7])
            .collect();
        let sample = Sample::of(&Pixels::<3>::new(&bytes, 200, 100));
        let pixels = sample.pixels();
        assert_eq!((pixels.width(), pixels.height()), (96, 48));
        assert_eq!(pixels.rgb(0), [1, 1, 7]);
        assert_eq!(pixels.rgb(96 * 48 - 1), [198, 98, 7]);
    }
}
