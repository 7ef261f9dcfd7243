//! Random numbers for the images of a batch.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;

/// A uniform random number for each image.
///
/// # Shapes
/// - returns: `[batch, 1, 1, 1]`
pub(super) fn for_each_image(like: &Tensor<4>, low: f32, high: f32, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let batch = like.dims()[0];
    let values: Vec<f32> = (0..batch)
        .map(|_| low + (high - low) * rng.random::<f32>())
        .collect();
    Tensor::from_data(TensorData::new(values, [batch, 1, 1, 1]), &like.device())
}
