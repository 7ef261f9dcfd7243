//! The network's input: an image, scaled into 60x80 pixels.
//!
//! Paper at the sides that makes an image wider (or taller) than 3:4 is cut off, so that a
//! letterboxed image is seen like the photo that it was made from. The rest is scaled to fit by the
//! mean over each pixel's area, and centred on the colour of its corners. Transparent pixels are
//! white.

use ai4fashion_color::ImageView;

use crate::{
    network::feature_map::FeatureMap,
    shape::{HEIGHT, WIDTH},
};

/// Places that a pixel's mean is taken over at most, in each direction.
const TAPS: usize = 8;
/// Largest ratio of sizes for which these are all places.
const RATIO: f32 = (TAPS - 2) as f32;
/// Largest difference of paper from the corner, of 255.
const PAPER: u8 = 8;
/// Pixels of a column or row that are compared with the paper.
const SAMPLES: usize = 64;

/// Buffers for scaling.
#[derive(Clone, Debug)]
pub(crate) struct Scaler {
    columns: Axis,
    rows: Axis,
    /// Weighted sum of an output row's image rows, at the places that are read.
    line: Vec<[f32; 3]>,
    /// The part of the image that is shown: left, top, width and height, of 1.
    shown: [f32; 4],
}

impl Scaler {
    pub(crate) fn new() -> Self {
        Self {
            columns: Axis::new(WIDTH),
            rows: Axis::new(HEIGHT),
            line: Vec::new(),
            shown: [0.0, 0.0, 1.0, 1.0],
        }
    }

    /// Returns the column and row of the mask at a place of the last image, from 0 to 1 across and
    /// down; whole numbers are the centres of cells.
    pub(crate) fn mask_place(&self, across: f32, down: f32) -> Option<[f32; 2]> {
        let [left, top, width, height] = self.shown;
        let x = self.columns.start as f32 + (across - left) / width * self.columns.count as f32;
        let y = self.rows.start as f32 + (down - top) / height * self.rows.count as f32;
        let is_inside = (0.0..WIDTH as f32).contains(&x) && (0.0..HEIGHT as f32).contains(&y);
        // Two convolutions of stride 2, padded by 1: the centre of a cell is every fourth pixel.
        is_inside.then(|| [x, y].map(|pixel| (pixel - 0.5) / 4.0))
    }

    /// Writes an image as 255 minus red, green and blue. One without pixels is white.
    pub(crate) fn scale(&mut self, image: ImageView<'_>, output: &mut FeatureMap) {
        let reader = Reader(image);
        let [width, height] = [image.width() as usize, image.height() as usize];
        if width == 0 || height == 0 {
            (0..HEIGHT).for_each(|y| output.row_mut(y).fill(0));
            return;
        }
        let [left, right, top, bottom] = reader.frame(width, height);
        let whole = [width, height].map(|side| side as f32);
        let [width, height] = [right - left, bottom - top];
        self.shown = [
            left as f32 / whole[0],
            top as f32 / whole[1],
            width as f32 / whole[0],
            height as f32 / whole[1],
        ];
        let scale = (WIDTH as f32 / width as f32).min(HEIGHT as f32 / height as f32);
        self.columns.set(left, width, scale);
        self.rows.set(top, height, scale);
        let corners = [
            [left, top],
            [right - 1, top],
            [left, bottom - 1],
            [right - 1, bottom - 1],
        ];
        let paper = corners.map(|[x, y]| reader.pixel(x, y));
        let paper = [0, 1, 2].map(|channel| paper.iter().map(|corner| corner[channel]).sum::<f32>() / 4.0);
        for y in 0..HEIGHT {
            let row = output.row_mut(y);
            let (pixels, _) = row.as_chunks_mut();
            pixels.fill(stored(paper));
            if let Some(taps) = self.rows.taps(y) {
                self.columns.read(&reader, taps, &mut self.line);
                let from = self.columns.start;
                for (x, pixel) in pixels[from..from + self.columns.count].iter_mut().enumerate() {
                    *pixel = stored(self.columns.mean(x, &self.line));
                }
            }
        }
    }
}

/// 255 minus red, green and blue, rounded, and the fourth value that a feature map has.
fn stored(rgb: [f32; 3]) -> [i16; 4] {
    let [r, g, b] = rgb.map(|value| 255 - (value + 0.5) as i16);
    [r, g, b, 0]
}

/// Where the pixels of the output's columns, or rows, come from.
#[derive(Clone, Debug)]
struct Axis {
    /// Length of the output.
    length: usize,
    /// First pixel of the output that shows the image, and their number.
    start: usize,
    count: usize,
    /// The first place of the image, if taps read all from it on; `None` if some are left out.
    first: Option<usize>,
    /// Number of places that taps read: all, or one for each tap.
    places: usize,
    /// Number of a pixel's places that can have a weight.
    used: usize,
    /// Places in the image with their weights; [`TAPS`] for each of these pixels.
    taps: Vec<[(usize, f32); TAPS]>,
}

