//! Convolutions with a 4x4 kernel that halve the picture, by Winograd's minimal filtering.
//!
//! Such a convolution is the sum of four 2x2 convolutions with stride 1, one over each parity of the padded picture's
//! rows and columns: kernel row `2a + p` meets row `i + a` of the plane of parity `p` at output row `i`. Each of the four
//! is computed by F(2x2, 2x2) (A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, 2016): 9 products
//! instead of 16 for a tile of 2x2 outputs. The four are summed in the transformed domain, so that all of it is 9 matrix
//! products whose depth is the channels of all four parities:
//!
//! | product | transforms | rows x depth x columns of the 9 products |
//! |---|---|---|
//! | forward | input -> V, M = V U, M -> output | `tiles` x `4 in_channels` x `out_channels` |
//! | input gradient | output gradient -> M, V = M U', V -> input gradient | `tiles` x `out_channels` x `4 in_channels` |
//! | weight gradient | input -> V, output gradient -> M, U = V' M, U -> weight gradient | `4 in_channels` x `tiles` x `out_channels` |
//!
//! The gradients' transforms are the adjoints of the forward one's. All coefficients are 0, 1 and -1, so that the rounding
//! error stays close to a direct sum's: see the tests.

mod pictures;
mod weights;

use core::ops::Range;

use pulp::Arch;
use rayon::prelude::*;

use self::{
    pictures::{AddInputGrad, Layout, Outputs, TransformInput, TransformOutputGrad},
    weights::Panels,
};
use crate::{
    blocks::in_blocks,
    geometry::Geometry,
    product::{Block, PANEL, PanelRow, STRIP, StripRow, accumulate_outer, multiply},
};

/// Products for a tile of 2x2 outputs.
const POINTS: usize = 9;
/// Parities of rows and columns.
const PARITIES: usize = 4;
/// Values that a transform works on at a time.
const LANES: usize = 16;

/// Tiles of one matrix product, for outputs and input gradients: the transformed values stay in the second-level cache.
const TILES: usize = 64;
/// The same for weight gradients, where the sums are read and written once for each block of tiles.
const DEEP_TILES: usize = 256;

/// A convolution of the kind that this module computes, and its tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiling {
    g: Geometry,
    /// Tiles in a row, and rows of tiles, of one picture.
    columns: usize,
    rows: usize,
}

impl Tiling {
    /// `None` where the kernel is not 4x4 with stride 2, the output's sides are odd, or the channels no multiple of
    /// [`PANEL`].
    pub(super) fn of(g: &Geometry) -> Option<Self> {
        let halving = g.kernel == [4, 4] && g.window.stride == [2, 2];
        let even = g.out_height.is_multiple_of(2) && g.out_width.is_multiple_of(2);
        let whole = g.in_channels.is_multiple_of(PANEL) && g.out_channels.is_multiple_of(PANEL);
        let any = g.batch * g.input_len() > 0 && g.output_len() > 0;
        (halving && even && whole && any).then_some(Self {
            g: *g,
            columns: g.out_width / 2,
            rows: g.out_height / 2,
        })
    }

    /// Tiles of one picture.
    fn per_picture(&self) -> usize {
        self.columns * self.rows
    }

    /// Values of the two output rows of a row of tiles.
    fn row_of_outputs(&self) -> usize {
        2 * self.g.out_width * self.g.out_channels
    }

    /// The depth of the forward product: channels of all parities.
    fn depth(&self) -> usize {
        PARITIES * self.g.in_channels
    }

    /// The 2x2 output positions of a tile, as the indices of their first values.
    fn outputs(&self, tile: usize) -> [[usize; 2]; 2] {
        let (row, column) = (tile / self.columns, tile % self.columns);
        let at = |y, x| ((2 * row + y) * self.g.out_width + 2 * column + x) * self.g.out_channels;
        [[at(0, 0), at(0, 1)], [at(1, 0), at(1, 1)]]
    }

    /// The 3x3 pixels of a tile in the plane of a parity, as the indices of their first values; `None` in the padding.
    fn inputs(&self, tile: usize, parity: usize) -> [[Option<usize>; 3]; 3] {
        let g = &self.g;
        let (picture, tile) = (tile / self.per_picture(), tile % self.per_picture());
        let (row, column) = (tile / self.columns, tile % self.columns);
        let mut pixels = [[None; 3]; 3];
        for (y, pixels) in pixels.iter_mut().enumerate() {
            // Below the padding this wraps around to a number that no picture has.
            let y = (2 * (2 * row + y) + parity / 2).wrapping_sub(g.window.padding[0]);
            for (x, pixel) in pixels.iter_mut().enumerate() {
                let x = (2 * (2 * column + x) + parity % 2).wrapping_sub(g.window.padding[1]);
                if y < g.height && x < g.width {
                    *pixel = Some(((picture * g.height + y) * g.width + x) * g.in_channels);
                }
            }
        }
        pixels
    }
}

pub(super) fn forward(input: &[f32], weight: &[f32], tiling: &Tiling) -> Vec<f32> {
    let g = &tiling.g;
    let panels = weights::for_outputs(weight, g);
    let group = TILES.div_ceil(tiling.columns);
    let block = group * tiling.row_of_outputs();
    in_blocks(
        g.batch * g.output_len(),
        block,
        Scratch::default,
        |scratch, index, output| {
            let first = index * group * tiling.columns;
            let count = output.len() / tiling.row_of_outputs() * tiling.columns;
            let v = resized(&mut scratch.inputs, POINTS * count * tiling.depth());
            let m = resized(&mut scratch.outputs, POINTS * count * g.out_channels);
            Arch::new().dispatch(TransformInput {
                v,
                layout: Layout::rows(count, tiling.depth()),
                input,
                tiling,
                tiles: first..first + count,
                channels: 0..g.in_channels,
            });
            products([m, v], [g.out_channels, tiling.depth()], &panels);
            Arch::new().dispatch(Outputs { output, m, tiling });
        },
    )
}

