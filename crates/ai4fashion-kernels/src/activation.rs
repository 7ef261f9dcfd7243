//! Activations, fused into a normalization or on their own.

use pulp::Arch;
use rayon::prelude::*;

/// What is done to each value after a normalization or convolution.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Activation {
    /// Nothing.
    #[default]
    Identity,
    /// Negative values become 0.
    Relu,
    /// Negative values are multiplied by this slope, in `[0, 1]`.
    LeakyRelu(f32),
}

impl Activation {
    /// What negative values are multiplied by.
    pub(crate) fn slope(self) -> f32 {
        match self {
            Self::Identity => 1.0,
            Self::Relu => 0.0,
            Self::LeakyRelu(slope) => slope,
        }
    }
}

/// `value` after the activation of that slope; NaN stays NaN.
#[inline(always)]
pub(crate) fn apply(value: f32, slope: f32) -> f32 {
    // Not `value * 0`: of minus infinity that would be NaN.
    let negative = if slope == 0.0 { 0.0 } else { value * slope };
    if value < 0.0 { negative } else { value }
}

/// The activation's derivative at `value`; at 0 it is the slope, as in PyTorch.
#[inline(always)]
pub(crate) fn derivative(value: f32, slope: f32) -> f32 {
    if value <= 0.0 { slope } else { 1.0 }
}

/// Values that a thread works on at a time: a few pages, so that none waits long for the others.
const CHUNK: usize = 1 << 14;

/// Every value of `x` activated.
pub(crate) fn forward(x: &[f32], slope: f32) -> Vec<f32> {
    map(x, x, |x, _| apply(x, slope))
}

/// The gradient to `x`, from that to its activated values.
pub(crate) fn backward(x: &[f32], grad: &[f32], slope: f32) -> Vec<f32> {
    map(x, grad, |x, grad| grad * derivative(x, slope))
}

fn map(one: &[f32], other: &[f32], value: impl Fn(f32, f32) -> f32 + Sync) -> Vec<f32> {
    let mut out = vec![0.0; one.len()];
    let chunks = out
        .par_chunks_mut(CHUNK)
        .zip(one.par_chunks(CHUNK))
        .zip(other.par_chunks(CHUNK));
    chunks.for_each(|((out, one), other)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for ((out, one), other) in out.iter_mut().zip(one).zip(other) {
                    *out = value(*one, *other);
                }
            },
        );
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_tensors_are_activated_to_the_end() {
        let x: Vec<f32> = (0..CHUNK + 7)
            .map(|i| if i % 2 == 0 { -1.0 } else { 2.0 })
            .collect();
        let expected = |even: f32, odd: f32| -> Vec<f32> {
            (0..x.len())
                .map(|i| if i % 2 == 0 { even } else { odd })
                .collect()
        };
        assert_eq!(forward(&x, 0.25), expected(-0.25, 2.0));
        assert_eq!(backward(&x, &vec![3.0; x.len()], 0.25), expected(0.75, 3.0));
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
                [-2.0, 0.0, 3.0].map(|v| derivative(v, slope)),
                [slope, slope, 1.0]
            );
        }
    }
}