impl Axis {
    fn new(length: usize) -> Self {
        Self {
            length,
            start: 0,
            count: 0,
            first: None,
            places: 0,
            used: TAPS,
            taps: Vec::with_capacity(length),
        }
    }

    /// Fits a range of the image into the middle of the output.
    fn set(&mut self, from: usize, size: usize, scale: f32) {
        self.count = ((size as f32 * scale + 0.5) as usize).clamp(1, self.length);
        self.start = (self.length - self.count) / 2;
        let ratio = size as f32 / self.count as f32;
        let reads_all = ratio <= RATIO;
        self.first = reads_all.then_some(from);
        self.places = if reads_all { size } else { self.count * TAPS };
        self.used = if ratio < 1.0 {
            2
        } else if reads_all {
            (ratio.ceil() as usize + 1).min(TAPS)
        } else {
            TAPS
        };
        self.taps.clear();
        self.taps.extend((0..self.count).map(|pixel| {
            let mut taps = if ratio < 1.0 {
                between(pixel, ratio, size)
            } else if ratio <= RATIO {
                area(pixel, ratio, size)
            } else {
                spread(pixel, ratio, size)
            };
            taps.iter_mut().for_each(|(place, _)| *place += from);
            taps
        }));
    }

    /// Returns the taps of a pixel of the output that shows the image.
    fn taps(&self, pixel: usize) -> Option<&[(usize, f32); TAPS]> {
        self.taps.get(pixel.checked_sub(self.start)?)
    }

    /// Sums rows of the image at all places that a tap reads.
    fn read(&self, reader: &Reader<'_>, rows: &[(usize, f32); TAPS], line: &mut Vec<[f32; 3]>) {
        line.clear();
        line.resize(self.places, [0.0; 3]);
        for (y, weight) in rows.iter().filter(|(_, weight)| *weight > 0.0) {
            if let Some(from) = self.first {
                reader.add_run(from, *y, *weight, line);
            } else {
                let taps = self.taps.as_flattened();
                for ((x, _), sum) in taps.iter().zip(line.iter_mut()) {
                    let pixel = reader.pixel(*x, *y);
                    (0..3).for_each(|channel| sum[channel] += weight * pixel[channel]);
                }
            }
        }
    }

    /// Sums the taps of a pixel.
    fn mean(&self, pixel: usize, line: &[[f32; 3]]) -> [f32; 3] {
        let mut sum = [0.0; 3];
        for (tap, (place, share)) in self.taps[pixel][..self.used].iter().enumerate() {
            let found = &line[self.first.map_or(pixel * TAPS + tap, |from| place - from)];
            (0..3).for_each(|channel| sum[channel] += share * found[channel]);
        }
        sum
    }
}

/// The two pixels beside a place between pixels.
fn between(pixel: usize, ratio: f32, size: usize) -> [(usize, f32); TAPS] {
    let place = ((pixel as f32 + 0.5) * ratio - 0.5).clamp(0.0, (size - 1) as f32);
    let first = place as usize;
    let second = (first + 1).min(size - 1);
    let share = place - first as f32;
    let mut taps = [(0, 0.0); TAPS];
    [taps[0], taps[1]] = [(first, 1.0 - share), (second, share)];
    taps
}

/// All pixels that a pixel's area covers, by the part of it.
fn area(pixel: usize, ratio: f32, size: usize) -> [(usize, f32); TAPS] {
    let [from, to] = [pixel, pixel + 1].map(|it| (it as f32 * ratio).min(size as f32));
    let first = from as usize;
    std::array::from_fn(|tap| {
        let place = first + tap;
        let covered = (to.min((place + 1) as f32) - from.max(place as f32)).max(0.0);
        (
            place.min(size - 1),
            if place < size { covered / (to - from) } else { 0.0 },
        )
    })
}

/// Pixels that are spread over a pixel's area.
fn spread(pixel: usize, ratio: f32, size: usize) -> [(usize, f32); TAPS] {
    std::array::from_fn(|tap| {
        let place = (pixel as f32 + (tap as f32 + 0.5) / TAPS as f32) * ratio;
        ((place as usize).min(size - 1), 1.0 / TAPS as f32)
    })
}

/// Reads pixels over white.
struct Reader<'a>(ImageView<'a>);