pub(super) fn input_grad(output_grad: &[f32], weight: &[f32], tiling: &Tiling) -> Vec<f32> {
    let g = &tiling.g;
    let panels = weights::for_inputs(weight, g);
    let threads = rayon::current_num_threads();
    let group = (TILES / tiling.per_picture()).clamp(1, g.batch.div_ceil(threads));
    let rows = TILES.div_ceil(tiling.columns);
    let block = group * g.input_len();
    in_blocks(
        g.batch * g.input_len(),
        block,
        Scratch::default,
        |scratch, index, input_grad| {
            let pictures = input_grad.len() / g.input_len();
            let output_grad = &output_grad[index * group * g.output_len()..][..pictures * g.output_len()];
            // The tiles of a group overlap and are added in order.
            for (index, output_grad) in output_grad.chunks(rows * tiling.row_of_outputs()).enumerate() {
                let first = index * rows * tiling.columns;
                let count = output_grad.len() / tiling.row_of_outputs() * tiling.columns;
                let m = resized(&mut scratch.outputs, POINTS * count * g.out_channels);
                let v = resized(&mut scratch.inputs, POINTS * count * tiling.depth());
                Arch::new().dispatch(TransformOutputGrad {
                    m,
                    layout: Layout::rows(count, g.out_channels),
                    output_grad,
                    tiling,
                    tiles: 0..count,
                    channels: 0..g.out_channels,
                });
                products([v, m], [tiling.depth(), g.out_channels], &panels);
                Arch::new().dispatch(AddInputGrad {
                    input_grad,
                    v,
                    tiling,
                    tiles: first..first + count,
                });
            }
        },
    )
}

/// At each point, `out` = `left` times the weight; `columns` are those of `out` and of `left`.
fn products([out, left]: [&mut [f32]; 2], columns: [usize; 2], weight: &Panels) {
    let tiles = out.len() / POINTS / columns[0];
    let points = out
        .chunks_exact_mut(tiles * columns[0])
        .zip(left.chunks_exact(tiles * columns[1]));
    for (point, (out, left)) in points.enumerate() {
        for column in (0..columns[0]).step_by(PANEL) {
            let block = Block {
                values: out,
                stride: columns[0],
                column,
            };
            multiply(block, left, weight.of(point, column));
        }
    }
}

/// Parallel over channels, not over pictures: there are no partial sums, and the result is the same for any number of
/// threads.
pub(super) fn weight_grad(input: &[f32], output_grad: &[f32], tiling: &Tiling) -> Vec<f32> {
    let g = &tiling.g;
    let parts: Vec<(Part, Vec<f32>)> = Part::all(g, rayon::current_num_threads())
        .into_par_iter()
        .map(|part| {
            let grad = part_of_weight_grad(input, output_grad, tiling, &part);
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
                weight_grad[start..start + len].copy_from_slice(&grad[(out - part.out.start) * len..][..len]);
            }
        });
    weight_grad
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

fn part_of_weight_grad(input: &[f32], output_grad: &[f32], tiling: &Tiling, part: &Part) -> Vec<f32> {
    let g = &tiling.g;
    let (rows, columns) = (PARITIES * part.channels.len(), part.out.len());
    let mut sums = vec![0.0; POINTS * rows * columns];
    let (mut v, mut m) = (Vec::<StripRow>::new(), Vec::<PanelRow>::new());
    let all = g.batch * tiling.per_picture();
    for first in (0..all).step_by(DEEP_TILES) {
        let tiles = first..all.min(first + DEEP_TILES);
        let count = tiles.len();
        v.resize(POINTS * rows / STRIP * count, [0.0; STRIP]);
        m.resize(POINTS * columns / PANEL * count, [0.0; PANEL]);
        Arch::new().dispatch(TransformInput {
            v: v.as_flattened_mut(),
            layout: Layout::panels(count, rows, STRIP),
            input,
            tiling,
            tiles: tiles.clone(),
            channels: part.channels.clone(),
        });
        Arch::new().dispatch(TransformOutputGrad {
            m: m.as_flattened_mut(),
            layout: Layout::panels(count, columns, PANEL),
            output_grad,
            tiling,
            tiles,
            channels: part.out.clone(),
        });
        let points = v
            .chunks_exact(rows / STRIP * count)
            .zip(m.chunks_exact(columns / PANEL * count));
        for (sums, (v, m)) in sums.chunks_exact_mut(rows * columns).zip(points) {
            for (index, panel) in m.chunks_exact(count).enumerate() {
                let out = Block {
                    values: sums,
                    stride: columns,
                    column: index * PANEL,
                };
                accumulate_outer(out, v, panel);
            }
        }
    }
    weights::gradient(&sums, rows / PARITIES, columns)
}

/// Buffers that a thread keeps from group to group.
#[derive(Default)]
struct Scratch {
    inputs: Vec<f32>,
    outputs: Vec<f32>,
}

fn resized(buffer: &mut Vec<f32>, len: usize) -> &mut [f32] {
    buffer.resize(len, 0.0);
    buffer
}
