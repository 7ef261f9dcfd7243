//! A square that is taken out.

use burn::tensor::{Tensor, TensorData};
use rand::RngExt as _;
use rand_chacha::ChaCha12Rng;

/// # Shapes
/// - `pictures`: `[batch, channels, size, size]`
pub(super) fn cut(pictures: Tensor<4>, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let [batch, _, height, width] = pictures.dims();
    let mut mask = vec![1.0_f32; batch * height * width];
    for picture in mask.chunks_exact_mut(height * width) {
        // The middle of the square may be anywhere, so that it may hang over the edge.
        let (y, x) = (rng.random_range(0..height), rng.random_range(0..width));
        let rows = y.saturating_sub(height / 4)..(y + height / 4).min(height);
        let columns = x.saturating_sub(width / 4)..(x + width / 4).min(width);
        for row in rows {
            picture[row * width..][columns.clone()].fill(0.0);
        }
    }
    let mask = TensorData::new(mask, [batch, 1, height, width]);
    let mask = Tensor::from_data(mask, &pictures.device());
    pictures * mask
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random::{Stream, rng},
        testing::{device, on_each_device},
    };

    #[test]
    fn at_most_a_square_of_half_the_side_is_gone_from_all_channels() {
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
