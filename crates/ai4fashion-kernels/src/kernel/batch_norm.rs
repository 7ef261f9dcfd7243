//! Batch normalization with its activation, on feature maps with their channels last.
//!
//! Statistics, output, sums of the gradients and gradient take one pass over memory each.
//!
//! With the statistics `mean` and `variance` of a channel (S. Ioffe, C. Szegedy, Batch
//! Normalization, 2015):
//!
//! ```text
//! normal = (x - mean) / sqrt(variance + epsilon)      y = activation(weight * normal + bias)
//! g      = grad * activation'(weight * normal + bias)
//! bias'  = sum g      weight' = sum g * normal        (over all n pixels)
//! x'     = weight / sqrt(variance + epsilon) * (g - bias' / n - normal * weight' / n)
//! ```
//!
//! Where the statistics are given, not computed from `x`, the last two terms of `x'` are absent.
//!
//! Sums are taken in `f64`, block of pixels by block of pixels, and the blocks are added in order:
//! the result does not depend on the number of threads.

use pulp::Arch;
use rayon::prelude::*;

use super::{
    activation::{apply, gradient},
    blocks::in_blocks,
};

/// Values of a block of pixels, about: few enough to stay in the first-level cache.
const BLOCK: usize = 1 << 13;
/// Values that a thread normalizes in place at a time: with fewer, waiting takes longer.
const IN_PLACE: usize = 1 << 16;
/// Channels that are summed side by side.
const LANES: usize = 16;

type Lanes = [f32; LANES];

/// Settings of a normalization.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Norm {
    /// Added to the variance.
    pub(crate) epsilon: f32,
    /// The factor by which the activation multiplies negative values.
    pub(crate) leak: f32,
    /// Whether the statistics are computed from the input, so that it is differentiated through
    /// them.
    pub(crate) of_batch: bool,
}

/// Statistics and parameters of all channels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Channels<'a> {
    /// Means, then biased variances.
    pub(crate) moments: &'a [f32],
    pub(crate) weight: &'a [f32],
    pub(crate) bias: &'a [f32],
}

/// The channels of a widened pixel: as many whole pixels as fill [`LANES`] without rest.
///
/// Single pixels of three channels would leave most lanes empty.
fn widened(channels: usize) -> usize {
    let mut width = channels;
    while !width.is_multiple_of(LANES) {
        width += channels;
    }
    width
}

/// The channels' values, repeated for a widened pixel.
fn repeated<T: Clone>(of_channels: &[T]) -> Vec<T> {
    let width = widened(of_channels.len());
    of_channels.iter().cloned().cycle().take(width).collect()
}

/// Per-channel factors of the passes: `weight * normal + bias` is `scale * x + shift`.
#[derive(Clone, Debug)]
struct Prepared {
    /// `1 / sqrt(variance + epsilon)`.
    inverse: Vec<f32>,
    scale: Vec<f32>,
    shift: Vec<f32>,
}

impl Channels<'_> {
    fn prepared(&self, norm: Norm) -> Prepared {
        let (means, variances) = self.moments.split_at(self.weight.len());
        let inverse = |variance: &f32| 1.0 / (variance + norm.epsilon).sqrt();
        let inverse: Vec<f32> = variances.iter().map(inverse).collect();
        let scale: Vec<f32> = self.weight.iter().zip(&inverse).map(|(w, i)| w * i).collect();
        let shifted = self.bias.iter().zip(means).zip(&scale);
        Prepared {
            shift: shifted.map(|((bias, mean), scale)| bias - mean * scale).collect(),
            inverse,
            scale,
        }
    }
}