impl Reader<'_> {
    #[inline]
    fn pixel(&self, x: usize, y: usize) -> [f32; 3] {
        let row = self.0.row(y);
        if !self.0.has_alpha() {
            let pixel = &row[3 * x..3 * x + 3];
            return [pixel[0], pixel[1], pixel[2]].map(f32::from);
        }
        let pixel = &row[4 * x..4 * x + 4];
        let alpha = f32::from(pixel[3]) / 255.0;
        [pixel[0], pixel[1], pixel[2]].map(|it| 255.0 + alpha * (f32::from(it) - 255.0))
    }

    /// Adds pixels of a row, from a column on, times a weight.
    fn add_run(&self, from: usize, y: usize, weight: f32, sums: &mut [[f32; 3]]) {
        if self.0.has_alpha() {
            for (x, sum) in (from..).zip(sums) {
                let pixel = self.pixel(x, y);
                (0..3).for_each(|channel| sum[channel] += weight * pixel[channel]);
            }
        } else {
            let bytes = &self.0.row(y)[3 * from..];
            let sums = sums.as_flattened_mut().iter_mut();
            sums.zip(bytes)
                .for_each(|(sum, byte)| *sum += weight * f32::from(*byte));
        }
    }

    /// Cuts off paper at the sides; returns the columns and rows that are left.
    fn frame(&self, width: usize, height: usize) -> [usize; 4] {
        let paper = self.pixel(0, 0);
        let is_paper = |x, y| {
            let pixel = self.pixel(x, y);
            pixel
                .iter()
                .zip(paper)
                .all(|(value, paper)| (value - paper).abs() <= f32::from(PAPER))
        };
        let places = |size: usize| (0..SAMPLES.min(size)).map(move |it| it * size / SAMPLES.min(size));
        let column = |x| places(height).all(|y| is_paper(x, y));
        let row = |y| places(width).all(|x| is_paper(x, y));
        let cut = |size: usize, target: usize, is_paper: &dyn Fn(usize) -> bool| {
            let excess = size.saturating_sub(target);
            let first = (0..excess / 2).take_while(|it| is_paper(*it)).count();
            let last = (0..excess - excess / 2)
                .take_while(|it| is_paper(size - 1 - it))
                .count();
            [first, size - last]
        };
        let [left, right] = cut(width, (height * WIDTH).div_ceil(HEIGHT), &column);
        let [top, bottom] = cut(height, (width * HEIGHT).div_ceil(WIDTH), &row);
        [left, right, top, bottom]
    }
}

#[cfg(test)]
mod tests {
    use ai4fashion_color::image::{Rgb, RgbImage, Rgba, RgbaImage, imageops};

    use super::*;

    fn scaled<'a>(image: impl Into<ImageView<'a>>) -> Vec<i16> {
        let mut output = FeatureMap::new([HEIGHT, WIDTH], 3);
        Scaler::new().scale(image.into(), &mut output);
        let pixels = (0..HEIGHT).flat_map(|y| output.row(y).as_chunks::<4>().0.to_vec());
        pixels.flat_map(|[r, g, b, _]| [r, g, b]).collect()
    }

    fn photo(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let is_cloth = (width / 4..3 * width / 4).contains(&x) && y > height / 8;
            Rgb(if is_cloth {
                [(x * 90 / width) as u8, (y * 200 / height) as u8, 30]
            } else {
                [250; 3]
            })
        })
    }

    #[test]
    fn image_of_that_size_is_taken_as_it_is() {
        let image = photo(60, 80);
        let expected: Vec<i16> = image
            .as_raw()
            .iter()
            .map(|value| 255 - i16::from(*value))
            .collect();
        assert_eq!(scaled(&image), expected);
    }

    #[test]
    fn letterboxed_image_is_seen_like_its_photo() {
        let image = photo(120, 160);
        let mut square = RgbImage::from_pixel(160, 160, Rgb([250; 3]));
        imageops::replace(&mut square, &image, 20, 0);
        assert_eq!(scaled(&square), scaled(&image));
        let mut wide = RgbImage::from_pixel(120, 300, Rgb([250; 3]));
        imageops::replace(&mut wide, &image, 0, 70);
        assert_eq!(scaled(&wide), scaled(&image));
    }

    #[test]
    fn other_sizes_look_nearly_the_same() {
        let expected = scaled(&photo(480, 640));
        for (width, height) in [(120, 160), (168, 224), (600, 800), (3000, 4000)] {
            let found = scaled(&photo(width, height));
            let difference: f32 = found
                .iter()
                .zip(&expected)
                .map(|(a, b)| f32::from((a - b).abs()))
                .sum();
            assert!(
                difference / (found.len() as f32) < 3.0,
                "{width}x{height}: {difference}"
            );
        }
    }

    #[test]
    fn transparent_is_white_and_nothing_is_white() {
        let image = RgbaImage::from_pixel(60, 80, Rgba([10, 200, 30, 0]));
        assert!(scaled(&image).iter().all(|value| *value == 0));
        assert!(scaled(&RgbImage::new(0, 5)).iter().all(|value| *value == 0));
    }

    #[test]
    fn any_size_is_taken() {
        for (width, height) in [(1, 1), (1, 5000), (5000, 1), (59, 81), (7, 3)] {
            let found = scaled(&RgbImage::from_pixel(width, height, Rgb([10, 20, 30])));
            let (pixels, _) = found.as_chunks::<3>();
            assert!(
                pixels.iter().all(|pixel| *pixel == [245, 235, 225]),
                "{width}x{height}"
            );
        }
    }
}
