//! Batch normalization with its activation, on plain slices `[batch, channels, plane]`, one pass over memory for each of
//! statistics, output, sums of the gradients, and gradient.
//!
//! With the statistics `mean` and `variance` of a channel (S. Ioffe, C. Szegedy, Batch Normalization, 2015):
//!
//! ```text
//! normal = (x - mean) / sqrt(variance + epsilon)      y = activation(weight * normal + bias)
//! g      = grad * activation'(weight * normal + bias)
//! bias'  = sum g      weight' = sum g * normal        (over batch and plane, n values)
//! x'     = weight / sqrt(variance + epsilon) * (g - bias' / n - normal * weight' / n)
//! ```
//!
//! Where the statistics are not those of `x` the last two terms of `x'` fall away.
//!
//! Sums are taken in `f64`, picture block by picture block, and the blocks are added in order: the result does not depend
//! on the number of threads.

use std::ops::Range;

use pulp::Arch;
use rayon::prelude::*;

use crate::activation::{apply, derivative};

/// Pictures of a block.
const BLOCK: usize = 4;
/// Sums that are taken side by side.
const LANES: usize = 16;

/// The sizes of a tensor that is normalized by channel; none is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Planes {
    pub(crate) batch: usize,
    pub(crate) channels: usize,
    /// Values of one channel of one picture.
    pub(crate) plane: usize,
}

impl Planes {
    /// Values of a block of pictures.
    fn block(&self) -> usize {
        BLOCK * self.channels * self.plane
    }

    /// Values of one channel.
    fn count(&self) -> f64 {
        (self.batch * self.plane) as f64
    }
}

/// What a normalization is to do beside the tensors it is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Norm {
    /// Added to the variance.
    pub(crate) epsilon: f32,
    /// What the activation multiplies negative values by.
    pub(crate) slope: f32,
    /// Whether the statistics are those of the input itself, so that it is differentiated through them.
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

/// Statistics and parameters of one channel, as a pass over it needs them.
#[derive(Clone, Copy, Debug)]
struct Channel {
    mean: f32,
    /// `1 / sqrt(variance + epsilon)`.
    inverse: f32,
    /// `weight * normal + bias` is `scale * x + shift`.
    scale: f32,
    shift: f32,
}

impl Channels<'_> {
    fn prepared(&self, norm: Norm) -> Vec<Channel> {
        let (means, variances) = self.moments.split_at(self.weight.len());
        let parameters = self.weight.iter().zip(self.bias);
        let channel = |((mean, variance), (weight, bias)): ((&f32, &f32), (&f32, &f32))| {
            let inverse = 1.0 / (variance + norm.epsilon).sqrt();
            let scale = weight * inverse;
            Channel {
                mean: *mean,
                inverse,
                scale,
                shift: bias - mean * scale,
            }
        };
        means.iter().zip(variances).zip(parameters).map(channel).collect()
    }
}

/// Mean of each channel, then biased variance of each channel.
pub(crate) fn moments(x: &[f32], planes: Planes) -> Vec<f32> {
    let sums = channel_sums(planes, |_, place| {
        let x = &x[place];
        plane_sums(x, x, |x, _| [f64::from(x), f64::from(x) * f64::from(x)])
    });
    let count = planes.count();
    let mean = |[sum, _]: &[f64; 2]| sum / count;
    // Where rounding makes it negative it is 0; NaN stays NaN.
    let variance = |sums: &[f64; 2]| match sums[1] / count - mean(sums).powi(2) {
        negative if negative < 0.0 => 0.0,
        variance => variance,
    };
    let values = sums.iter().map(mean).chain(sums.iter().map(variance));
    values.map(|value| value as f32).collect()
}

/// The normalized and activated `x`.
pub(crate) fn forward(x: &[f32], channels: Channels<'_>, norm: Norm, planes: Planes) -> Vec<f32> {
    let channels = channels.prepared(norm);
    map_planes(planes, [x, x], |channel, y, [x, _]| {
        let Channel { scale, shift, .. } = channels[channel];
        for (y, x) in y.iter_mut().zip(x) {
            *y = apply(scale * x + shift, norm.slope);
        }
    })
}

/// The gradients of a normalization.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Gradients {
    pub(crate) x: Vec<f32>,
    pub(crate) weight: Vec<f32>,
    pub(crate) bias: Vec<f32>,
}

