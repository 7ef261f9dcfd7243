//! Random shifts of images.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;

/// Shifts each image by random numbers of rows and columns.
///
/// Each shift is a product with a matrix that has a single 1 in a row. Its gradient is a product
/// too, where gathering by index would scatter values one by one.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`
pub(super) fn shift(images: Tensor<4>, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let [batch, channels, height, width] = images.dims();
    let mut moves = |side: usize| {
        let most = (side as i64 + 4) / 8;
        let matrices: Vec<f32> = (0..batch)
            .flat_map(|_| shift_matrix(side, rng.random_range(-most..=most)))
            .collect();
        Tensor::<3>::from_data(TensorData::new(matrices, [batch, side, side]), &images.device())
    };
    let (down, across) = (moves(height), moves(width).swap_dims(1, 2));
    // Rows of all channels side by side: [batch, height, channels * width].
    let rows = images.swap_dims(1, 2).reshape([batch, height, channels * width]);
    let moved = down.matmul(rows).reshape([batch, height * channels, width]);
    let moved = moved.matmul(across).reshape([batch, height, channels, width]);
    moved.swap_dims(1, 2)
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
