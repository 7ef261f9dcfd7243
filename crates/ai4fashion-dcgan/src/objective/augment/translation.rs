//! Random shifts of images.

use std::sync::Arc;

use ai4fashion_kernels::{ImageMap, map_images};
use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;

/// Shifts each image by random numbers of rows and columns.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`
pub(super) fn shift(images: Tensor<4>, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let [batch, channels, height, width] = images.dims();
    let mut moves = |side: usize| {
        let most = (side as i64 + 4) / 8;
        (0..batch).map(|_| rng.random_range(-most..=most)).collect()
    };
    let shift = Arc::new(Shift {
        down: moves(height),
        right: moves(width),
        channels,
        width,
    });
    map_images(&images, shift.clone()).unwrap_or_else(|| shift.tensors(images))
}

/// By how many rows and columns each image moves.
#[derive(Debug)]
struct Shift {
    down: Vec<i64>,
    right: Vec<i64>,
    channels: usize,
    width: usize,
}

impl Shift {
    /// By Burn's own operations.
    ///
    /// Each shift is a product with a matrix that has a single 1 in a row. Its gradient is a
    /// product too, where gathering by index would scatter values one by one.
    fn tensors(&self, images: Tensor<4>) -> Tensor<4> {
        let [batch, channels, height, width] = images.dims();
        let matrices = |side: usize, moves: &[i64]| {
            let matrices: Vec<f32> = moves.iter().flat_map(|by| shift_matrix(side, *by)).collect();
            let matrices = TensorData::new(matrices, [batch, side, side]);
            Tensor::<3>::from_data(matrices, &images.device()).cast(images.dtype())
        };
        let down = matrices(height, &self.down);
        let right = matrices(width, &self.right).swap_dims(1, 2);
        // Rows of all channels side by side: [batch, height, channels * width].
        let rows = images.swap_dims(1, 2).reshape([batch, height, channels * width]);
        let moved = down.matmul(rows).reshape([batch, height * channels, width]);
        let moved = moved.matmul(right).reshape([batch, height, channels, width]);
        moved.swap_dims(1, 2)
    }

    fn shift(&self, image: &[f32], [down, right]: [i64; 2], shifted: &mut [f32]) {
        let row = self.width * self.channels;
        let [from_row, to_row] = starts(down);
        let [from, to] = starts(right).map(|column| column * self.channels);
        let rows = image.chunks_exact(row).skip(from_row);
        for (shifted, image) in shifted.chunks_exact_mut(row).skip(to_row).zip(rows) {
            let kept = row.saturating_sub(from + to);
            shifted[to..][..kept].copy_from_slice(&image[from..][..kept]);
        }
    }
}

/// Where the part that stays in sight begins, before and after a shift.
fn starts(by: i64) -> [usize; 2] {
    [-by, by].map(|start| usize::try_from(start).unwrap_or_default())
}

impl ImageMap for Shift {
    fn forward(&self, index: usize, image: &[f32], mapped: &mut [f32]) {
        self.shift(image, [self.down[index], self.right[index]], mapped);
    }

    fn backward_reads_image(&self) -> bool {
        false
    }

    fn backward(&self, index: usize, _: &[f32], grad: &[f32], image_grad: &mut [f32]) {
        self.shift(grad, [-self.down[index], -self.right[index]], image_grad);
    }
}

/// The matrix that shifts the values of a column down by `by`.
fn shift_matrix(side: usize, by: i64) -> Vec<f32> {
    let mut matrix = vec![0.0; side * side];
    for to in 0..side {
        let from = usize::try_from(to as i64 - by).ok().filter(|from| *from < side);
        if let Some(from) = from {
            matrix[to * side + from] = 1.0;
        }
    }
    matrix
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random::{Stream, rng},
        testing::{device, on_each_device},
    };

    #[test]
    fn one_point_moves_by_at_most_an_eighth_in_all_channels_alike() {
        on_each_device(|| {
            let (batch, side) = (60, 16);
            let mut values = vec![0.0_f32; batch * 2 * side * side];
            for plane in values.chunks_exact_mut(side * side) {
                plane[8 * side + 5] = 1.0;
            }
            let points = Tensor::from_data(TensorData::new(values, [batch, 2, side, side]), &device());
            let moved = shift(points, &mut rng(1, Stream::AugmentReal, 0)).into_data();
            let moved = moved.try_to_vec::<f32>().unwrap();
            let places: Vec<[i64; 2]> = moved
                .chunks_exact(side * side)
                .map(|plane| {
                    assert_eq!(plane.iter().sum::<f32>(), 1.0);
                    let at = plane.iter().position(|value| *value == 1.0).unwrap();
                    [(at / side) as i64 - 8, (at % side) as i64 - 5]
                })
                .collect();
            assert!(places.chunks_exact(2).all(|channels| channels[0] == channels[1]));
            for axis in 0..2 {
                let (low, high) = (
                    places.iter().map(|p| p[axis]).min(),
                    places.iter().map(|p| p[axis]).max(),
                );
                assert_eq!((low, high), (Some(-2), Some(2)));
            }
        });
    }

    #[test]
    fn new_pixels_are_zero() {
        assert_eq!(shift_matrix(3, 1), [0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(shift_matrix(2, -1), [0.0, 1.0, 0.0, 0.0]);
    }
}
