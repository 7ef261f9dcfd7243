//! Images to the rows of a matrix, and back.
//!
//! The matrix of images `[height, width, channels]` has a row for each (image, output row, output
//! column) and a column for each (kernel row, kernel column, channel); where the kernel reaches
//! into the padding it holds zero. A convolution is then one matrix product (K. Chellapilla, S.
//! Puri, P. Simard, High Performance Convolutional Neural Networks for Document Processing, 2006).
//! Channels come last, so that a kernel row is one run of memory.

use core::ops::Range;

use super::geometry::{Geometry, Window};

/// Fills `matrix` (`depth` columns) from the images in `input`, from the output position `first`
/// on.
pub(crate) fn gather(matrix: &mut [f32], input: &[f32], first: usize, g: &Geometry) {
    let line = g.kernel[1] * g.in_channels;
    for (place, row) in matrix.chunks_exact_mut(g.depth()).enumerate() {
        let place = Place::new(first + place, g);
        for (kernel_row, line) in row.chunks_exact_mut(line).enumerate() {
            match place.run(kernel_row, g) {
                Some(Run { line: to, image }) => {
                    line[..to.start].fill(0.0);
                    line[to.end..].fill(0.0);
                    line[to].copy_from_slice(&input[image]);
                }
                None => line.fill(0.0),
            }
        }
    }
}

/// Whether the matrix is the images themselves: a kernel of one pixel that meets each.
pub(crate) fn is_identity(g: &Geometry) -> bool {
    g.kernel == [1, 1] && g.window == Window::new([1, 1], [0, 0])
}

/// Adds `matrix` back onto the images in `output`: the transpose of [`gather`].
pub(crate) fn scatter_add(output: &mut [f32], matrix: &[f32], first: usize, g: &Geometry) {
    let line = g.kernel[1] * g.in_channels;
    for (place, row) in matrix.chunks_exact(g.depth()).enumerate() {
        let place = Place::new(first + place, g);
        for (kernel_row, line) in row.chunks_exact(line).enumerate() {
            if let Some(Run { line: from, image }) = place.run(kernel_row, g) {
                let values = output[image].iter_mut().zip(&line[from]);
                values.for_each(|(to, from)| *to += from);
            }
        }
    }
}

/// A row of the matrix: an output position of one of the images.
struct Place {
    image: usize,
    y: usize,
    x: usize,
}

/// A kernel row at a place: the part of it that lies within the image, and the image's values
/// there.
struct Run {
    line: Range<usize>,
    image: Range<usize>,
}

impl Place {
    fn new(index: usize, g: &Geometry) -> Self {
        Self {
            image: index / g.out_plane(),
            y: index / g.out_width % g.out_height,
            x: index % g.out_width,
        }
    }

    fn run(&self, kernel_row: usize, g: &Geometry) -> Option<Run> {
        let [stride, padding] = [g.window.stride, g.window.padding];
        let y = (self.y * stride[0] + kernel_row).checked_sub(padding[0])?;
        // In columns of the padded image.
        let start = (self.x * stride[1]).max(padding[1]);
        let end = (self.x * stride[1] + g.kernel[1]).min(padding[1] + g.width);
        if y >= g.height || start >= end {
            return None;
        }
        let image = self.image * g.input_len();
        let column = |padded: usize| image + (y * g.width + padded - padding[1]) * g.in_channels;
        let line = |padded: usize| (padded - self.x * stride[1]) * g.in_channels;
        Some(Run {
            line: line(start)..line(end),
            image: column(start)..column(end),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kernel_at_the_border_holds_zeros_for_the_padding() {
        let window = Window::new([1, 1], [1, 1]);
        let g = Geometry::forward([1, 1, 2, 2], [1, 1, 3, 3], window);
        let mut matrix = vec![f32::NAN; g.out_plane() * g.depth()];
        gather(&mut matrix, &[1.0, 2.0, 3.0, 4.0], 0, &g);
        assert_eq!(matrix[..9], [0.0, 0.0, 0.0, 0.0, 1.0, 2.0, 0.0, 3.0, 4.0]);
        assert_eq!(matrix[27..], [1.0, 2.0, 0.0, 3.0, 4.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn scattering_counts_how_often_each_pixel_is_read() {
        let window = Window::new([2, 1], [0, 1]);
        let g = Geometry::forward([2, 2, 3, 3], [1, 2, 3, 2], window);
        let mut output = vec![0.0; 2 * g.input_len()];
        scatter_add(&mut output, &vec![1.0; 2 * g.out_plane() * g.depth()], 0, &g);
        assert_eq!(output, vec![2.0; 2 * g.input_len()]);
    }
}
