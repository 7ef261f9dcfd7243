//! The transforms of pictures, a register of channels at a time.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::{
    PARITIES, Tiling,
    filter::{Filter, apply_twice, unrolled},
};

/// Where the transformed values of (point, tile, channel) stand: point after point, then tile after tile with all
/// channels in a row, or panel after panel of some channels with all tiles below each other.
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

/// The outputs of consecutive rows of tiles, from the products at all points, in rows.
pub(super) struct Outputs<'a, F, const N: usize> {
    pub(super) output: &'a mut [f32],
    pub(super) m: &'a [f32],
    pub(super) tiling: &'a Tiling<F, N>,
}

impl<F: Filter<N>, const N: usize> WithSimd for Outputs<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.tiling.g.out_channels;
        let point = self.m.len() / (N * N);
        for tile in 0..point / channels {
            let outputs = self.tiling.outputs(tile);
            for channel in (0..channels).step_by(S::F32_LANES) {
                let m = load_points::<S, N>(simd, self.m, tile * channels + channel, point);
                let y = apply_twice(simd, &F::OUTPUT, m);
                unrolled!(row in N - 1 => {
                    unrolled!(column in N - 1 => {
                        store::<S>(self.output, outputs[row][column] + channel, y[row][column]);
                    });
                });
            }
        }
    }
}

/// The adjoint of [`Outputs`], for some channels.
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

/// The adjoint of [`TransformInput`], from rows: adds each tile's part to the pictures.
pub(super) struct AddInputGrad<'a, F, const N: usize> {
    pub(super) input_grad: &'a mut [f32],
    pub(super) v: &'a [f32],
    pub(super) tiling: &'a Tiling<F, N>,
    pub(super) tiles: Range<usize>,
}

impl<F: Filter<N>, const N: usize> WithSimd for AddInputGrad<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (channels, depth) = (self.tiling.g.in_channels, self.tiling.depth());
        let point = self.v.len() / (N * N);
        for (index, tile) in self.tiles.enumerate() {
            for parity in 0..PARITIES {
                let pixels = self.tiling.inputs(tile, parity);
                for channel in (0..channels).step_by(S::F32_LANES) {
                    let at = index * depth + parity * channels + channel;
                    let v = load_points::<S, N>(simd, self.v, at, point);
                    let d = apply_twice(simd, &F::INPUT_ADJOINT, v);
                    unrolled!(y in N => {
                        unrolled!(x in N => {
                            if let Some(pixel) = pixels[y][x] {
                                let before = load::<S>(self.input_grad, pixel + channel);
                                store::<S>(self.input_grad, pixel + channel, simd.add_f32s(before, d[y][x]));
                            }
                        });
                    });
                }
            }
        }
    }
}

#[inline(always)]
pub(super) fn load_points<S: Simd, const N: usize>(
    simd: S,
    values: &[f32],
    at: usize,
    point: usize,
) -> [[S::f32s; N]; N] {
    let mut points = [[simd.splat_f32s(0.0); N]; N];
    unrolled!(y in N => {
        unrolled!(x in N => {
            points[y][x] = load::<S>(values, at + (N * y + x) * point);
        });
    });
    points
}

#[inline(always)]
fn store_points<S: Simd, const N: usize>(
    values: &mut [f32],
    at: usize,
    point: usize,
    points: [[S::f32s; N]; N],
) {
    unrolled!(y in N => {
        unrolled!(x in N => {
            store::<S>(values, at + (N * y + x) * point, points[y][x]);
        });
    });
}

#[inline(always)]
pub(super) fn load<S: Simd>(values: &[f32], at: usize) -> S::f32s {
    S::as_simd_f32s(&values[at..at + S::F32_LANES]).0[0]
}

#[inline(always)]
pub(super) fn store<S: Simd>(values: &mut [f32], at: usize, lanes: S::f32s) {
    S::as_mut_simd_f32s(&mut values[at..at + S::F32_LANES]).0[0] = lanes;
}
