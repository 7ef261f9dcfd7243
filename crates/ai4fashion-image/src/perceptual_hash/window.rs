//! The part of an image that is hashed: what is shown, whatever margins lie around it.

use image::RgbImage;

/// One of this many pixels of a row, and of rows, is looked at.
const STRIDE: usize = 2;
/// Pixels of a line of one colour differ by at most this, in levels of 255: JPEG noise is less.
const UNIFORM: u8 = 16;
/// At the ends of a line this many pixels do not count: there two margins meet.
const ENDS: usize = 4;
/// How often lines are cut off all four sides: a frame, what scaling has made of its edge, and
/// paper.
const ROUNDS: usize = 4;
/// Pixels this far from the paper, in levels of 255, count fully as shown; below a quarter of it,
/// not at all.
const SHOWN: usize = 40;
/// Half the sides of the window, in standard deviations of what is shown across and down together.
const DEVIATIONS: f64 = 1.9;
/// The paper goes on within the margins if it covers at least this fraction of what borders them.
const PAPER: f64 = 0.2;

/// A rectangle of an image in pixels, which may reach beyond what is `inside`, where paper is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    pub(super) columns: [f64; 2],
    pub(super) rows: [f64; 2],
    pub(super) inside: Area,
    pub(super) paper: [f64; 3],
}

/// Whole pixels from the first to before the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Area {
    pub(super) columns: [usize; 2],
    pub(super) rows: [usize; 2],
}

#[derive(Clone, Copy, Debug)]
enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Window {
    /// The window of an image.
    ///
    /// Margins of one colour are cut off. Where they are paper, which goes on around the garment,
    /// the window is a square around the centre of what is not paper, as large as that is spread:
    /// both hardly change with the size, the margins and the quality of an image.
    pub(super) fn of(image: &RgbImage) -> Self {
        let (area, paper) = without_margins(image);
        let whole = Self {
            columns: area.columns.map(|edge| edge as f64),
            rows: area.rows.map(|edge| edge as f64),
            inside: area,
            paper: paper.unwrap_or_default().map(f64::from),
        };
        let Some(paper) = paper.filter(|paper| goes_on(image, area, *paper)) else {
            return whole;
        };
        let width = image.width() as usize;
        let (pixels, _) = image.as_raw().as_chunks::<3>();
        let (from, to) = (area.columns[0], area.columns[1]);
        let mut of_columns = vec![0; (to - from).div_ceil(STRIDE)];
        let [mut across, mut down] = [Moments::default(); 2];
        for y in (area.rows[0]..area.rows[1]).step_by(STRIDE) {
            let row = &pixels[y * width + from..y * width + to];
            let mut of_row = 0;
            for (pixel, of_column) in row.iter().step_by(STRIDE).zip(&mut of_columns) {
                let weight = SHOWN_WEIGHTS[usize::from(distance(*pixel, paper))];
                *of_column += weight;
                of_row += weight;
            }
            down.add(y, of_row);
        }
        for (column, weight) in of_columns.into_iter().enumerate() {
            across.add(from + column * STRIDE, weight);
        }
        let (Some([x, of_x]), Some([y, of_y])) = (across.mean_and_variance(), down.mean_and_variance())
        else {
            return whole;
        };
        let half = DEVIATIONS * (of_x + of_y).max(0.0).sqrt();
        if half < 1.0 {
            return whole;
        }
        Self {
            columns: [x - half, x + half],
            rows: [y - half, y + half],
            ..whole
        }
    }
}

/// Sums of weights, of places and of their squares.
#[derive(Clone, Copy, Debug, Default)]
struct Moments {
    weight: f64,
    places: f64,
    squares: f64,
}

impl Moments {
    fn add(&mut self, place: usize, weight: u32) {
        let (place, weight) = (place as f64 + 0.5, f64::from(weight));
        self.weight += weight;
        self.places += weight * place;
        self.squares += weight * place * place;
    }

    fn mean_and_variance(&self) -> Option<[f64; 2]> {
        let mean = self.places / self.weight;
        (self.weight > 0.0).then(|| [mean, self.squares / self.weight - mean * mean])
    }
}

