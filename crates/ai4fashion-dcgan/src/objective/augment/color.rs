//! Random brightness, saturation and contrast.

use std::sync::Arc;

use ai4fashion_kernels::{ImageMap, map_images};
use burn::tensor::Tensor;
use rand_chacha::ChaCha12Rng;

use crate::objective::augment::uniform::{of_images, uniform};

/// Changes brightness, saturation and contrast of each image.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`
pub(super) fn change(images: Tensor<4>, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let [batch, channels, ..] = images.dims();
    let mut random = |low, high| uniform(batch, low, high, rng);
    let jitter = Arc::new(Jitter {
        channels,
        brightness: random(-0.5, 0.5),
        saturation: random(0.0, 2.0),
        contrast: random(0.5, 1.5),
    });
    map_images(&images, jitter.clone()).unwrap_or_else(|| jitter.tensors(images))
}

/// What to add to each image, and by how much to move it from its greys and from its mean.
#[derive(Debug)]
struct Jitter {
    channels: usize,
    brightness: Vec<f32>,
    saturation: Vec<f32>,
    contrast: Vec<f32>,
}

impl Jitter {
    /// By Burn's own operations.
    fn tensors(&self, images: Tensor<4>) -> Tensor<4> {
        let brighter = images.clone() + of_images(&self.brightness, &images);
        // Away from the grey of each pixel, then away from the mean of the image.
        let grey = brighter.clone().mean_dim(1);
        let saturated = (brighter - grey.clone()) * of_images(&self.saturation, &images) + grey;
        let mean = saturated.clone().mean_dim(3).mean_dim(2).mean_dim(1);
        (saturated - mean.clone()) * of_images(&self.contrast, &images) + mean
    }

    /// All but the brightness, which is the last thing to be added: with the grey of each pixel and
    /// the mean of all,
    ///
    /// `contrast * (saturation * x + (1 - saturation) * grey) + (1 - contrast) * mean`
    ///
    /// Both are projections, so that this is its own gradient.
    fn scale(&self, index: usize, image: &[f32], scaled: &mut [f32]) {
        let [saturation, contrast] = [self.saturation[index], self.contrast[index]];
        let total: f64 = image.iter().copied().map(f64::from).sum();
        let of_mean = (1.0 - contrast) * (total / image.len() as f64) as f32;
        let pixels = image.chunks_exact(self.channels);
        for (scaled, pixel) in scaled.chunks_exact_mut(self.channels).zip(pixels) {
            let grey = pixel.iter().sum::<f32>() / self.channels as f32;
            let of_grey = contrast * (1.0 - saturation) * grey;
            for (scaled, value) in scaled.iter_mut().zip(pixel) {
                *scaled = contrast * saturation * value + of_grey + of_mean;
            }
        }
    }
}

impl ImageMap for Jitter {
    fn forward(&self, index: usize, image: &[f32], mapped: &mut [f32]) {
        self.scale(index, image, mapped);
        let brightness = self.brightness[index];
        mapped.iter_mut().for_each(|value| *value += brightness);
    }

    fn backward_reads_image(&self) -> bool {
        false
    }

    fn backward(&self, index: usize, _: &[f32], grad: &[f32], image_grad: &mut [f32]) {
        self.scale(index, grad, image_grad);
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
    fn grey_stays_grey_and_brightness_moves_by_at_most_a_half() {
        on_each_device(|| {
            let grey = Tensor::<4>::zeros([50, 3, 4, 4], &device());
            let changed = change(grey, &mut rng(1, Stream::AugmentReal, 0));
            let values = changed.into_data().try_to_vec::<f32>().unwrap();
            let levels: Vec<f32> = values.chunks_exact(48).map(|image| image[0]).collect();
            for (image, level) in values.chunks_exact(48).zip(&levels) {
                assert!(image.iter().all(|value| (value - level).abs() < 1e-6));
            }
            let (low, high) = (
                levels.iter().copied().reduce(f32::min),
                levels.iter().copied().reduce(f32::max),
            );
            assert!(low.unwrap() < -0.4 && low.unwrap() >= -0.5, "{low:?}");
            assert!(high.unwrap() > 0.4 && high.unwrap() <= 0.5, "{high:?}");
        });
    }
}