/// Mean of each channel, then biased variance of each channel.
pub(crate) fn moments(x: &[f32], channels: usize) -> Vec<f32> {
    let count = (x.len() / channels) as f64;
    let zeros = vec![0.0; channels];
    // A leak of 1 is the identity: the sums of x and of its squares.
    let sums = channel_sums(x, x, &zeros, &zeros, 1.0);
    let mean = |[sum, _]: &[f64; 2]| sum / count;
    // Where rounding makes it negative it is 0; NaN stays NaN.
    let variance = |sums: &[f64; 2]| match sums[1] / count - mean(sums).powi(2) {
        negative if negative < 0.0 => 0.0,
        variance => variance,
    };
    let values = sums.iter().map(mean).chain(sums.iter().map(variance));
    values.map(|value| value as f32).collect()
}

/// The sum of each channel.
pub(crate) fn sums(x: &[f32], channels: usize) -> Vec<f32> {
    let zeros = vec![0.0; channels];
    let sums = channel_sums(x, x, &zeros, &zeros, 1.0);
    sums.iter().map(|[sum, _]| *sum as f32).collect()
}

/// The normalized and activated `x`.
pub(crate) fn forward(x: &[f32], channels: Channels<'_>, norm: Norm) -> Vec<f32> {
    let Affine { scale, shift, leak } = Affine::new(channels, norm);
    let block = block(scale.len());
    in_blocks(x.len(), block, |index, y| {
        let x = &x[index * block..][..y.len()];
        Arch::new().dispatch(
            #[inline(always)]
            || {
                for (y, x) in y.chunks_mut(scale.len()).zip(x.chunks(scale.len())) {
                    for ((y, x), (scale, shift)) in y.iter_mut().zip(x).zip(scale.iter().zip(&shift)) {
                        *y = apply(scale * x + shift, leak);
                    }
                }
            },
        );
    })
}

/// A normalization by given statistics and its activation, ready for use: `activation(scale * x +
/// shift)`.
#[derive(Debug)]
pub(crate) struct Affine {
    /// Of a widened pixel.
    scale: Vec<f32>,
    shift: Vec<f32>,
    leak: f32,
}

impl Affine {
    pub(crate) fn new(channels: Channels<'_>, norm: Norm) -> Self {
        let Prepared { scale, shift, .. } = channels.prepared(norm);
        let [scale, shift] = [scale, shift].map(|values| repeated(&values));
        Self {
            scale,
            shift,
            leak: norm.leak,
        }
    }

    /// Normalizes and activates values in place; the same bytes as [`forward`].
    pub(crate) fn apply(&self, values: &mut [f32]) {
        if values.is_empty() {
            return;
        }
        let Self { scale, shift, leak } = self;
        values
            .par_chunks_mut(IN_PLACE.div_ceil(scale.len()) * scale.len())
            .for_each(|values| {
                Arch::new().dispatch(
                    #[inline(always)]
                    || {
                        for pixels in values.chunks_mut(scale.len()) {
                            for (value, (scale, shift)) in pixels.iter_mut().zip(scale.iter().zip(shift)) {
                                *value = apply(scale * *value + shift, *leak);
                            }
                        }
                    },
                );
            });
    }
}

