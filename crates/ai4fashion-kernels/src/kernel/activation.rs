//! Activations of slices, forward and backward.

use pulp::Arch;
use rayon::prelude::*;

/// `value` after the activation of that slope; NaN stays NaN.
#[inline(always)]
pub(crate) fn apply(value: f32, slope: f32) -> f32 {
    // Not `value * 0`: of minus infinity that would be NaN.
    let negative = if slope == 0.0 { 0.0 } else { value * slope };
    if value < 0.0 { negative } else { value }
}

/// The gradient to `value`, from that to what the activation makes of it; at 0 by the slope, as in PyTorch.
#[inline(always)]
pub(crate) fn gradient(value: f32, grad: f32, slope: f32) -> f32 {
    // Not times 0: of an infinite gradient that would be NaN.
    let negative = if slope == 0.0 { 0.0 } else { grad * slope };
    if value <= 0.0 { negative } else { grad }
}

/// Values that a thread works on at a time: a few pages, so that none waits long for the others.
const CHUNK: usize = 1 << 14;

/// Activates every value.
pub(crate) fn forward(x: &mut [f32], slope: f32) {
    x.par_chunks_mut(CHUNK).for_each(|x| {
        Arch::new().dispatch(
            #[inline(always)]
            || x.iter_mut().for_each(|x| *x = apply(*x, slope)),
        );
    });
}

/// Turns the gradient to the activated values `y` into that to what they were before: both have one sign, because slopes
/// are not negative.
pub(crate) fn backward(y: &[f32], grad: &mut [f32], slope: f32) {
    let chunks = grad.par_chunks_mut(CHUNK).zip(y.par_chunks(CHUNK));
    chunks.for_each(|(grad, y)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (grad, y) in grad.iter_mut().zip(y) {
                    *grad = gradient(*y, *grad, slope);
                }
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::Activation;

    #[test]
    fn long_tensors_are_activated_to_the_end() {
        let mut x: Vec<f32> = (0..CHUNK + 7)
            .map(|i| if i % 2 == 0 { -1.0 } else { 2.0 })
            .collect();
        let expected = |even: f32, odd: f32| -> Vec<f32> {
            (0..CHUNK + 7)
                .map(|i| if i % 2 == 0 { even } else { odd })
                .collect()
        };
        let mut grad = vec![3.0; x.len()];
        forward(&mut x, 0.25);
        assert_eq!(x, expected(-0.25, 2.0));
        backward(&x, &mut grad, 0.25);
        assert_eq!(grad, expected(0.75, 3.0));
    }

    #[test]
    fn negative_values_are_scaled_and_special_ones_kept() {
        for (activation, expected) in [
            (Activation::Identity, [-2.0, 0.0, 3.0, f32::NEG_INFINITY]),
            (Activation::Relu, [0.0, 0.0, 3.0, 0.0]),
            (Activation::LeakyRelu(0.5), [-1.0, 0.0, 3.0, f32::NEG_INFINITY]),
        ] {
            let slope = activation.slope();
            assert_eq!(
                [-2.0, 0.0, 3.0, f32::NEG_INFINITY].map(|v| apply(v, slope)),
                expected
            );
            assert!(apply(f32::NAN, slope).is_nan());
            assert_eq!(apply(f32::INFINITY, slope), f32::INFINITY);
            assert_eq!(
                [-2.0, 0.0, 3.0].map(|v| gradient(v, 1.0, slope)),
                [slope, slope, 1.0]
            );
            let infinite = if slope == 0.0 { 0.0 } else { f32::INFINITY };
            assert_eq!(gradient(-2.0, f32::INFINITY, slope), infinite);
            assert!(gradient(3.0, f32::NAN, slope).is_nan());
        }
    }
}
