//! The transforms of input and output gradient, a register of channels at a time.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    filter::{Filter, apply_twice, unrolled},
    points::{load, store_points},
    tiling::{PARITIES, Tiling},
};

/// Where the transformed values of (point, tile, channel) stand: point after point, then tile after
/// tile with all channels in a row, or panel after panel of some channels with all tiles below each
/// other.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// From a point, a tile, a panel to the next.
    point: usize,
    tile: usize,
    panel: usize,
    /// Channels of a panel.
    width: usize,
}

impl Layout {
    pub(super) fn rows(tiles: usize, channels: usize) -> Self {
        Self {
            point: tiles * channels,
            tile: channels,
            panel: channels,
            width: channels,
        }
    }

    pub(super) fn panels(tiles: usize, channels: usize, width: usize) -> Self {
        Self {
            point: tiles * channels,
            tile: width,
            panel: tiles * width,
            width,
        }
    }

    #[inline(always)]
    fn at(&self, tile: usize, channel: usize) -> usize {
        channel / self.width * self.panel + tile * self.tile + channel % self.width
    }
}

/// Transforms tiles of the input: of each parity the given channels, one parity after the other.
pub(super) struct TransformInput<'a, F, const N: usize> {
    pub(super) v: &'a mut [f32],
    pub(super) layout: Layout,
    pub(super) input: &'a [f32],
    pub(super) tiling: &'a Tiling<F, N>,
    pub(super) tiles: Range<usize>,
    pub(super) channels: Range<usize>,
}

impl<F: Filter<N>, const N: usize> WithSimd for TransformInput<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.channels.len();
        for (index, tile) in self.tiles.enumerate() {
            for parity in 0..PARITIES {
                let pixels = self.tiling.inputs(tile, parity);
                for channel in (0..channels).step_by(S::F32_LANES) {
                    let mut d = [[simd.splat_f32s(0.0); N]; N];
                    unrolled!(y in N => {
                        unrolled!(x in N => {
                            if let Some(pixel) = pixels[y][x] {
                                d[y][x] = load::<S>(self.input, pixel + self.channels.start + channel);
                            }
                        });
                    });
                    let v = apply_twice(simd, &F::INPUT, d);
                    let at = self.layout.at(index, parity * channels + channel);
                    store_points::<S, N>(self.v, at, self.layout.point, v);
                }
            }
        }
    }
}

/// The adjoint of the transform to outputs, for some channels.
pub(super) struct TransformOutputGrad<'a, F, const N: usize> {
    pub(super) m: &'a mut [f32],
    pub(super) layout: Layout,
    pub(super) output_grad: &'a [f32],
    pub(super) tiling: &'a Tiling<F, N>,
    pub(super) tiles: Range<usize>,
    pub(super) channels: Range<usize>,
}

impl<F: Filter<N>, const N: usize> WithSimd for TransformOutputGrad<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (index, tile) in self.tiles.enumerate() {
            let outputs = self.tiling.outputs(tile);
            for channel in (0..self.channels.len()).step_by(S::F32_LANES) {
                let mut y = [[simd.splat_f32s(0.0); N]; N];
                unrolled!(row in N - 1 => {
                    unrolled!(column in N - 1 => {
                        let output = outputs[row][column] + self.channels.start;
                        y[row][column] = load::<S>(self.output_grad, output + channel);
                    });
                });
                let m = apply_twice(simd, &F::OUTPUT_ADJOINT, y);
                let at = self.layout.at(index, channel);
                store_points::<S, N>(self.m, at, self.layout.point, m);
            }
        }
    }
}