/// The gradients, from that to the output.
pub(crate) fn backward(
    x: &[f32],
    grad: &[f32],
    channels: Channels<'_>,
    norm: Norm,
    planes: Planes,
) -> Gradients {
    let channels = channels.prepared(norm);
    let sums = channel_sums(planes, |channel, place| {
        let Channel {
            mean,
            inverse,
            scale,
            shift,
        } = channels[channel];
        plane_sums(&x[place.clone()], &grad[place], |x, grad| {
            let g = grad * derivative(scale * x + shift, norm.slope);
            [f64::from(g), f64::from(g * ((x - mean) * inverse))]
        })
    });
    let count = planes.count();
    let x = map_planes(planes, [x, grad], |channel, out, [x, grad]| {
        let Channel {
            mean,
            inverse,
            scale,
            shift,
        } = channels[channel];
        let [of_bias, of_weight] = match norm.of_batch {
            true => sums[channel].map(|sum| (sum / count) as f32),
            false => [0.0, 0.0],
        };
        for ((out, x), grad) in out.iter_mut().zip(x).zip(grad) {
            let g = grad * derivative(scale * x + shift, norm.slope);
            *out = scale * (g - of_bias - (x - mean) * inverse * of_weight);
        }
    });
    Gradients {
        x,
        weight: sums.iter().map(|sums| sums[1] as f32).collect(),
        bias: sums.iter().map(|sums| sums[0] as f32).collect(),
    }
}

/// For each channel the sums over all pictures of what `of_plane` gives for the channel's values of one picture, which
/// stand at the given places.
fn channel_sums(planes: Planes, of_plane: impl Fn(usize, Range<usize>) -> [f64; 2] + Sync) -> Vec<[f64; 2]> {
    let Planes {
        batch,
        channels,
        plane,
    } = planes;
    let blocks: Vec<Vec<[f64; 2]>> = (0..batch.div_ceil(BLOCK))
        .into_par_iter()
        .map(|block| {
            let mut sums = vec![[0.0; 2]; channels];
            for picture in block * BLOCK..batch.min((block + 1) * BLOCK) {
                for (channel, sums) in sums.iter_mut().enumerate() {
                    let start = (picture * channels + channel) * plane;
                    add(sums, of_plane(channel, start..start + plane));
                }
            }
            sums
        })
        .collect();
    let mut total = vec![[0.0; 2]; channels];
    for block in blocks {
        total
            .iter_mut()
            .zip(block)
            .for_each(|(total, sums)| add(total, sums));
    }
    total
}

fn add(total: &mut [f64; 2], sums: [f64; 2]) {
    total[0] += sums[0];
    total[1] += sums[1];
}

/// Both sums of `terms` over two slices of one length.
fn plane_sums(one: &[f32], other: &[f32], terms: impl Fn(f32, f32) -> [f64; 2]) -> [f64; 2] {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let (one, one_rest) = one.as_chunks::<LANES>();
            let (other, other_rest) = other.as_chunks::<LANES>();
            let (mut first, mut second) = ([0.0; LANES], [0.0; LANES]);
            for (one, other) in one.iter().zip(other) {
                for lane in 0..LANES {
                    let terms = terms(one[lane], other[lane]);
                    first[lane] += terms[0];
                    second[lane] += terms[1];
                }
            }
            let mut sums = [first.iter().sum(), second.iter().sum()];
            for (one, other) in one_rest.iter().zip(other_rest) {
                add(&mut sums, terms(*one, *other));
            }
            sums
        },
    )
}

/// A tensor that `fill` writes plane by plane, from the channel and the same plane of two others.
fn map_planes(
    planes: Planes,
    from: [&[f32]; 2],
    fill: impl Fn(usize, &mut [f32], [&[f32]; 2]) + Sync,
) -> Vec<f32> {
    let Planes { channels, plane, .. } = planes;
    let mut out = vec![0.0; from[0].len()];
    out.par_chunks_mut(planes.block())
        .enumerate()
        .for_each(|(block, out)| {
            let start = block * planes.block();
            for (place, out) in out.chunks_exact_mut(plane).enumerate() {
                let at = start + place * plane;
                let from = from.map(|from| &from[at..at + plane]);
                Arch::new().dispatch(
                    #[inline(always)]
                    || fill(place % channels, out, from),
                );
            }
        });
    out
}

#[cfg(test)]
mod tests;
