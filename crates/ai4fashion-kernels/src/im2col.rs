//! Pictures to the columns of a matrix, and back.
//!
//! The matrix of a group of pictures has a row for each (channel, kernel row, kernel column) and a
//! column for each (picture, output row, output column); where the kernel reaches into the
//! padding it holds zero. A convolution is then one matrix product (K. Chellapilla, S. Puri,
//! P. Simard, High Performance Convolutional Neural Networks for Document Processing, 2006).

use crate::geometry::Geometry;

/// Fills `columns` (`depth` rows) from the whole pictures in `input`.
pub(crate) fn gather(columns: &mut [f32], input: &[f32], g: &Geometry) {
    let pictures = input.len() / g.input_len();
    debug_assert_eq!(columns.len(), g.depth() * pictures * g.out_plane());
    let rows = columns.chunks_exact_mut(pictures * g.out_plane());
    for (row, tap) in rows.zip(taps(g)) {
        for (picture, plane) in row.chunks_exact_mut(g.out_plane()).enumerate() {
            let source = picture * g.input_len() + tap.channel * g.height * g.width;
            for (out_row, line) in plane.chunks_exact_mut(g.out_width).enumerate() {
                match tap.input_row(out_row, g) {
                    Some(y) => gather_line(line, &input[source + y * g.width..][..g.width], &tap, g),
                    None => line.fill(0.0),
                }
            }
        }
    }
}

/// Adds `columns` back onto the pictures in `output`: the transpose of [`gather`].
pub(crate) fn scatter_add(output: &mut [f32], columns: &[f32], g: &Geometry) {
    let pictures = output.len() / g.input_len();
    debug_assert_eq!(columns.len(), g.depth() * pictures * g.out_plane());
    let rows = columns.chunks_exact(pictures * g.out_plane());
    for (row, tap) in rows.zip(taps(g)) {
        for (picture, plane) in row.chunks_exact(g.out_plane()).enumerate() {
            let target = picture * g.input_len() + tap.channel * g.height * g.width;
            for (out_row, line) in plane.chunks_exact(g.out_width).enumerate() {
                if let Some(y) = tap.input_row(out_row, g) {
                    scatter_line(&mut output[target + y * g.width..][..g.width], line, &tap, g);
                }
            }
        }
    }
}

/// One row of the matrix: a channel and a place in the kernel, with the output columns
/// `first..end` for which that place lies within the picture.
struct Tap {
    channel: usize,
    kernel_row: usize,
    kernel_column: usize,
    first: usize,
    end: usize,
}

impl Tap {
    /// The picture's row that this place of the kernel meets at `out_row`; `None` in the padding.
    fn input_row(&self, out_row: usize, g: &Geometry) -> Option<usize> {
        let y = (out_row * g.window.stride[0] + self.kernel_row).checked_sub(g.window.padding[0])?;
        (y < g.height).then_some(y)
    }

    /// The picture's column at the output column `first`.
    fn input_column(&self, g: &Geometry) -> usize {
        self.first * g.window.stride[1] + self.kernel_column - g.window.padding[1]
    }
}

fn taps(g: &Geometry) -> impl Iterator<Item = Tap> {
    let g = *g;
    let [kernel_height, kernel_width] = g.kernel;
    (0..g.in_channels * kernel_height * kernel_width).map(move |row| {
        let kernel_column = row % kernel_width;
        let (stride, padding) = (g.window.stride[1], g.window.padding[1]);
        let first = padding
            .saturating_sub(kernel_column)
            .div_ceil(stride)
            .min(g.out_width);
        let end = (g.width + padding).saturating_sub(kernel_column).div_ceil(stride);
        Tap {
            channel: row / (kernel_height * kernel_width),
            kernel_row: row / kernel_width % kernel_height,
            kernel_column,
            first,
            end: end.clamp(first, g.out_width),
        }
    })
}

fn gather_line(line: &mut [f32], source: &[f32], tap: &Tap, g: &Geometry) {
    line[..tap.first].fill(0.0);
    line[tap.end..].fill(0.0);
    let inside = &mut line[tap.first..tap.end];
    if inside.is_empty() {
        return;
    }
    let source = &source[tap.input_column(g)..];
    match g.window.stride[1] {
        1 => inside.copy_from_slice(&source[..inside.len()]),
        stride => inside
            .iter_mut()
            .zip(source.iter().step_by(stride))
            .for_each(|(to, from)| *to = *from),
    }
}

fn scatter_line(target: &mut [f32], line: &[f32], tap: &Tap, g: &Geometry) {
    let inside = &line[tap.first..tap.end];
    if inside.is_empty() {
        return;
    }
    let target = target[tap.input_column(g)..]
        .iter_mut()
        .step_by(g.window.stride[1]);
    target.zip(inside).for_each(|(to, from)| *to += from);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Window;

    fn geometry(size: [usize; 2], kernel: [usize; 2], stride: usize, padding: usize) -> Geometry {
        let window = Window {
            stride: [stride; 2],
            padding: [padding; 2],
        };
        Geometry::forward([1, 1, size[0], size[1]], [1, 1, kernel[0], kernel[1]], window)
    }

    #[test]
    fn three_by_three_picture_with_a_two_by_two_kernel() {
        let g = geometry([3, 3], [2, 2], 1, 0);
        let picture: Vec<f32> = (1..=9_u8).map(f32::from).collect();
        let mut columns = vec![f32::NAN; 16];
        gather(&mut columns, &picture, &g);
        #[rustfmt::skip]
        assert_eq!(columns, [
            1.0, 2.0, 4.0, 5.0,
            2.0, 3.0, 5.0, 6.0,
            4.0, 5.0, 7.0, 8.0,
            5.0, 6.0, 8.0, 9.0,
        ]);
    }

    #[test]
    fn padding_reads_as_zero() {
        let g = geometry([2, 2], [3, 3], 2, 1);
        let mut columns = vec![f32::NAN; 9];
        gather(&mut columns, &[1.0, 2.0, 3.0, 4.0], &g);
        assert_eq!(columns, [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0]);
    }

    #[test]
    fn scatter_counts_how_often_each_pixel_was_gathered() {
        let g = geometry([3, 3], [2, 2], 1, 0);
        let mut picture = vec![0.0; 9];
        scatter_add(&mut picture, &[1.0; 16], &g);
        assert_eq!(picture, [1.0, 2.0, 1.0, 2.0, 4.0, 2.0, 1.0, 2.0, 1.0]);
    }

    #[test]
    fn padding_wider_than_the_kernel_does_not_panic() {
        let g = geometry([2, 2], [1, 1], 1, 3);
        let mut columns = vec![f32::NAN; g.depth() * g.out_plane()];
        gather(&mut columns, &[1.0; 4], &g);
        assert_eq!(columns.iter().sum::<f32>(), 4.0);
    }
}
