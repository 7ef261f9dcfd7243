//! A penalty on the discriminator's slope.

use burn::tensor::{Tensor, TensorData};
use rand_chacha::ChaCha12Rng;

use crate::random::normal;

/// How far a picture is moved to see the slope: a hundredth of its range of `[-1, 1]` in each value. Smaller ones drown in
/// `f32`'s rounding of the logits (about 1e-6), larger ones see past the slope.
const STEP: f32 = 0.02;

/// `weight / 2` times the mean squared slope of the discriminator at `pictures`: R1 (L. Mescheder, A. Geiger, S. Nowozin,
/// Which Training Methods for GANs do actually Converge?, 2018, equation 9) by finite differences, since Burn has no
/// gradients of gradients. For `v` of N(0, 1) the mean of `(v . slope)^2` is the slope's squared length, and
/// `v . slope` is `(judge(x + s v) - judge(x)) / s`. One `v` a picture: unbiased up to terms of order `s`, with a
/// deviation of 1.4 times the value for a picture, an eighth of it for a batch of 128.
///
/// Both are judged in one call, so that spectral norm divides both by the same value; batch norm couples the pictures of a
/// batch, which the published penalty does not know.
///
/// # Shapes
/// - `pictures`: `[batch, channels, size, size]`
/// - `judge`: takes twice as many, the moved ones behind the others, and returns `[2 * batch]`
/// - returns: `[1]`, at least 0
pub(crate) fn slope_penalty(
    judge: impl FnOnce(Tensor<4>) -> Tensor<1>,
    pictures: Tensor<4>,
    weight: f64,
    rng: &mut ChaCha12Rng,
) -> Tensor<1> {
    let shape = pictures.dims();
    let values = normal(rng, shape.iter().product(), 0.0, STEP);
    let moved = Tensor::from_data(TensorData::new(values, shape), &pictures.device());
    let both = judge(Tensor::cat(vec![pictures.clone(), pictures + moved], 0));
    let [here, there] = [0, 1].map(|half| both.clone().narrow(0, half * shape[0], shape[0]));
    let slope = (there - here).div_scalar(STEP);
    slope.square().mean().mul_scalar(weight / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        random::{Stream, rng},
        testing::{device, on_each_device},
    };

    /// The mean over the pixels of `weight * x^2 / 2`, whose slope is `weight * x` over their number.
    fn bowl(pictures: Tensor<4>, weight: Tensor<1>) -> Tensor<1> {
        let batch = pictures.dims()[0];
        let values: Tensor<2> = pictures.square().reshape([batch as i64, -1]);
        values.sum_dim(1).reshape([batch]).mul(weight).div_scalar(2.0)
    }

    #[test]
    fn penalty_is_half_the_weight_times_the_squared_slope_and_its_gradient_lowers_it() {
        on_each_device(|| {
            let device = device().autodiff();
            let pictures = Tensor::<4>::ones([4000, 1, 2, 2], &device).mul_scalar(0.5);
            let curvature = Tensor::<1>::from_floats([3.0], &device).require_grad();
            let judge = |pictures| bowl(pictures, curvature.clone());
            let penalty = slope_penalty(judge, pictures, 10.0, &mut rng(1, Stream::Penalty, 0));
            // The slope is 1.5 in each of four pixels: 10 / 2 * 4 * 1.5^2.
            let found = penalty.clone().into_scalar::<f32>();
            assert!((found - 45.0).abs() < 45.0 * 0.07, "{found}");
            let grads = penalty.backward();
            let found = curvature.grad(&grads).unwrap().into_scalar::<f32>();
            // It grows with the square of the curvature.
            assert!((found - 2.0 * 45.0 / 3.0).abs() < 30.0 * 0.07, "{found}");
        });
    }
}
