//! Random numbers for the images of a batch.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;

/// A uniform random number for each of `batch` images.
pub(super) fn uniform(batch: usize, low: f32, high: f32, rng: &mut ChaCha12Rng) -> Vec<f32> {
    let numbers = (0..batch).map(|_| low + (high - low) * rng.random::<f32>());
    numbers.collect()
}

/// Numbers of images, as a tensor beside them.
///
/// # Shapes
/// - returns: `[batch, 1, 1, 1]`
pub(super) fn of_images(numbers: &[f32], images: &Tensor<4>) -> Tensor<4> {
    let numbers = TensorData::new(numbers.to_vec(), [numbers.len(), 1, 1, 1]);
    Tensor::<4>::from_data(numbers, &images.device()).cast(images.dtype())
}
