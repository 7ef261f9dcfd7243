//! Means over a coarse grid.

use image::RgbImage;

/// Means of `value` over the cells of a grid of `columns` x `rows`, row by row.
///
/// Every other pixel of every other row is taken. Cells of an image with fewer pixels than cells
/// share pixels.
///
/// ```
/// use ai4fashion_image::{cell_means, image::{Rgb, RgbImage}};
///
/// let left_white = RgbImage::from_fn(8, 8, |x, _| Rgb([if x < 4 { 255 } else { 0 }; 3]));
/// let reds = cell_means(&left_white, 2, 1, |[red, _, _]| [u32::from(red)]);
/// assert_eq!(reds, [[255], [0]]);
/// ```
#[must_use]
pub fn cell_means<const N: usize>(
    image: &RgbImage,
    columns: usize,
    rows: usize,
    value: impl Fn([u8; 3]) -> [u32; N],
) -> Vec<[u32; N]> {
    let (width, height) = (image.width() as usize, image.height() as usize);
    let edges = |cells: usize, pixels: usize| -> Vec<(usize, usize)> {
        let edge = |cell: usize| cell * pixels / cells;
        (0..cells)
            .map(|cell| (edge(cell), edge(cell + 1).max(edge(cell) + 1)))
            .collect()
    };
    let (bytes, across) = (image.as_raw(), edges(columns, width));
    let mut found = Vec::with_capacity(columns * rows);
    for (top, bottom) in edges(rows, height) {
        let mut sums = vec![[0_u64; N]; columns];
        let lines = (top..bottom.min(height)).step_by(2);
        for y in lines.clone() {
            let line = &bytes[y * width * 3..(y + 1) * width * 3];
            for (sum, &(left, right)) in sums.iter_mut().zip(&across) {
                for rgb in line[left * 3..right.min(width) * 3].chunks_exact(3).step_by(2) {
                    let value = value([rgb[0], rgb[1], rgb[2]]);
                    (0..N).for_each(|n| sum[n] += u64::from(value[n]));
                }
            }
        }
        found.extend(sums.iter().zip(&across).map(|(sum, &(left, right))| {
            let pixels = ((right.min(width) - left).div_ceil(2) * lines.len()) as u64;
            sum.map(|sum| ((sum + pixels / 2) / pixels.max(1)) as u32)
        }));
    }
    found
}
