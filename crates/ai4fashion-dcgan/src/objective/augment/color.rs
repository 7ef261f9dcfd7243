//! Random brightness, saturation and contrast.

use burn::tensor::Tensor;
use rand_chacha::ChaCha12Rng;

use crate::objective::augment::uniform::for_each_image;

/// Changes brightness, saturation and contrast of each image.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`
pub(super) fn change(images: Tensor<4>, rng: &mut ChaCha12Rng) -> Tensor<4> {
    let brightness = for_each_image(&images, -0.5, 0.5, rng);
    let saturation = for_each_image(&images, 0.0, 2.0, rng);
    let contrast = for_each_image(&images, 0.5, 1.5, rng);
    let brighter = images + brightness;
    // Away from the grey of each pixel, then away from the mean of the image.
    let grey = brighter.clone().mean_dim(1);
    let saturated = (brighter - grey.clone()) * saturation + grey;
    let mean = saturated.clone().mean_dim(3).mean_dim(2).mean_dim(1);
    (saturated - mean.clone()) * contrast + mean
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
