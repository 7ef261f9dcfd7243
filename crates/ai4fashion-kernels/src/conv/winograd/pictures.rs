//! The transforms of pictures, a register of channels at a time.
//!
//! In one dimension, for plane values `d`, taps `g` and outputs `y`:
//!
//! ```text
//! v = (d0 - d1, d1, d2 - d1)    u = (g0, g0 + g1, g1)    m = v u    y = (m0 + m1, m1 + m2)
//! ```
//!
//! and its adjoints, for the gradients: `m = (y0, y0 + y1, y1)` and `d = (v0, v1 - v0 - v2, v2)`. In two dimensions each
//! is applied to the columns of a tile, then to its rows.

use core::ops::Range;

use pulp::{Simd, WithSimd};

use super::{PARITIES, POINTS, Tiling};

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
pub(super) struct TransformInput<'a> {
    pub(super) v: &'a mut [f32],
    pub(super) layout: Layout,
    pub(super) input: &'a [f32],
    pub(super) tiling: &'a Tiling,
    pub(super) tiles: Range<usize>,
    pub(super) channels: Range<usize>,
}

impl WithSimd for TransformInput<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.channels.len();
        let zero = simd.splat_f32s(0.0);
        for (index, tile) in self.tiles.enumerate() {
            for parity in 0..PARITIES {
                let pixels = self.tiling.inputs(tile, parity);
                for channel in (0..channels).step_by(S::F32_LANES) {
                    let mut d = [[zero; 3]; 3];
                    for (d, pixels) in d.iter_mut().zip(&pixels) {
                        for (d, pixel) in d.iter_mut().zip(pixels) {
                            if let Some(pixel) = pixel {
                                *d = load::<S>(self.input, pixel + self.channels.start + channel);
                            }
                        }
                    }
                    for x in 0..3 {
                        d[0][x] = simd.sub_f32s(d[0][x], d[1][x]);
                        d[2][x] = simd.sub_f32s(d[2][x], d[1][x]);
                    }
                    let at = self.layout.at(index, parity * channels + channel);
                    for (y, [d0, d1, d2]) in d.into_iter().enumerate() {
                        let at = at + 3 * y * self.layout.point;
                        store::<S>(self.v, at, simd.sub_f32s(d0, d1));
                        store::<S>(self.v, at + self.layout.point, d1);
                        store::<S>(self.v, at + 2 * self.layout.point, simd.sub_f32s(d2, d1));
                    }
                }
            }
        }
    }
}

/// The outputs of consecutive rows of tiles, from the products at all points, in rows.
pub(super) struct Outputs<'a> {
    pub(super) output: &'a mut [f32],
    pub(super) m: &'a [f32],
    pub(super) tiling: &'a Tiling,
}

impl WithSimd for Outputs<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let channels = self.tiling.g.out_channels;
        let point = self.m.len() / POINTS;
        for tile in 0..point / channels {
            let outputs = self.tiling.outputs(tile);
            for channel in (0..channels).step_by(S::F32_LANES) {
                let mut rows = [[simd.splat_f32s(0.0); 2]; 3];
                for (y, row) in rows.iter_mut().enumerate() {
                    let at = 3 * y * point + tile * channels + channel;
                    let middle = load::<S>(self.m, at + point);
                    row[0] = simd.add_f32s(load::<S>(self.m, at), middle);
                    row[1] = simd.add_f32s(middle, load::<S>(self.m, at + 2 * point));
                }
                for x in 0..2 {
                    let above = simd.add_f32s(rows[0][x], rows[1][x]);
                    let below = simd.add_f32s(rows[1][x], rows[2][x]);
                    store::<S>(self.output, outputs[0][x] + channel, above);
                    store::<S>(self.output, outputs[1][x] + channel, below);
                }
            }
        }
    }
}

/// The adjoint of [`Outputs`], for some channels.
pub(super) struct TransformOutputGrad<'a> {
    pub(super) m: &'a mut [f32],
    pub(super) layout: Layout,
    pub(super) output_grad: &'a [f32],
    pub(super) tiling: &'a Tiling,
    pub(super) tiles: Range<usize>,
    pub(super) channels: Range<usize>,
}

impl WithSimd for TransformOutputGrad<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for (index, tile) in self.tiles.enumerate() {
            let outputs = self.tiling.outputs(tile);
            for channel in (0..self.channels.len()).step_by(S::F32_LANES) {
                let mut rows = [[simd.splat_f32s(0.0); 2]; 3];
                for x in 0..2 {
                    let from = self.channels.start + channel;
                    rows[0][x] = load::<S>(self.output_grad, outputs[0][x] + from);
                    rows[2][x] = load::<S>(self.output_grad, outputs[1][x] + from);
                    rows[1][x] = simd.add_f32s(rows[0][x], rows[2][x]);
                }
                let at = self.layout.at(index, channel);
                for (y, [y0, y1]) in rows.into_iter().enumerate() {
                    let at = at + 3 * y * self.layout.point;
                    store::<S>(self.m, at, y0);
                    store::<S>(self.m, at + self.layout.point, simd.add_f32s(y0, y1));
                    store::<S>(self.m, at + 2 * self.layout.point, y1);
                }
            }
        }
    }
}

/// The adjoint of [`TransformInput`], from rows: adds each tile's part to the pictures.
pub(super) struct AddInputGrad<'a> {
    pub(super) input_grad: &'a mut [f32],
    pub(super) v: &'a [f32],
    pub(super) tiling: &'a Tiling,
    pub(super) tiles: Range<usize>,
}

impl WithSimd for AddInputGrad<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (channels, depth) = (self.tiling.g.in_channels, self.tiling.depth());
        let point = self.v.len() / POINTS;
        for (index, tile) in self.tiles.enumerate() {
            for parity in 0..PARITIES {
                let pixels = self.tiling.inputs(tile, parity);
                for channel in (0..channels).step_by(S::F32_LANES) {
                    let mut d = [[simd.splat_f32s(0.0); 3]; 3];
                    for (y, d) in d.iter_mut().enumerate() {
                        let at = 3 * y * point + index * depth + parity * channels + channel;
                        d[0] = load::<S>(self.v, at);
                        d[2] = load::<S>(self.v, at + 2 * point);
                        let middle = load::<S>(self.v, at + point);
                        d[1] = simd.sub_f32s(simd.sub_f32s(middle, d[0]), d[2]);
                    }
                    for x in 0..3 {
                        d[1][x] = simd.sub_f32s(simd.sub_f32s(d[1][x], d[0][x]), d[2][x]);
                    }
                    for (d, pixels) in d.iter().zip(&pixels) {
                        for (d, pixel) in d.iter().zip(pixels) {
                            if let Some(pixel) = pixel {
                                let before = load::<S>(self.input_grad, pixel + channel);
                                store::<S>(self.input_grad, pixel + channel, simd.add_f32s(before, *d));
                            }
                        }
                    }
                }
            }
        }
    }
}

#[inline(always)]
fn load<S: Simd>(values: &[f32], at: usize) -> S::f32s {
    S::as_simd_f32s(&values[at..at + S::F32_LANES]).0[0]
}

#[inline(always)]
fn store<S: Simd>(values: &mut [f32], at: usize, lanes: S::f32s) {
    S::as_mut_simd_f32s(&mut values[at..at + S::F32_LANES]).0[0] = lanes;
}
