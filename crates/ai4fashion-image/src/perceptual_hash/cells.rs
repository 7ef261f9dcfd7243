//! Means over a grid in a window of an image.

use image::RgbImage;

use super::window::Window;

/// Mean colours of the cells of a grid of `columns` x `rows` over a window, row by row, each 0 to
/// 255. Beyond what is inside is paper.
pub(super) fn means(image: &RgbImage, window: &Window, columns: usize, rows: usize) -> Vec<[f64; 3]> {
    let across = shares(window.columns, columns, window.inside.columns);
    let down = shares(window.rows, rows, window.inside.rows);
    let row_bytes = 3 * image.width() as usize;
    let mut sums = vec![0.0; row_bytes];
    let mut found = Vec::with_capacity(columns * rows);
    for cell_rows in &down {
        // First the rows of all cells at once, byte by byte.
        sums.fill(0.0);
        for (y, of_row) in &cell_rows.pixels {
            let row = &image.as_raw()[y * row_bytes..][..row_bytes];
            for (sum, byte) in sums.iter_mut().zip(row) {
                *sum += of_row * f64::from(*byte);
            }
        }
        let (pixels, _) = sums.as_chunks::<3>();
        for cell in &across {
            let of_paper = 1.0 - cell.inside * cell_rows.inside;
            let mut mean = window.paper.map(|level| of_paper * level);
            for (x, of_column) in &cell.pixels {
                for (mean, sum) in mean.iter_mut().zip(pixels[*x]) {
                    *mean += of_column * sum;
                }
            }
            found.push(mean);
        }
    }
    found
}

/// The pixels in a cell's interval, each with its share of it, and the sum of the shares.
struct Cell {
    pixels: Vec<(usize, f64)>,
    inside: f64,
}

fn shares([from, to]: [f64; 2], cells: usize, [least, most]: [usize; 2]) -> Vec<Cell> {
    let side = (to - from) / cells as f64;
    let cell = |index: usize| {
        let (start, end) = (from + index as f64 * side, from + (index + 1) as f64 * side);
        let first = (start.max(0.0).floor() as usize).max(least);
        let last = (end.max(0.0).ceil() as usize).min(most);
        let share = |x: usize| ((x as f64 + 1.0).min(end) - (x as f64).max(start)).max(0.0) / side;
        let pixels: Vec<(usize, f64)> = (first..last).map(|x| (x, share(x))).collect();
        let inside = pixels.iter().map(|(_, share)| share).sum();
        Cell { pixels, inside }
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
            let means = means(&image, &window(columns), cells, 1);
            means.iter().map(|mean| mean[0]).collect()
        };
        assert_eq!(reds([0.0, 4.0], 2), [30.0, 150.0]);
        assert_eq!(reds([0.5, 2.5], 1), [60.0]);
        assert_eq!(reds([-2.0, 2.0], 2), [200.0, 30.0]);
        assert_eq!(reds([3.0, 5.0], 1), [190.0]);
    }
}
