//! Pooling of whole feature maps.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::image_map::map_images;
use crate::kernel::image_map::ImageMap;

/// Averages each channel of a feature map: global average pooling; differentiable once.
///
/// Burn's own operations are used on devices without kernels and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu, global_avg_pool};
///
/// let x = Tensor::<4>::from_floats([[[[1.0, 3.0]], [[5.0, 7.0]]]], &cpu());
/// let means = global_avg_pool(x).into_data().try_to_vec::<f32>().unwrap();
/// assert_eq!(means, [2.0, 6.0]);
/// ```
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`
/// - returns: `[batch, channels]`
#[must_use]
pub fn global_avg_pool(x: Tensor<4>) -> Tensor<2> {
    let [batch, channels, ..] = x.dims();
    let mean = map_images(&x, Arc::new(Mean { channels }));
    let mean = mean.unwrap_or_else(|| x.mean_dim(3).mean_dim(2));
    mean.reshape([batch, channels])
}

#[derive(Debug)]
struct Mean {
    channels: usize,
}

impl ImageMap for Mean {
    fn shape(&self, [channels, ..]: [usize; 3]) -> [usize; 3] {
        [channels, 1, 1]
    }

    fn forward(&self, _: usize, image: &[f32], mapped: &mut [f32]) {
        let mut sums = vec![0.0; self.channels];
        for pixel in image.chunks_exact(self.channels) {
            let values = pixel.iter().copied().map(f64::from);
            sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
        }
        let places = (image.len() / self.channels) as f64;
        for (mean, sum) in mapped.iter_mut().zip(sums) {
            *mean = (sum / places) as f32;
        }
    }

    fn backward_reads_image(&self) -> bool {
        false
    }

    fn backward(&self, _: usize, _: &[f32], grad: &[f32], image_grad: &mut [f32]) {
        let places = (image_grad.len() / self.channels) as f32;
        for pixel in image_grad.chunks_exact_mut(self.channels) {
            pixel
                .iter_mut()
                .zip(grad)
                .for_each(|(value, grad)| *value = grad / places);
        }
    }
}
