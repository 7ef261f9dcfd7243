//! Cutout: a square of each image becomes 0.

use std::{ops::Range, sync::Arc};

use ai4fashion_kernels::{ImageMap, map_images};
use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;

/// Fills a random square of each image with 0.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`
pub(super) fn cut(images: Tensor<4>, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let [batch, channels, height, width] = images.dims();
    let square = |_| {
        // The centre may be anywhere, so that the square may cross the edge.
        let (y, x) = (rng.random_range(0..height), rng.random_range(0..width));
        let rows = y.saturating_sub(height / 4)..(y + height / 4).min(height);
        let columns = x.saturating_sub(width / 4)..(x + width / 4).min(width);
        [rows, columns]
    };
    let cutout = Arc::new(Cutout {
        squares: (0..batch).map(square).collect(),
        channels,
        width,
    });
    map_images(&images, cutout.clone()).unwrap_or_else(|| cutout.tensors(images))
}

/// Rows and columns of each image that become 0.
#[derive(Debug)]
struct Cutout {
    squares: Vec<[Range<usize>; 2]>,
    channels: usize,
    width: usize,
}

impl Cutout {
    /// By Burn's own operations.
    fn tensors(&self, images: Tensor<4>) -> Tensor<4> {
        let [batch, _, height, width] = images.dims();
        let mut mask = vec![1.0_f32; batch * height * width];
        for (image, [rows, columns]) in mask.chunks_exact_mut(height * width).zip(&self.squares) {
            for row in rows.clone() {
                image[row * width..][columns.clone()].fill(0.0);
            }
        }
        let mask = TensorData::new(mask, [batch, 1, height, width]);
        let mask = Tensor::<4>::from_data(mask, &images.device()).cast(images.dtype());
        images * mask
    }
}

impl ImageMap for Cutout {
    fn forward(&self, index: usize, image: &[f32], mapped: &mut [f32]) {
        let [rows, columns] = self.squares[index].clone();
        let columns = columns.start * self.channels..columns.end * self.channels;
        mapped.copy_from_slice(image);
        for row in rows {
            mapped[row * self.width * self.channels..][columns.clone()].fill(0.0);
        }
    }

    fn backward_reads_image(&self) -> bool {
        false
    }

    fn backward(&self, index: usize, _: &[f32], grad: &[f32], image_grad: &mut [f32]) {
        self.forward(index, grad, image_grad);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random::{Stream, rng},
        testing::{device, on_each_device},
    };

    #[test]
    fn at_most_a_square_of_half_the_side_becomes_0_in_all_channels() {
        on_each_device(|| {
            let ones = Tensor::<4>::ones([100, 3, 16, 16], &device());
            let values = cut(ones, &mut rng(1, Stream::AugmentReal, 0)).into_data();
            let values = values.try_to_vec::<f32>().unwrap();
            let gone: Vec<usize> = values
                .chunks_exact(256)
                .map(|plane| plane.iter().filter(|value| **value == 0.0).count())
                .collect();
            assert!(
                gone.chunks_exact(3)
                    .all(|planes| planes[0] == planes[1] && planes[1] == planes[2])
            );
            assert!(gone.iter().all(|count| (16..=64).contains(count)), "{gone:?}");
            assert!(gone.contains(&64));
        });
    }
}
