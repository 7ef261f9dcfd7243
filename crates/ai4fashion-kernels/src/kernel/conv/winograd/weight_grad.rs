//! The gradient to the weight.

use core::{marker::PhantomData, ops::Range};

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{
    feature_map::{Layout, TransformInput, TransformOutputGrad},
    filter::{Filter, apply_twice, unrolled},
    points::{load_points, store},
    taps::{POSITIONS, position},
    tiling::{PARITIES, Tiling},
};
use crate::kernel::{
    geometry::Geometry,
    panel::{PANEL, PanelRow, STRIP},
    product::Output,
    scratch::Scratch,
};

/// Tiles of one matrix product: more than for outputs, as the sums are read and written once for
/// each block of tiles.
const DEEP_TILES: usize = 256;

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    /// The gradient to the weight, computed in parallel over channels.
    ///
    /// Not over images: so there are no partial sums, and the result does not depend on the number
    /// of threads.
    pub(super) fn weight_grad(&self, input: &[f32], output_grad: &[f32]) -> Vec<f32> {
        let g = &self.g;
        let parts: Vec<(Part, Vec<f32>)> = Part::all(g, rayon::current_num_threads())
            .into_par_iter()
            .map(|part| {
                let grad = self.part_of_weight_grad(input, output_grad, &part);
                (part, grad)
            })
            .collect();
        let mut weight_grad = vec![0.0; g.out_channels * g.depth()];
        weight_grad
            .par_chunks_mut(g.depth())
            .enumerate()
            .for_each(|(out, weight_grad)| {
                for (part, grad) in parts.iter().filter(|(part, _)| part.out.contains(&out)) {
                    let len = part.channels.len() * g.kernel[0] * g.kernel[1];
                    let start = part.channels.start * g.kernel[0] * g.kernel[1];
                    weight_grad[start..start + len]
                        .copy_from_slice(&grad[(out - part.out.start) * len..][..len]);
                }
            });
        weight_grad
    }

    fn part_of_weight_grad(&self, input: &[f32], output_grad: &[f32], part: &Part) -> Vec<f32> {
        let g = &self.g;
        let (rows, columns) = (PARITIES * part.channels.len(), part.out.len());
        let mut sums = Scratch::new(Self::POINTS * rows * columns);
        let all = g.batch * self.per_image();
        for first in (0..all).step_by(DEEP_TILES) {
            let tiles = first..all.min(first + DEEP_TILES);
            let count = tiles.len();
            let mut v = Scratch::new(Self::POINTS * rows * count);
            let mut m = Scratch::new(Self::POINTS * columns * count);
            Arch::new().dispatch(TransformInput {
                v: &mut v,
                layout: Layout::panels(count, rows, STRIP),
                input,
                tiling: self,
                tiles: tiles.clone(),
                channels: part.channels.clone(),
            });
            Arch::new().dispatch(TransformOutputGrad {
                m: &mut m,
                layout: Layout::panels(count, columns, PANEL),
                output_grad,
                tiling: self,
                tiles,
                channels: part.out.clone(),
            });
            let mode = if first == 0 {
                Output::Overwrite
            } else {
                Output::Add
            };
            self.sums_of_outer(&mut sums, mode, [&mut v, &mut m], [rows, columns]);
        }
        gradient::<F, N>(&sums, rows / PARITIES, columns)
    }
}

/// A part of the weight: ranges of input and of output channels.
struct Part {
    channels: Range<usize>,
    out: Range<usize>,
}

impl Part {
    /// At least as many parts as threads, where there are enough channels.
    fn all(g: &Geometry, threads: usize) -> Vec<Self> {
        let strips = g.in_channels / STRIP;
        let panels = g.out_channels / PANEL;
        let by_input = strips.div_ceil(strips.div_ceil(threads));
        let by_output = threads.div_ceil(by_input).min(panels);
        let ranges = |units: usize, parts: usize, unit: usize| {
            let step = units.div_ceil(parts) * unit;
            (0..units * unit)
                .step_by(step)
                .map(move |start| start..(start + step).min(units * unit))
        };
        ranges(strips, by_input, STRIP)
            .flat_map(|channels| {
                ranges(panels, by_output, PANEL).map(move |out| Self {
                    channels: channels.clone(),
                    out,
                })
            })
            .collect()
    }
}

/// The gradient to the weight, `[out_channels, in_channels, 4, 4]`.
///
/// It is computed from the gradient to the transformed weight, `[point, parity, channels,
/// out_channels]`.
fn gradient<F: Filter<N>, const N: usize>(sums: &[f32], channels: usize, out_channels: usize) -> Vec<f32> {
    let mut grad = vec![0.0; out_channels * channels * POSITIONS];
    for channel in 0..channels {
        for first in (0..out_channels).step_by(PANEL) {
            let mut taps = [[0.0; PANEL]; POSITIONS];
            for parity in 0..PARITIES {
                let at = (parity * channels + channel) * out_channels + first;
                Arch::new().dispatch(TransformBack {
                    filter: PhantomData::<F>,
                    sums: &sums[at..],
                    point: PARITIES * channels * out_channels,
                    parity,
                    taps: &mut taps,
                });
            }
            for lane in 0..PANEL {
                let kernel = &mut grad[((first + lane) * channels + channel) * POSITIONS..][..POSITIONS];
                for (to, tap) in kernel.iter_mut().zip(&taps) {
                    *to = tap[lane];
                }
            }
        }
    }
    grad
}

/// The adjoint of the weight's transform.
struct TransformBack<'a, F, const N: usize> {
    filter: PhantomData<F>,
    sums: &'a [f32],
    point: usize,
    parity: usize,
    taps: &'a mut [PanelRow; POSITIONS],
}

impl<F: Filter<N>, const N: usize> WithSimd for TransformBack<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for lane in (0..PANEL).step_by(S::F32_LANES) {
            let u = load_points::<S, N>(simd, self.sums, lane, self.point);
            let g = apply_twice(simd, &F::KERNEL_ADJOINT, u);
            unrolled!(a in 2 => {
                unrolled!(b in 2 => {
                    store::<S>(&mut self.taps[position(self.parity, a, b)], lane, g[a][b]);
                });
            });
        }
    }
}
