//! The hyperbolic tangent of slices, forward and backward.

use core::f32::consts::{LN_2, LOG2_E};

use pulp::Arch;
use rayon::prelude::*;

/// Values that a thread works on at a time.
const CHUNK: usize = 1 << 12;

/// Beyond this the tangent is 1 to all digits of an `f32`: `1 - tanh(x)` is about `2 exp(-2x)`,
/// below half of the distance to the number before 1.
const LARGEST: f32 = 9.5;

/// `ln(2)` is this and a rest: a number of few digits, so that products with small integers are
/// exact.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = (LN_2 as f64 - LN_2_HIGH as f64) as f32;

/// `exp(x) - 1` for `x` in `[-2 * LARGEST, 0]`.
///
/// With `x = k ln(2) + r` (W. J. Cody, W. Waite, Software Manual for the Elementary Functions,
/// 1980) it is `2^k (exp(r) - 1) + (2^k - 1)`, and the series of `exp(r) - 1` to the eighth power
/// is right to `|r|^9 / 9! < 3e-10`, since `r` is at most half of `ln(2)`.
#[inline(always)]
fn exp_minus_one(x: f32) -> f32 {
    const FACTORIALS: [f32; 6] = [40_320.0, 5_040.0, 720.0, 120.0, 24.0, 6.0];
    let k = (x * LOG2_E).round_ties_even();
    let r = (x - k * LN_2_HIGH) - k * LN_2_LOW;
    let series = FACTORIALS
        .iter()
        .fold(0.0, |sum, factorial| sum * r + 1.0 / factorial);
    let series = (series * r + 0.5) * r * r + r;
    // 2^k by its exponent.
    let power = f32::from_bits(((k as i32 + 127) << 23).cast_unsigned());
    power * series + (power - 1.0)
}

/// `tanh(x)`, right to three units in the last place.
///
/// With `t = exp(-2|x|) - 1` it is `-t / (t + 2)`, with the sign of `x`; NaN stays NaN.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let size = x.abs();
    let size = if size > LARGEST { LARGEST } else { size };
    let t = exp_minus_one(-2.0 * size);
    (-t / (t + 2.0)).copysign(x)
}

/// Replaces every value by its hyperbolic tangent.
pub(crate) fn forward(x: &mut [f32]) {
    x.par_chunks_mut(CHUNK).for_each(|x| {
        Arch::new().dispatch(
            #[inline(always)]
            || x.iter_mut().for_each(|x| *x = tanh(*x)),
        );
    });
}

/// Turns the gradient to the tangents `y` into the gradient to the values before: times `1 - y^2`.
pub(crate) fn backward(y: &[f32], grad: &mut [f32]) {
    let chunks = grad.par_chunks_mut(CHUNK).zip(y.par_chunks(CHUNK));
    chunks.for_each(|(grad, y)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (grad, y) in grad.iter_mut().zip(y) {
                    *grad *= 1.0 - y * y;
                }
            },
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tangents_are_right_to_three_units_in_the_last_place() {
        // Both signs, from 2^-30 to 32, more values than a chunk.
        let sizes = (0..70_000).map(|i| (i as f32 / 2_000.0 - 30.0).exp2());
        let x: Vec<f32> = sizes.flat_map(|x| [x, -x]).collect();
        let mut y = x.clone();
        forward(&mut y);
        for (x, y) in x.iter().zip(y) {
            let expected = f64::from(*x).tanh();
            let error = (f64::from(y) - expected).abs() / expected.abs();
            assert!(error < 3.0 * f64::from(f32::EPSILON) / 2.0, "tanh({x}) is {y}");
            assert!(y.abs() <= 1.0);
        }
    }

    #[test]
    fn special_values_are_those_of_the_standard_library() {
        let mut y = [
            0.0,
            -0.0,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::NAN,
            f32::MIN_POSITIVE,
        ];
        forward(&mut y);
        assert_eq!(y[..4], [0.0, 0.0, 1.0, -1.0]);
        assert!(y[0].is_sign_positive() && y[1].is_sign_negative() && y[4].is_nan());
        assert_eq!(y[5], f32::MIN_POSITIVE);
    }

    #[test]
    fn gradients_are_multiplied_by_one_minus_the_square() {
        let mut grad = vec![2.0; CHUNK + 7];
        let y: Vec<f32> = (0..grad.len()).map(|i| [0.0, 0.5, -1.0][i % 3]).collect();
        backward(&y, &mut grad);
        let expected: Vec<f32> = (0..grad.len()).map(|i| [2.0, 1.5, 0.0][i % 3]).collect();
        assert_eq!(grad, expected);
    }
}
