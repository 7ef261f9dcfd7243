//! Activations of slices, forward and backward.

use pulp::Arch;
use rayon::prelude::*;

/// `value` after the activation, which multiplies negative ones by `leak`; NaN stays NaN.
#[inline(always)]
pub(crate) fn apply(value: f32, leak: f32) -> f32 {
    // Not `value * 0`: of minus infinity that would be NaN.
    let negative = if leak == 0.0 { 0.0 } else { value * leak };
    if value < 0.0 { negative } else { value }
}

/// The gradient to `value` from the gradient to its activation; at 0 that of negative values, as in
/// PyTorch.
#[inline(always)]
pub(crate) fn gradient(value: f32, grad: f32, leak: f32) -> f32 {
    // Not times 0: of an infinite gradient that would be NaN.
    let negative = if leak == 0.0 { 0.0 } else { grad * leak };
    if value <= 0.0 { negative } else { grad }
}

/// Values that a thread works on at a time: a few pages, so that no thread waits long for another.
const CHUNK: usize = 1 << 14;

/// Activates every value.
pub(crate) fn forward(x: &mut [f32], leak: f32) {
    x.par_chunks_mut(CHUNK).for_each(|x| {
        Arch::new().dispatch(
            #[inline(always)]
            || x.iter_mut().for_each(|x| *x = apply(*x, leak)),
        );
    });
}

/// Turns the gradient to the activated values `y` into the gradient to the values before.
///
/// Both have the same sign, because the leak is not negative.
pub(crate) fn backward(y: &[f32], grad: &mut [f32], leak: f32) {
    let chunks = grad.par_chunks_mut(CHUNK).zip(y.par_chunks(CHUNK));
    chunks.for_each(|(grad, y)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (grad, y) in grad.iter_mut().zip(y) {
                    *grad = gradient(*y, *grad, leak);
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
            let leak = activation.leak();
            assert_eq!(
                [-2.0, 0.0, 3.0, f32::NEG_INFINITY].map(|v| apply(v, leak)),
                expected
            );
            assert!(apply(f32::NAN, leak).is_nan());
            assert_eq!(apply(f32::INFINITY, leak), f32::INFINITY);
            assert_eq!(
                [-2.0, 0.0, 3.0].map(|v| gradient(v, 1.0, leak)),
                [leak, leak, 1.0]
            );
            let infinite = if leak == 0.0 { 0.0 } else { f32::INFINITY };
            assert_eq!(gradient(-2.0, f32::INFINITY, leak), infinite);
            assert!(gradient(3.0, f32::NAN, leak).is_nan());
        }
    }
}
