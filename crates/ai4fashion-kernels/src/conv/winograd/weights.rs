//! The transforms of weights. In one dimension the taps `g` of a parity become `u = (g0, g0 + g1, g1)`; the adjoint, for
//! the gradient, is `g = (u0 + u1, u1 + u2)`.

use pulp::Arch;
use rayon::prelude::*;

use super::{LANES, PARITIES, POINTS};
use crate::{
    geometry::Geometry,
    product::{PANEL, PanelRow},
};

/// Kernel positions.
const TAPS: usize = 16;

/// A transformed weight as the right factor of a product at each point.
pub(super) struct Panels {
    rows: Vec<PanelRow>,
    depth: usize,
    order: Order,
}

/// What comes first in the panels.
enum Order {
    /// Panel, point.
    Outputs,
    /// Panel within a parity, parity, point.
    Inputs { channels: usize },
}

impl Panels {
    /// The panel that begins at a column of the product at a point.
    pub(super) fn of(&self, point: usize, column: usize) -> &[PanelRow] {
        let index = match self.order {
            Order::Outputs => column / PANEL * POINTS + point,
            Order::Inputs { channels } => {
                let (parity, panel) = (column / channels, column % channels / PANEL);
                (panel * PARITIES + parity) * POINTS + point
            }
        };
        &self.rows[index * self.depth..][..self.depth]
    }
}

/// For the product that gives outputs: depth (parity, input channel), columns output channels.
pub(super) fn for_outputs(weight: &[f32], g: &Geometry) -> Panels {
    let depth = PARITIES * g.in_channels;
    let mut rows = vec![[0.0; PANEL]; g.out_channels / PANEL * POINTS * depth];
    rows.par_chunks_mut(POINTS * depth)
        .zip(weight.par_chunks(PANEL * g.depth()))
        .for_each(|(panel, weight)| {
            Arch::new().dispatch(
                #[inline(always)]
                || {
                    for channel in 0..g.in_channels {
                        let taps = gather(|out| &weight[out * g.depth() + channel * TAPS..][..TAPS]);
                        each_point(&taps, |parity, point, row| {
                            panel[point * depth + parity * g.in_channels + channel] = row;
                        });
                    }
                },
            );
        });
    Panels {
        rows,
        depth,
        order: Order::Outputs,
    }
}

/// For the product that gives input gradients: depth output channels, columns (parity, input channel).
pub(super) fn for_inputs(weight: &[f32], g: &Geometry) -> Panels {
    let depth = g.out_channels;
    let mut rows = vec![[0.0; PANEL]; g.in_channels / PANEL * PARITIES * POINTS * depth];
    rows.par_chunks_mut(PARITIES * POINTS * depth)
        .enumerate()
        .for_each(|(index, panels)| {
            Arch::new().dispatch(
                #[inline(always)]
                || {
                    for out in 0..g.out_channels {
                        let weight = &weight[out * g.depth() + index * PANEL * TAPS..][..PANEL * TAPS];
                        let taps = gather(|channel| &weight[channel * TAPS..][..TAPS]);
                        each_point(&taps, |parity, point, row| {
                            panels[(parity * POINTS + point) * depth + out] = row;
                        });
                    }
                },
            );
        });
    Panels {
        rows,
        depth,
        order: Order::Inputs {
            channels: g.in_channels,
        },
    }
}

/// The kernels of [`PANEL`] channels side by side.
#[inline(always)]
fn gather<'a>(kernel: impl Fn(usize) -> &'a [f32]) -> [PanelRow; TAPS] {
    let mut taps = [[0.0; PANEL]; TAPS];
    for lane in 0..PANEL {
        let kernel = kernel(lane);
        for (tap, value) in taps.iter_mut().zip(kernel) {
            tap[lane] = *value;
        }
    }
    taps
}

/// Calls `write` with each parity's transformed kernels, point by point.
#[inline(always)]
fn each_point(taps: &[PanelRow; TAPS], mut write: impl FnMut(usize, usize, PanelRow)) {
    for parity in 0..PARITIES {
        let tap = |a: usize, b: usize| &taps[(2 * a + parity / 2) * 4 + 2 * b + parity % 2];
        let above = [*tap(0, 0), *tap(0, 1)];
        let below = [*tap(1, 0), *tap(1, 1)];
        let both = [sum(&above[0], &below[0]), sum(&above[1], &below[1])];
        for (row, [one, other]) in [above, both, below].into_iter().enumerate() {
            write(parity, 3 * row, one);
            write(parity, 3 * row + 1, sum(&one, &other));
            write(parity, 3 * row + 2, other);
        }
    }
}

#[inline(always)]
fn sum<const N: usize>(one: &[f32; N], other: &[f32; N]) -> [f32; N] {
    let mut sum = *one;
    for (sum, other) in sum.iter_mut().zip(other) {
        *sum += other;
    }
    sum
}

/// The gradient `[out_channels, in_channels, 4, 4]` to the weight, from those to the transformed one, `[point, parity,
/// channels, out_channels]`.
pub(super) fn gradient(sums: &[f32], channels: usize, out_channels: usize) -> Vec<f32> {
    let mut grad = vec![0.0; out_channels * channels * TAPS];
    Arch::new().dispatch(
        #[inline(always)]
        || {
            for channel in 0..channels {
                for first in (0..out_channels).step_by(LANES) {
                    let mut taps = [[0.0; LANES]; TAPS];
                    for parity in 0..PARITIES {
                        let mut u = [[0.0; LANES]; POINTS];
                        for (point, u) in u.iter_mut().enumerate() {
                            let at =
                                ((point * PARITIES + parity) * channels + channel) * out_channels + first;
                            u.copy_from_slice(&sums[at..at + LANES]);
                        }
                        for a in 0..2 {
                            let mut row = [[0.0; LANES]; 3];
                            for (x, row) in row.iter_mut().enumerate() {
                                *row = sum(&u[3 * a + x], &u[3 * a + 3 + x]);
                            }
                            for b in 0..2 {
                                taps[(2 * a + parity / 2) * 4 + 2 * b + parity % 2] =
                                    sum(&row[b], &row[b + 1]);
                            }
                        }
                    }
                    for lane in 0..LANES {
                        let kernel = &mut grad[((first + lane) * channels + channel) * TAPS..][..TAPS];
                        for (to, tap) in kernel.iter_mut().zip(&taps) {
                            *to = tap[lane];
                        }
                    }
                }
            }
        },
    );
    grad
}
