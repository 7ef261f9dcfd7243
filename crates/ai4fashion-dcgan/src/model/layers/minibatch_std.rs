//! The deviation between the images of a batch, as a channel.

use std::sync::Arc;

use ai4fashion_kernels::{ImageMap, fan_out, map_images};
use burn::tensor::Tensor;

/// Images in a group (T. Karras et al., Analyzing and Improving the Image Quality of StyleGAN,
/// 2020, and its program).
pub(crate) const GROUP: usize = 4;

/// Added to the variance before its root is taken (the programs of Progressive Growing and of
/// `StyleGAN2`).
const EPSILON: f32 = 1e-8;

/// Adds a channel with the mean standard deviation of the group that an image is in (T. Karras et
/// al., Progressive Growing of GANs for Improved Quality, Stability, and Variation, 2018, section
/// 3).
///
/// Four images in a row are a group. The last group takes what is left, up to seven images; fewer
/// than four are one group, and a single image has a deviation of 1e-4. The standard deviation of
/// each channel and pixel over the group is averaged to one value, which fills the channel of each
/// image of the group.
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]` of at least one image
/// - returns: `[batch, channels + 1, height, width]`
pub(crate) fn minibatch_std(x: Tensor<4>) -> Tensor<4> {
    let batch = x.dims()[0];
    let whole = whole_groups(batch);
    // The images in groups of four, and the last group if it is of another size.
    let in_fours = if whole == batch {
        batch
    } else {
        whole - whole.min(GROUP)
    };
    match batch - in_fours {
        0 => with_deviation(x, GROUP),
        rest if rest == batch => with_deviation(x, batch),
        rest => {
            let [first, last] = fan_out(x);
            let fours = with_deviation(first.narrow(0, 0, in_fours), GROUP);
            let rest = with_deviation(last.narrow(0, in_fours, rest), rest);
            Tensor::cat(vec![fours, rest], 0)
        }
    }
}

/// The number of images in whole groups of four; none of fewer than four.
pub(crate) const fn whole_groups(batch: usize) -> usize {
    batch - batch % GROUP
}

/// Adds the channel to groups of `size` images.
fn with_deviation(x: Tensor<4>, size: usize) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    // A group as one high image. Channels lie last in memory, so that nothing moves.
    let pixels = x.clone().permute([0, 2, 3, 1]);
    let groups = pixels.reshape([batch / size, size * height, width, channels]);
    let map = Arc::new(WithDeviation { size, channels });
    match map_images(&groups.permute([0, 3, 1, 2]), map) {
        Some(groups) => {
            let pixels = groups.permute([0, 2, 3, 1]);
            let pixels: Tensor<4> = pixels.reshape([batch, height, width, channels + 1]);
            pixels.permute([0, 3, 1, 2])
        }
        None => {
            let channel = deviation(x.clone(), size).expand([batch, 1, height, width]);
            Tensor::cat(vec![x, channel], 1)
        }
    }
}

/// The mean standard deviation of each group of `size` images, `[batch, 1, 1, 1]`, by Burn's own
/// operations.
fn deviation(x: Tensor<4>, size: usize) -> Tensor<4> {
    let [batch, channels, height, width] = x.dims();
    let groups: Tensor<3> = x.reshape([batch / size, size, channels * height * width]);
    let apart = groups.clone() - groups.mean_dim(1);
    let deviation = apart.square().mean_dim(1).add_scalar(EPSILON).sqrt();
    deviation
        .mean_dim(2)
        .repeat_dim(1, size)
        .reshape([batch, 1, 1, 1])
}

/// A group of images, behind each other, and its deviation as a further channel.
#[derive(Debug)]
struct WithDeviation {
    /// Images in a group.
    size: usize,
    channels: usize,
}

impl WithDeviation {
    /// Calls `each` with every place of an image (pixel and channel), the mean of the group's
    /// values there, and their standard deviation.
    fn for_each_place(&self, group: &[f32], mut each: impl FnMut(usize, f32, f32)) {
        let len = group.len() / self.size;
        let count = self.size as f32;
        for place in 0..len {
            let values = || group[place..].iter().step_by(len);
            let mean = values().sum::<f32>() / count;
            let variance = values().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
            each(place, mean, (variance + EPSILON).sqrt());
        }
    }
}

impl ImageMap for WithDeviation {
    fn shape(&self, [channels, height, width]: [usize; 3]) -> [usize; 3] {
        [channels + 1, height, width]
    }

    fn forward(&self, _: usize, group: &[f32], mapped: &mut [f32]) {
        let mut total = 0.0;
        self.for_each_place(group, |_, _, deviation| total += f64::from(deviation));
        let mean = (total / (group.len() / self.size) as f64) as f32;
        let pixels = group.chunks_exact(self.channels);
        for (mapped, pixel) in mapped.chunks_exact_mut(self.channels + 1).zip(pixels) {
            mapped[..self.channels].copy_from_slice(pixel);
            mapped[self.channels] = mean;
        }
    }

    fn backward(&self, _: usize, group: &[f32], grad: &[f32], group_grad: &mut [f32]) {
        let mut of_mean = 0.0;
        let pixels = group_grad.chunks_exact_mut(self.channels);
        for (group_grad, grad) in pixels.zip(grad.chunks_exact(self.channels + 1)) {
            group_grad.copy_from_slice(&grad[..self.channels]);
            of_mean += f64::from(grad[self.channels]);
        }
        // Of the mean deviation by a value: (value - mean) / (deviation * all values of the group).
        let share = (of_mean / group.len() as f64) as f32;
        let len = group.len() / self.size;
        self.for_each_place(group, |place, mean, deviation| {
            let values = group[place..].iter().step_by(len);
            let grads = group_grad[place..].iter_mut().step_by(len);
            for (grad, value) in grads.zip(values) {
                *grad += share * (value - mean) / deviation;
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use burn::tensor::{DType, TensorData};

    use super::*;
    use crate::testing::{device, on_each_device};

    /// Images of two pixels of these values.
    fn images(values: &[[f32; 2]]) -> Tensor<4> {
        let data = TensorData::new(values.concat(), [values.len(), 1, 1, 2]);
        Tensor::from_data(data, &device())
    }

    /// The value of the new channel of each image, which is the same in both pixels.
    fn added(values: &[[f32; 2]]) -> Vec<f32> {
        let x = images(values);
        let out = minibatch_std(x.clone());
        assert_eq!(out.dims(), [values.len(), 2, 1, 2]);
        assert_eq!(out.clone().narrow(1, 0, 1).into_data(), x.into_data());
        let channel: Vec<f32> = out.narrow(1, 1, 1).into_data().try_to_vec().unwrap();
        let pairs = channel.chunks(2);
        pairs
            .map(|pair| {
                assert_eq!(pair[0], pair[1]);
                pair[0]
            })
            .collect()
    }

    fn assert_close(found: &[f32], expected: &[f32]) {
        assert_eq!(found.len(), expected.len());
        for (found, expected) in found.iter().zip(expected) {
            assert!((found - expected).abs() < 1e-6, "{found} of {expected}");
        }
    }

    #[test]
    fn channel_is_the_mean_deviation_of_the_group() {
        on_each_device(|| {
            // Deviations of the pixels: 1 and 3; sqrt(1.25) and 0.
            let first = [[0.0, 0.0], [2.0, 6.0], [0.0, 0.0], [2.0, 6.0]];
            let second = [[1.0, 5.0], [2.0, 5.0], [3.0, 5.0], [4.0, 5.0]];
            let mean = f32::midpoint(1.25_f32.sqrt(), 1e-4);
            let expected = [[2.0; 4], [mean; 4]].concat();
            assert_close(&added(&[first, second].concat()), &expected);
        });
    }

    #[test]
    fn rest_of_a_batch_joins_the_last_group_and_few_images_are_one_group() {
        on_each_device(|| {
            // Images of 0 and 2 by turns; the rest differs less.
            let four = [[0.0, 0.0], [2.0, 2.0], [0.0, 0.0], [2.0, 2.0]];
            assert_close(&added(&[[7.0, 7.0]]), &[1e-4]);
            assert_close(&added(&four[..2]), &[1.0; 2]);
            let three = added(&four[..3]);
            assert_close(&three, &[(8.0_f32 / 9.0).sqrt(); 3]);
            // Five are one group of five: a mean of 1, and deviations of 1 but for the last, 0.
            let five = [&four[..], &[[1.0, 1.0]]].concat();
            assert_close(&added(&five), &[0.8_f32.sqrt(); 5]);
            // Nine are four and five.
            let nine = added(&[&four[..], &five].concat());
            assert_close(&nine[..4], &[1.0; 4]);
            assert_close(&nine[4..], &[0.8_f32.sqrt(); 5]);
            assert_eq!([1, 3, 4, 7, 8, 11].map(whole_groups), [0, 0, 4, 4, 8, 8]);
        });
    }

    #[test]
    fn kernel_and_burns_own_operations_give_the_same_values_and_gradients() {
        on_each_device(|| {
            // There is no kernel for f64; seven images are a group, eleven are two.
            for batch in [1, 4, 7, 11] {
                let values = |count: usize| (0..count).map(|at| (at as f32 * 0.7).sin());
                let [found, expected] = [DType::F32, DType::F64].map(|dtype| {
                    let tensor = |shape: [usize; 4]| {
                        let values: Vec<f32> = values(shape.iter().product()).collect();
                        let tensor = Tensor::<4>::from_data(TensorData::new(values, shape), &device());
                        Tensor::from_inner(tensor).cast(dtype)
                    };
                    let x = tensor([batch, 3, 2, 4]).require_grad();
                    let output = minibatch_std(x.clone());
                    let grads = (output.clone() * tensor([batch, 4, 2, 4])).sum().backward();
                    let values = |tensor: Tensor<4>| tensor.cast(DType::F32).into_data().try_to_vec::<f32>();
                    [
                        values(output.inner()).unwrap(),
                        values(x.grad(&grads).unwrap()).unwrap(),
                    ]
                });
                for (found, expected) in found.iter().zip(&expected) {
                    assert_close(found, expected);
                }
            }
        });
    }

    #[test]
    fn gradient_is_finite_where_all_images_are_equal_and_that_of_the_deviation_elsewhere() {
        on_each_device(|| {
            let gradient = |values: &[[f32; 2]]| {
                let x = Tensor::from_inner(images(values)).require_grad();
                let deviation = minibatch_std(x.clone()).narrow(1, 1, 1).narrow(3, 0, 1);
                let grads = deviation.mean().backward();
                x.grad(&grads).unwrap().into_data().try_to_vec::<f32>().unwrap()
            };
            assert_eq!(gradient(&[[0.5, 0.5]; 4]), [0.0; 8]);
            // Of the deviation by a value: its distance from the mean, by deviation and images; by
            // two pixels.
            let found = gradient(&[[0.0, 1.0], [2.0, 1.0], [0.0, 1.0], [2.0, 1.0]]);
            assert_close(&found, &[-0.125, 0.0, 0.125, 0.0, -0.125, 0.0, 0.125, 0.0]);
        });
    }
}