fn pixel(image: &RgbImage, x: usize, y: usize) -> [u8; 3] {
    let at = 3 * (y * image.width() as usize + x);
    let bytes = image.as_raw();
    [bytes[at], bytes[at + 1], bytes[at + 2]]
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u8 {
    a[0].abs_diff(b[0])
        .max(a[1].abs_diff(b[1]))
        .max(a[2].abs_diff(b[2]))
}

/// How much a pixel counts as shown by its distance from the paper, 0 to three quarters of
/// [`SHOWN`].
const SHOWN_WEIGHTS: [u32; 256] = {
    let mut weights = [0; 256];
    let mut far = SHOWN / 4;
    while far < weights.len() {
        weights[far] = (if far < SHOWN { far } else { SHOWN } - SHOWN / 4) as u32;
        far += 1;
    }
    weights
};

/// What is left without margins of one colour, and the colour of the innermost, if any.
fn without_margins(image: &RgbImage) -> (Area, Option<[u8; 3]>) {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let all = Area {
        columns: [0, width],
        rows: [0, height],
    };
    let mut area = all;
    let mut colors: [Option<[u8; 3]>; 4] = [None; 4];
    for _ in 0..ROUNDS {
        for (side, color) in [Side::Left, Side::Right, Side::Top, Side::Bottom]
            .into_iter()
            .zip(&mut colors)
        {
            cut(image, &mut area, side, color);
        }
    }
    let is_empty = area.columns[0] >= area.columns[1] || area.rows[0] >= area.rows[1];
    if is_empty {
        return (all, None);
    }
    let colors: Vec<[u8; 3]> = colors.into_iter().flatten().collect();
    let median = |channel: usize| {
        let mut levels: Vec<u8> = colors.iter().map(|color| color[channel]).collect();
        levels.sort_unstable();
        levels[levels.len() / 2]
    };
    (area, (!colors.is_empty()).then(|| [0, 1, 2].map(median)))
}

/// Cuts lines that have one colour each off a side; `last` is the colour of the last.
///
/// It may become lighter: paper within a frame. What is darker may be a garment of one colour.
fn cut(image: &RgbImage, area: &mut Area, side: Side, last: &mut Option<[u8; 3]>) {
    while area.columns[0] < area.columns[1] && area.rows[0] < area.rows[1] {
        let ([left, right], [top, bottom]) = (area.columns, area.rows);
        let color = match side {
            Side::Left => uniform(inner(top, bottom).map(|y| pixel(image, left, y))),
            Side::Right => uniform(inner(top, bottom).map(|y| pixel(image, right - 1, y))),
            Side::Top => uniform(inner(left, right).map(|x| pixel(image, x, top))),
            Side::Bottom => uniform(inner(left, right).map(|x| pixel(image, x, bottom - 1))),
        };
        let goes_on = |color: &[u8; 3]| {
            last.is_none_or(|last| distance(last, *color) <= UNIFORM || brightness(*color) > brightness(last))
        };
        let Some(color) = color.filter(goes_on) else {
            return;
        };
        *last = Some(color);
        match side {
            Side::Left => area.columns[0] += 1,
            Side::Right => area.columns[1] -= 1,
            Side::Top => area.rows[0] += 1,
            Side::Bottom => area.rows[1] -= 1,
        }
    }
}

fn brightness(color: [u8; 3]) -> u32 {
    color.map(u32::from).iter().sum()
}

/// Every second place of a line without its ends.
fn inner(from: usize, to: usize) -> impl Iterator<Item = usize> {
    let ends = if to - from > 8 * ENDS { ENDS } else { 0 };
    (from + ends..to - ends).step_by(STRIDE)
}

/// The colour of the first pixel, if all are like it.
fn uniform(mut pixels: impl Iterator<Item = [u8; 3]>) -> Option<[u8; 3]> {
    let first = pixels.next()?;
    pixels
        .all(|pixel| distance(first, pixel) <= UNIFORM)
        .then_some(first)
}

/// Whether the paper of the margins goes on within them.
fn goes_on(image: &RgbImage, area: Area, paper: [u8; 3]) -> bool {
    let ([left, right], [top, bottom]) = (area.columns, area.rows);
    let across = (left..right).flat_map(|x| [(x, top), (x, bottom - 1)]);
    let down = (top..bottom).flat_map(|y| [(left, y), (right - 1, y)]);
    let (mut of_paper, mut all) = (0, 0);
    for (x, y) in across.chain(down) {
        all += 1;
        of_paper += usize::from(distance(pixel(image, x, y), paper) <= 2 * UNIFORM);
    }
    of_paper as f64 >= PAPER * all as f64
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    /// A dark disc of 60 pixels on paper, lit from above.
    fn on_paper(paper: u8, width: u32, height: u32, left: u32, top: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, y| {
            let [across, down] =
                [(x, left), (y, top)].map(|(at, start)| f64::from(at) - f64::from(start) - 29.5);
            let is_shown = across * across + down * down < 900.0;
            Rgb(if is_shown {
                [40, 60, (90.0 + down) as u8]
            } else {
                [paper; 3]
            })
        })
    }

    #[test]
    fn window_lies_around_what_is_shown() {
        let [a, b] = [on_paper(255, 100, 120, 20, 20), on_paper(255, 160, 150, 50, 40)]
            .map(|image| Window::of(&image));
        for (a, b, shift) in [(a.columns, b.columns, 30.0), (a.rows, b.rows, 20.0)] {
            assert!(
                a.iter().zip(b).all(|(a, b)| (a + shift - b).abs() < 0.2),
                "{a:?} {b:?}"
            );
        }
        assert!(a.columns[0] < 20.0 && a.columns[1] > 80.0, "{a:?}");
        assert_eq!(a.paper, [255.0; 3]);
    }

    #[test]
    fn bars_are_cut_off_and_are_no_paper() {
        let image = on_paper(255, 100, 120, 20, 20);
        let mut barred = RgbImage::new(140, 120);
        image::imageops::replace(&mut barred, &image, 20, 0);
        let [a, b] = [image, barred].map(|image| Window::of(&image));
        assert!((a.columns[0] + 20.0 - b.columns[0]).abs() < 0.5, "{a:?} {b:?}");
        assert!((a.rows[0] - b.rows[0]).abs() < 0.5, "{a:?} {b:?}");
        assert_eq!(a.paper, b.paper);
    }

    #[test]
    fn image_without_paper_is_the_window_whatever_bars_it_has() {
        let image = RgbImage::from_fn(64, 48, |x, y| Rgb([(x * 4) as u8, (y * 5) as u8, 77]));
        let window = Window::of(&image);
        assert_eq!((window.columns, window.rows), ([0.0, 64.0], [0.0, 48.0]));
        let mut barred = RgbImage::from_pixel(64, 64, Rgb([255; 3]));
        image::imageops::replace(&mut barred, &image, 0, 8);
        assert_eq!(Window::of(&barred).rows, [8.0, 56.0]);
    }

    #[test]
    fn image_of_one_color_is_its_own_window() {
        let window = Window::of(&RgbImage::new(9, 7));
        assert_eq!((window.columns, window.rows), ([0.0, 9.0], [0.0, 7.0]));
    }
}
