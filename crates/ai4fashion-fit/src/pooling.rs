//! The largest value of each channel.

use std::sync::Arc;

use ai4fashion_kernels::{ImageMap, map_images};
use burn::tensor::Tensor;

/// Takes the largest value of each channel; the first place of several gets the gradient.
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - returns: `[batch, channels]`
pub(crate) fn max(x: Tensor<4>) -> Tensor<2> {
    let [batch, channels, ..] = x.dims();
    let max = map_images(&x, Arc::new(Max { channels }));
    let max = max.unwrap_or_else(|| x.flatten::<3>(2, 3).max_dim(2).unsqueeze_dim(3));
    max.reshape([batch, channels])
}

#[derive(Debug)]
struct Max {
    channels: usize,
}

impl ImageMap for Max {
    fn shape(&self, [channels, ..]: [usize; 3]) -> [usize; 3] {
        [channels, 1, 1]
    }

    fn forward(&self, _: usize, image: &[f32], mapped: &mut [f32]) {
        mapped.fill(f32::NEG_INFINITY);
        for pixel in image.chunks_exact(self.channels) {
            for (max, value) in mapped.iter_mut().zip(pixel) {
                if *value > *max || value.is_nan() {
                    *max = *value;
                }
            }
        }
    }

    fn backward(&self, index: usize, image: &[f32], grad: &[f32], image_grad: &mut [f32]) {
        let mut max = vec![0.0; self.channels];
        self.forward(index, image, &mut max);
        for channel in 0..self.channels {
            let values = image[channel..].iter().step_by(self.channels);
            if let Some(place) = values
                .into_iter()
                .position(|value| *value == max[channel] || value.is_nan())
            {
                image_grad[place * self.channels + channel] = grad[channel];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::DType;

    use super::*;
    use crate::testing::output_and_gradient;

    #[test]
    fn kernel_is_burns_forward_and_backward() {
        let [found, expected] = [DType::F32, DType::F64].map(|dtype| output_and_gradient(dtype, max));
        assert_eq!(found, expected);
    }

    #[test]
    fn nan_is_the_largest_and_gets_the_gradient() {
        let map = Max { channels: 1 };
        let (image, mut max, mut grad) = ([1.0, f32::NAN, 2.0], [0.0], [0.0; 3]);
        map.forward(0, &image, &mut max);
        assert!(max[0].is_nan());
        map.backward(0, &image, &[5.0], &mut grad);
        assert_eq!(grad, [0.0, 5.0, 0.0]);
    }
}
