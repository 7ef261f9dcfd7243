//! The gradient penalties R1 and R2 of the discriminator.

use burn::tensor::{Tensor, TensorData};
use rand_chacha::ChaCha12Rng;

use crate::random::normal;

/// Standard deviation of the noise that images are moved by, in their range of `[-1, 1]`. Smaller
/// steps drown in `f32`'s rounding of the logits (about 1e-6), larger ones miss the gradient at the
/// image.
const STEP: f32 = 0.02;

/// `gamma / 2` times the mean squared gradient of the discriminator at `images`: R1 where they are
/// real, R2 where they are generated (L. Mescheder, A. Geiger, S. Nowozin, Which Training Methods
/// for GANs do actually Converge?, 2018, equations 9 and 10).
///
/// Burn has no gradients of gradients, so finite differences replace them: for `v` of N(0, 1) the
/// mean of `(v . gradient)^2` is the squared length of the gradient, and `v . gradient` is `(d(x +
/// s v) - d(x)) / s`. One `v` for an image: unbiased up to terms of order `s`, with a standard
/// deviation of 1.4 times the value for an image, an eighth of it for a batch of 128. Without the
/// division by `s` it is the approximate R1 of S. Lin et al., Diffusion Adversarial Post-Training
/// for One-Step Video Generation, 2025, with a weight of `gamma / (2 s^2)`.
///
/// Images and moved images go through the discriminator in one call, so that spectral normalization
/// divides both by the same value. Batch norm couples the images of a batch, which the published
/// penalty does not have.
///
/// # Shapes
/// - `images`: `[batch, channels, size, size]`
/// - `discriminate`: takes twice as many images, the moved ones last, and returns `[2 * batch]`
/// - returns: `[1]`, at least 0
pub(crate) fn gradient_penalty(
    discriminate: impl FnOnce(Tensor<4>) -> Tensor<1>,
    images: Tensor<4>,
    gamma: f64,
    rng: &mut ChaCha12Rng,
) -> Tensor<1> {
    let shape = images.dims();
    let values = normal(rng, shape.iter().product(), 0.0, STEP);
    let moved = Tensor::from_data(TensorData::new(values, shape), &images.device());
    let both = discriminate(Tensor::cat(vec![images.clone(), images + moved], 0));
    let [here, there] = [0, 1].map(|half| both.clone().narrow(0, half * shape[0], shape[0]));
    let gradient = (there - here).div_scalar(STEP);
    gradient.square().mean().mul_scalar(gamma / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random::{Stream, rng},
        testing::{device, on_each_device},
    };

    /// Half the weighted sum of squared pixels, whose gradient is `weight * x`.
    fn bowl(images: Tensor<4>, weight: Tensor<1>) -> Tensor<1> {
        let batch = images.dims()[0];
        let values: Tensor<2> = images.square().reshape([batch as i64, -1]);
        values.sum_dim(1).reshape([batch]).mul(weight).div_scalar(2.0)
    }

    #[test]
    fn penalty_is_half_of_gamma_times_the_squared_gradient() {
        on_each_device(|| {
            let device = device().autodiff();
            let images = Tensor::<4>::ones([4000, 1, 2, 2], &device).mul_scalar(0.5);
            let curvature = Tensor::<1>::from_floats([3.0], &device).require_grad();
            let discriminate = |images| bowl(images, curvature.clone());
            let penalty = gradient_penalty(discriminate, images, 10.0, &mut rng(1, Stream::Penalty, 0));
            // The gradient is 1.5 in each of four pixels: 10 / 2 * 4 * 1.5^2.
            let found = penalty.clone().into_scalar::<f32>();
            assert!((found - 45.0).abs() < 45.0 * 0.07, "{found}");
            let grads = penalty.backward();
            let found = curvature.grad(&grads).unwrap().into_scalar::<f32>();
            // It grows with the square of the curvature.
            assert!((found - 2.0 * 45.0 / 3.0).abs() < 30.0 * 0.07, "{found}");
        });
    }
}