/// The gradients to weight and bias, from that to the output, which becomes the gradient to `x`.
pub(crate) fn backward(x: &[f32], grad: &mut [f32], channels: Channels<'_>, norm: Norm) -> [Vec<f32>; 2] {
    let Prepared {
        inverse,
        scale,
        shift,
    } = channels.prepared(norm);
    let count = (x.len() / scale.len()) as f64;
    let means = &channels.moments[..scale.len()];
    let mut sums = channel_sums(x, grad, &scale, &shift, norm.leak);
    // From the sum of `g * x` to that of `g * normal`.
    for ((sums, mean), inverse) in sums.iter_mut().zip(means).zip(&inverse) {
        sums[1] = (sums[1] - f64::from(*mean) * sums[0]) * f64::from(*inverse);
    }
    let parameters = [1, 0].map(|of| sums.iter().map(|sums| sums[of] as f32).collect());
    if !norm.of_batch {
        // Nothing but the scale: an infinity in a sum must not reach the other pixels.
        sums.fill([0.0; 2]);
    }
    // x' as `scale * g + along * (x - mean) + constant`.
    let along: Vec<f32> = (sums.iter().zip(&scale).zip(&inverse))
        .map(|((sums, scale), inverse)| -scale * inverse * (sums[1] / count) as f32)
        .collect();
    let constant: Vec<f32> = (sums.iter().zip(&scale))
        .map(|(sums, scale)| -scale * (sums[0] / count) as f32)
        .collect();
    let means = repeated(means);
    let [scale, shift, along, constant] = [scale, shift, along, constant].map(|values| repeated(&values));
    let block = block(scale.len());
    let blocks = grad.par_chunks_mut(block).zip(x.par_chunks(block));
    blocks.for_each(|(grad, x)| {
        Arch::new().dispatch(
            #[inline(always)]
            || {
                let pixels = grad.chunks_mut(scale.len()).zip(x.chunks(scale.len()));
                for (grad, x) in pixels {
                    let channels = scale
                        .iter()
                        .zip(&shift)
                        .zip(&means)
                        .zip(along.iter().zip(&constant));
                    let values = grad.iter_mut().zip(x).zip(channels);
                    for ((grad, x), (((scale, shift), mean), (along, constant))) in values {
                        let g = gradient(scale * x + shift, *grad, norm.leak);
                        let shared = if norm.of_batch {
                            along * (x - mean) + constant
                        } else {
                            0.0
                        };
                        *grad = scale * g + shared;
                    }
                }
            },
        );
    });
    parameters
}

/// Values of a block of whole pixels, which are `width` values wide.
fn block(width: usize) -> usize {
    BLOCK.div_ceil(width) * width
}

/// The sums over all pixels, for each channel, of `g = grad * activation'(scale * x + shift)` and
/// of `g * x`.
fn channel_sums(x: &[f32], grad: &[f32], scale: &[f32], shift: &[f32], leak: f32) -> Vec<[f64; 2]> {
    let channels = scale.len();
    let [scale, shift] = [scale, shift].map(repeated);
    let width = scale.len();
    let blocks: Vec<Vec<[f64; 2]>> = x
        .par_chunks(block(width))
        .zip(grad.par_chunks(block(width)))
        .map(|(x, grad)| {
            let mut sums = vec![[0.0; 2]; width];
            Arch::new().dispatch(
                #[inline(always)]
                || {
                    for (index, sums) in sums.chunks_mut(LANES).enumerate() {
                        let first = index * LANES;
                        let (scale, shift) = (lanes(&scale, first), lanes(&shift, first));
                        let (mut of_g, mut of_gx) = ([0.0; LANES], [0.0; LANES]);
                        for (x, grad) in x.chunks(width).zip(grad.chunks(width)) {
                            let (x, grad) = (lanes(x, first), lanes(grad, first));
                            for lane in 0..LANES {
                                let g = gradient(scale[lane] * x[lane] + shift[lane], grad[lane], leak);
                                of_g[lane] += f64::from(g);
                                of_gx[lane] += f64::from(g) * f64::from(x[lane]);
                            }
                        }
                        for (lane, sums) in sums.iter_mut().enumerate() {
                            *sums = [of_g[lane], of_gx[lane]];
                        }
                    }
                },
            );
            sums
        })
        .collect();
    let mut total = vec![[0.0; 2]; channels];
    for block in blocks {
        for (place, sums) in block.into_iter().enumerate() {
            let total = &mut total[place % channels];
            total[0] += sums[0];
            total[1] += sums[1];
        }
    }
    total
}

/// The values of [`LANES`] channels of a widened pixel; zeros where there are no more, in the last
/// one.
#[inline(always)]
fn lanes(pixel: &[f32], first: usize) -> Lanes {
    let mut lanes = [0.0; LANES];
    if let Some(values) = pixel.get(first..first + LANES) {
        lanes.copy_from_slice(values);
    } else {
        let values = pixel.get(first..).unwrap_or_default();
        lanes[..values.len()].copy_from_slice(values);
    }
    lanes
}

#[cfg(test)]
mod tests;
