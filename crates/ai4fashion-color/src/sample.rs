//! A few pixels that stand for a picture.

use crate::picture::{Channels, PictureView};

/// Longest side of a sample. The colour of a garment is not finer: `docs/color-naming.md` has the accuracy at other sizes.
pub(crate) const SIDE: usize = 96;

/// Smallest alpha that counts as garment: the half, as in colorthief.
const OPAQUE: u8 = 125;

/// Red, green, blue, and 255; all 0 where the picture is transparent.
pub(crate) type Pixel = [u8; 4];

const TRANSPARENT: Pixel = [0; 4];

/// Whether a pixel can be seen.
pub(crate) fn is_opaque(pixel: Pixel) -> bool {
    pixel[3] != 0
}

/// A pixel's colour.
pub(crate) fn rgb([r, g, b, _]: Pixel) -> [u8; 3] {
    [r, g, b]
}

/// Pixels of a regular grid over a picture; all of them if it is small.
///
/// They are taken as they are. The mean of a block would be the mean of a stripe, a colour that nobody sees.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// What is not within width and height is of no meaning.
    rows: Vec<[Pixel; SIDE]>,
    width: usize,
    height: usize,
    has_alpha: bool,
}

impl Sample {
    /// One without pixels, with room for those of any picture.
    pub(crate) fn new() -> Self {
        Self {
            rows: vec![[TRANSPARENT; SIDE]; SIDE],
            width: 0,
            height: 0,
            has_alpha: false,
        }
    }

    /// Takes the pixels of another picture.
    pub(crate) fn take(&mut self, picture: PictureView<'_>) {
        let sides = [picture.width(), picture.height()];
        let [columns, rows] = sides.map(|side| Places::new(side, sides[0].max(sides[1])));
        self.width = columns.count;
        self.height = if columns.count == 0 { 0 } else { rows.count };
        self.has_alpha = picture.channels() == Channels::Rgba;
        for (taken, &y) in self.rows[..self.height].iter_mut().zip(rows.iter()) {
            let row = picture.row(y);
            match picture.channels() {
                Channels::Rgb => {
                    let (row, _) = row.as_chunks();
                    for (taken, &x) in taken.iter_mut().zip(columns.iter()) {
                        let [r, g, b] = row[x];
                        *taken = [r, g, b, 255];
                    }
                }
                Channels::Rgba => {
                    let (row, _) = row.as_chunks();
                    for (taken, &x) in taken.iter_mut().zip(columns.iter()) {
                        *taken = match row[x] {
                            [r, g, b, alpha] if alpha >= OPAQUE => [r, g, b, 255],
                            _ => TRANSPARENT,
                        };
                    }
                }
            }
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    /// How many pixels it has.
    pub(crate) fn len(&self) -> usize {
        self.width * self.height
    }

    /// Whether there may be transparent pixels.
    pub(crate) fn has_alpha(&self) -> bool {
        self.has_alpha
    }

    /// Rows as they are stored: what is beyond the width is of no meaning.
    pub(crate) fn stored(&self) -> &[[Pixel; SIDE]] {
        &self.rows[..self.height]
    }

    pub(crate) fn row(&self, y: usize) -> &[Pixel] {
        &self.rows[y][..self.width]
    }

    /// The outermost pixels, each once.
    pub(crate) fn frame(&self) -> impl Iterator<Item = Pixel> {
        let last = self.height.saturating_sub(1);
        let inner = self.width.saturating_sub(1).max(1);
        (0..self.height).flat_map(move |y| {
            let step = if y == 0 || y == last { 1 } else { inner };
            self.row(y).iter().copied().step_by(step)
        })
    }
}

/// The middles of equal parts of a side.
struct Places {
    places: [usize; SIDE],
    count: usize,
}

impl Places {
    /// Of a picture whose longest side is `longest`.
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

    fn iter(&self) -> std::slice::Iter<'_, usize> {
        self.places[..self.count].iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(side: u32, longest: u32) -> Vec<usize> {
        Places::new(side, longest).iter().copied().collect()
    }

    #[test]
    fn small_picture_is_taken_whole_and_a_large_one_evenly() {
        assert_eq!(places(3, 96), [0, 1, 2]);
        assert_eq!(places(0, 0), [0_usize; 0]);
        let taken = places(4000, 4000);
        assert_eq!((taken.len(), taken[0], taken[95]), (96, 20, 3979));
        assert_eq!(places(3000, 4000).len(), 72);
        assert_eq!(places(1, 4000), [0]);
        assert_eq!(places(u32::MAX, u32::MAX).len(), 96);
    }

    #[test]
    fn pixels_are_those_of_the_picture() {
        let bytes: Vec<u8> = (0..200 * 100_u32)
            .flat_map(|place| [(place % 200) as u8, (place / 200) as u8, 7])
            .collect();
        let mut sample = Sample::new();
        sample.take(PictureView::rgb(&bytes, 200, 100, 600).unwrap());
        assert_eq!((sample.width(), sample.height(), sample.len()), (96, 48, 96 * 48));
        assert_eq!(sample.row(0)[0], [1, 1, 7, 255]);
        assert_eq!(sample.row(47)[95], [198, 98, 7, 255]);
    }

    #[test]
    fn what_is_mostly_transparent_has_no_color() {
        let mut sample = Sample::new();
        sample.take(PictureView::rgba(&[9, 8, 7, 125, 9, 8, 7, 124], 2, 1, 8).unwrap());
        assert_eq!(sample.row(0), [[9, 8, 7, 255], TRANSPARENT]);
    }

    #[test]
    fn frame_visits_each_outer_pixel_once() {
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
            sample.take(PictureView::rgb(&bytes, width, height, 3 * width as usize).unwrap());
            let mut seen: Vec<u8> = sample.frame().map(|pixel| pixel[0]).collect();
            assert_eq!(seen.len(), expected, "{width}x{height}");
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), expected, "{width}x{height}");
        }
    }
}
