//! The transformed weight.

use core::{marker::PhantomData, ops::Range};

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

use super::{
    filter::{Filter, apply_twice, unrolled},
    points::{load, store},
    taps::{POSITIONS, TAPS, Weight},
    tiling::PARITIES,
};
use crate::{
    kernel::{
        bf16::pair_panel,
        conv::direction::Direction,
        geometry::Geometry,
        panel::{PANEL, PanelRow},
        scratch::Scratch,
    },
    precision::Precision,
};

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

/// Transforms blocks of output channels for the product that gives outputs: depth (parity, input
/// channel), columns output channels.
pub(super) fn for_outputs<F: Filter<N>, const N: usize>(
    weight: Weight<'_>,
    g: &Geometry,
    blocks: Range<usize>,
    precision: Precision,
) -> Panels {
    let (points, depth) = (N * N, PARITIES * g.in_channels);
    let mut values = Scratch::new(blocks.len() * PANEL * points * depth);
    let rows: &mut [PanelRow] = values.pieces();
    rows.par_chunks_mut(points * depth)
        .zip(blocks)
        .for_each(|(rows, block)| {
            let mut buffer = [[0.0; PANEL]; POSITIONS];
            for channel in 0..g.in_channels {
                Arch::new().dispatch(Transform {
                    filter: PhantomData::<F>,
                    taps: weight.taps(&mut buffer, g, Direction::Forward, [block, channel]),
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

/// Transforms blocks of input channels for the product that gives their gradients: depth output
/// channels, columns (parity, input channel).
pub(super) fn for_inputs<F: Filter<N>, const N: usize>(
    weight: Weight<'_>,
    g: &Geometry,
    blocks: Range<usize>,
    precision: Precision,
) -> Panels {
    let (points, depth) = (N * N, g.out_channels);
    let channels = blocks.len() * PANEL;
    let mut values = Scratch::new(channels * PARITIES * points * depth);
    let rows: &mut [PanelRow] = values.pieces();
    rows.par_chunks_mut(PARITIES * points * depth)
        .zip(blocks)
        .for_each(|(rows, block)| {
            let mut buffer = [[0.0; PANEL]; POSITIONS];
            for out in 0..g.out_channels {
                Arch::new().dispatch(Transform {
                    filter: PhantomData::<F>,
                    taps: weight.taps(&mut buffer, g, Direction::InputGrad, [block, out]),
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

/// Writes the transformed kernels: a row for each parity and point.
struct Transform<'a, F, const N: usize> {
    filter: PhantomData<F>,
    taps: [[&'a PanelRow; TAPS]; PARITIES],
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
                let g = |tap: usize| load::<S>(self.taps[parity][tap], lane);
                let u = apply_twice(simd, &F::KERNEL, [[g(0), g(1)], [g(2), g(3)]]);
                unrolled!(y in N => {
                    unrolled!(x in N => {
                        store::<S>(&mut self.rows[first + (N * y + x) * self.point], lane, u[y][x]);
                    });
                });
            }
        }
    }
}
