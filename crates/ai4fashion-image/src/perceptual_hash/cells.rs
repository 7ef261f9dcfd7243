//! Means over a grid in a window of an image.

use image::RgbImage;

use super::window::Window;

/// Rows of an image whose bytes are added up as 16 bits before anything else.
const AT_ONCE: usize = u16::MAX as usize / u8::MAX as usize;

/// The rows of a grid over a window: each the mean of the pixels above each other in it, byte by
/// byte.
#[derive(Clone, Debug)]
pub(super) struct GridRows<'a> {
    window: &'a Window,
    /// As many bytes of each row as an image's row has in the window.
    means: Vec<Vec<f64>>,
    /// The part of each row that is inside.
    inside: Vec<f64>,
}

impl<'a> GridRows<'a> {
    /// Cuts the window into rows.
    pub(super) fn of(image: &RgbImage, window: &'a Window, rows: usize) -> Self {
        let [from, to] = window.inside.columns.map(|column| 3 * column);
        let row_bytes = 3 * image.width() as usize;
        let bytes = image.as_raw();
        let row = |y: usize| &bytes[y * row_bytes..][from..to];
        let down = shares(window.rows, rows, window.inside.rows);
        let mean = |cells: &Cells| {
            let mut mean = vec![0.0; to - from];
            // Most rows count in full: their bytes are added as whole numbers.
            let full = cells.pixels.iter().filter(|(_, share)| *share == cells.full);
            let full: Vec<usize> = full.map(|(y, _)| *y).collect();
            for rows in full.chunks(AT_ONCE) {
                let mut sums = vec![0_u16; to - from];
                for y in rows {
                    for (sum, byte) in sums.iter_mut().zip(row(*y)) {
                        *sum += u16::from(*byte);
                    }
                }
                add(&mut mean, &sums, cells.full);
            }
            for (y, share) in cells.pixels.iter().filter(|(_, share)| *share != cells.full) {
                add(&mut mean, row(*y), *share);
            }
            mean
        };
        Self {
            window,
            means: down.iter().map(mean).collect(),
            inside: down.iter().map(|cells| cells.inside).collect(),
        }
    }

    /// Makes one row of each `count`.
    pub(super) fn joined(&self, count: usize) -> Self {
        let part = 1.0 / count as f64;
        let join = |rows: &[Vec<f64>]| {
            let mut mean = vec![0.0; rows[0].len()];
            rows.iter().for_each(|row| add(&mut mean, row, part));
            mean
        };
        Self {
            window: self.window,
            means: self.means.chunks_exact(count).map(join).collect(),
            inside: self
                .inside
                .chunks_exact(count)
                .map(|rows| rows.iter().sum::<f64>() * part)
                .collect(),
        }
    }

    /// Mean colours of the cells of `columns` columns, row by row, each 0 to 255. Beyond what is
    /// inside is paper.
    pub(super) fn cells(&self, columns: usize) -> Vec<[f64; 3]> {
        let first = self.window.inside.columns[0];
        let across = shares(self.window.columns, columns, self.window.inside.columns);
        let mut found = Vec::with_capacity(columns * self.means.len());
        for (means, inside) in self.means.iter().zip(&self.inside) {
            let (pixels, _) = means.as_chunks::<3>();
            for cell in &across {
                let of_paper = 1.0 - cell.inside * inside;
                let mut mean = self.window.paper.map(|level| of_paper * level);
                for (x, share) in &cell.pixels {
                    add(&mut mean, &pixels[x - first], *share);
                }
                found.push(mean);
            }
        }
        found
    }
}

/// Adds a share of each value.
fn add<T: Copy + Into<f64>>(sums: &mut [f64], values: &[T], share: f64) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += share * (*value).into();
    }
}

/// The pixels in a cell's interval, each with its share of it; the share of one that is within it,
/// and the sum of all.
struct Cells {
    pixels: Vec<(usize, f64)>,
    full: f64,
    inside: f64,
}

fn shares([from, to]: [f64; 2], cells: usize, [least, most]: [usize; 2]) -> Vec<Cells> {
    let side = (to - from) / cells as f64;
    let cell = |index: usize| {
        let (start, end) = (from + index as f64 * side, from + (index + 1) as f64 * side);
        let first = (start.max(0.0).floor() as usize).max(least);
        let last = (end.max(0.0).ceil() as usize).min(most);
        let share = |x: usize| ((x as f64 + 1.0).min(end) - (x as f64).max(start)).max(0.0) / side;
        let pixels: Vec<(usize, f64)> = (first..last).map(|x| (x, share(x))).collect();
        let inside = pixels.iter().map(|(_, share)| share).sum();
        Cells {
            pixels,
            full: 1.0 / side,
            inside,
        }
    };
    (0..cells).map(cell).collect()
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;
    use crate::perceptual_hash::window::Area;

    #[test]
    fn pixels_count_by_their_area_and_paper_beyond_the_image() {
        let image = RgbImage::from_fn(4, 2, |x, _| Rgb([x as u8 * 60; 3]));
        let window = |columns| Window {
            columns,
            rows: [0.0, 2.0],
            inside: Area {
                columns: [0, 4],
                rows: [0, 2],
            },
            paper: [200.0; 3],
        };
        let reds = |columns, cells| -> Vec<f64> {
            let window = window(columns);
            let means = GridRows::of(&image, &window, 1).cells(cells);
            means.iter().map(|mean| mean[0]).collect()
        };
        assert_eq!(reds([0.0, 4.0], 2), [30.0, 150.0]);
        assert_eq!(reds([0.5, 2.5], 1), [60.0]);
        assert_eq!(reds([-2.0, 2.0], 2), [200.0, 30.0]);
        assert_eq!(reds([3.0, 5.0], 1), [190.0]);
    }

    #[test]
    fn many_rows_and_joined_ones_have_their_mean() {
        let image = RgbImage::from_fn(2, 1200, |_, y| Rgb([if y < 600 { 255 } else { 55 }; 3]));
        let window = Window {
            columns: [0.0, 2.0],
            rows: [-0.5, 1200.5],
            inside: Area {
                columns: [0, 2],
                rows: [0, 1200],
            },
            paper: [0.0; 3],
        };
        let near = |found: Vec<[f64; 3]>, expected: &[f64]| {
            assert_eq!(found.len(), expected.len());
            for (found, expected) in found.iter().zip(expected) {
                assert!((found[1] - expected).abs() < 1e-9, "{found:?}, not {expected}");
            }
        };
        let whole = (600.0 * 255.0 + 600.0 * 55.0) / 1201.0;
        near(GridRows::of(&image, &window, 1).cells(1), &[whole]);
        let four = GridRows::of(&image, &window, 4);
        near(four.joined(4).cells(1), &[whole]);
        near(
            four.joined(2).cells(1),
            &[600.0 * 255.0 / 600.5, 600.0 * 55.0 / 600.5],
        );
    }
}
