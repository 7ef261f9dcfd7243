//! The transformed weight.

use core::{marker::PhantomData, ops::Range};

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{
    filter::{Filter, apply_twice, unrolled},
    points::{load, store},
    tiling::PARITIES,
};
use crate::{
    kernel::{
        bf16::pair_panel,
        geometry::Geometry,
        panel::{PANEL, PanelRow},
        scratch::Scratch,
    },
    precision::Precision,
};

/// Kernel positions.
pub(super) const TAPS: usize = 16;
/// The kernels of as many channels as a panel has, side by side.
pub(super) type Taps = [PanelRow; TAPS];

/// A transformed weight as the right factor of a product at each point.
pub(super) struct Panels {
    values: Scratch,
    /// The values as pairs of bfloat16, in mixed precision.
    pairs: Option<Scratch>,
    points: usize,
    depth: usize,
    order: Order,
}

/// The order of the panels.
enum Order {
    /// Panel, point.
    Outputs,
    /// Panel within a parity, parity, point.
    Inputs { channels: usize },
}

impl Panels {
    /// The panel that begins at a column of the product at a point.
    pub(super) fn of(&self, point: usize, column: usize) -> &[PanelRow] {
        let panel = self.index(point, column);
        &self.values.as_chunks().0[panel * self.depth..][..self.depth]
    }

    /// The panel as pairs of bfloat16; `None` but in mixed precision.
    pub(super) fn pairs_of(&self, point: usize, column: usize) -> Option<&[[u32; PANEL]]> {
        let (panel, depth) = (self.index(point, column), self.depth / 2);
        let pairs: &[u32] = bytemuck::cast_slice(self.pairs.as_deref()?);
        Some(&pairs.as_chunks().0[panel * depth..][..depth])
    }

    fn index(&self, point: usize, column: usize) -> usize {
        let panel = match self.order {
            Order::Outputs => column / PANEL,
            Order::Inputs { channels } => column % channels / PANEL * PARITIES + column / channels,
        };
        panel * self.points + point
    }

    fn paired(mut self, precision: Precision) -> Self {
        if precision == Precision::Mixed {
            let mut pairs = Scratch::new(self.values.len() / 2);
            let to = pairs.words().as_chunks_mut().0.par_chunks_mut(self.depth / 2);
            let from = self.values.as_chunks().0.par_chunks(self.depth);
            to.zip(from).for_each(|(to, from)| pair_panel::<PANEL>(to, from));
            self.pairs = Some(pairs);
        }
        self
    }
}

/// Transforms a weight for the product that gives outputs: depth (parity, input channel), columns
/// output channels.
pub(super) fn for_outputs<F: Filter<N>, const N: usize>(
    weight: &[f32],
    g: &Geometry,
    precision: Precision,
) -> Panels {
    let (points, depth) = (N * N, PARITIES * g.in_channels);
    let mut values = Scratch::new(g.out_channels * points * depth);
    let rows: &mut [PanelRow] = values.pieces();
    rows.par_chunks_mut(points * depth)
        .zip(weight.par_chunks(PANEL * g.depth()))
        .for_each(|(rows, weight)| {
            let mut taps = [[0.0; PANEL]; TAPS];
            for channel in 0..g.in_channels {
                side_by_side(&mut taps, |out| {
                    &weight[out * g.depth() + channel * TAPS..][..TAPS]
                });
                Arch::new().dispatch(Transform {
                    filter: PhantomData::<F>,
                    taps: &taps,
                    rows: &mut rows[channel..],
                    parity: g.in_channels,
                    point: depth,
                });
            }
        });
    let panels = Panels {
        values,
        pairs: None,
        points,
        depth,
        order: Order::Outputs,
    };
    panels.paired(precision)
}

/// Transforms a weight for the product that gives gradients of some panels of input channels: depth
/// output channels, columns (parity, input channel).
pub(super) fn for_inputs<F: Filter<N>, const N: usize>(
    weight: &[f32],
    g: &Geometry,
    panels: Range<usize>,
    precision: Precision,
) -> Panels {
    let (points, depth) = (N * N, g.out_channels);
    let channels = panels.len() * PANEL;
    let mut values = Scratch::new(channels * PARITIES * points * depth);
    let rows: &mut [PanelRow] = values.pieces();
    rows.par_chunks_mut(PARITIES * points * depth)
        .zip(panels)
        .for_each(|(rows, panel)| {
            let mut taps = [[0.0; PANEL]; TAPS];
            for out in 0..g.out_channels {
                let weight = &weight[out * g.depth() + panel * PANEL * TAPS..][..PANEL * TAPS];
                side_by_side(&mut taps, |channel| &weight[channel * TAPS..][..TAPS]);
                Arch::new().dispatch(Transform {
                    filter: PhantomData::<F>,
                    taps: &taps,
                    rows: &mut rows[out..],
                    parity: points * depth,
                    point: depth,
                });
            }
        });
    let panels = Panels {
        values,
        pairs: None,
        points,
        depth,
        order: Order::Inputs { channels },
    };
    panels.paired(precision)
}

/// Fills `taps` with the kernels of as many channels as a panel has.
#[inline(always)]
fn side_by_side<'a>(taps: &mut Taps, kernel: impl Fn(usize) -> &'a [f32]) {
    for lane in 0..PANEL {
        for (tap, value) in taps.iter_mut().zip(kernel(lane)) {
            tap[lane] = *value;
        }
    }
}

/// The kernel position of a parity's tap in row `a` and column `b`.
pub(super) fn tap(parity: usize, a: usize, b: usize) -> usize {
    (2 * a + parity / 2) * 4 + 2 * b + parity % 2
}

/// Writes the transformed kernels: a row for each parity and point.
struct Transform<'a, F, const N: usize> {
    filter: PhantomData<F>,
    taps: &'a Taps,
    rows: &'a mut [PanelRow],
    /// From a parity, and from a point, to the next.
    parity: usize,
    point: usize,
}

impl<F: Filter<N>, const N: usize> WithSimd for Transform<'_, F, N> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        for parity in 0..PARITIES {
            let first = parity * self.parity;
            for lane in (0..PANEL).step_by(S::F32_LANES) {
                let g = |a, b| load::<S>(&self.taps[tap(parity, a, b)], lane);
                let u = apply_twice(simd, &F::KERNEL, [[g(0, 0), g(0, 1)], [g(1, 0), g(1, 1)]]);
                unrolled!(y in N => {
                    unrolled!(x in N => {
                        store::<S>(&mut self.rows[first + (N * y + x) * self.point], lane, u[y][x]);
                    });
                });
            }
        }
    }
}
