//! Convolutions with a 4x4 kernel that halve the picture, by Winograd's minimal filtering.
//!
//! Such a convolution is the sum of four 2x2 convolutions with stride 1, one over each parity of the padded picture's
//! rows and columns: kernel row `2a + p` meets row `i + a` of the plane of parity `p` at output row `i`. Each of the four
//! is computed tile by tile (A. Lavin, S. Gray, Fast Algorithms for Convolutional Neural Networks, 2016) with the matrices
//! in [`filter`]. They are summed in the transformed domain, so that all of it is one matrix product for each of the N x N
//! points, whose depth is the channels of all four parities:
//!
//! | product | transforms | rows x depth x columns of the products |
//! |---|---|---|
//! | forward | input -> V, M = V U, M -> output | `tiles` x `4 in_channels` x `out_channels` |
//! | input gradient | output gradient -> M, V = M U', V -> input gradient | `tiles` x `out_channels` x `4 in_channels` |
//! | weight gradient | input -> V, output gradient -> M, U = V' M, U -> weight gradient | `4 in_channels` x `tiles` x `out_channels` |
//!
//! The gradients' transforms are the adjoints of the forward one's.

mod filter;
mod pictures;
mod weights;

use core::{marker::PhantomData, ops::Range};

use pulp::Arch;
use rayon::prelude::*;

use self::{
    filter::{F2, F4, Filter},
    pictures::{AddInputGrad, Layout, Outputs, TransformInput, TransformOutputGrad},
    weights::Panels,
};
use crate::{
    Precision,
    blocks::in_blocks,
    geometry::Geometry,
    mixed, precision,
    product::{Block, Output, PANEL, STRIP, multiply, sum_of_outer},
    scratch::Scratch,
};

/// Parities of rows and columns.
const PARITIES: usize = 4;

/// Tiles of one matrix product, for outputs and input gradients: the transformed values stay in the second-level cache.
const TILES: usize = 64;
/// The same for weight gradients, where the sums are read and written once for each block of tiles.
const DEEP_TILES: usize = 256;

/// Tiles of a picture from which on the larger filter is the faster one: it takes fewer products, but its transformed
/// weight is larger. The batch has no say, so that a picture comes out the same in any batch.
const MANY_TILES: usize = 4;

/// A convolution of the kind that this module computes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Winograd {
    Small(Tiling<F2, 3>),
    Large(Tiling<F4, 5>),
}

impl Winograd {
    /// `None` where the kernel is not 4x4 with stride 2, the output's sides are odd, or the channels no multiple of
    /// [`PANEL`].
    pub(super) fn of(g: &Geometry) -> Option<Self> {
        let halving = g.kernel == [4, 4] && g.window.stride == [2, 2];
        let whole = g.in_channels.is_multiple_of(PANEL) && g.out_channels.is_multiple_of(PANEL);
        let any = g.batch * g.input_len() > 0 && g.output_len() > 0;
        if !(halving && whole && any) {
            return None;
        }
        let precision = precision();
        // The larger filter would triple what mixed precision rounds away.
        Tiling::<F4, 5>::of(g, precision)
            .filter(|tiling| tiling.per_picture() >= MANY_TILES && precision == Precision::F32)
            .map(Self::Large)
            .or_else(|| Tiling::of(g, precision).map(Self::Small))
    }

    /// The same in mixed precision, where the processor has it.
    #[cfg(test)]
    pub(super) fn mixed(g: &Geometry) -> Option<Self> {
        let tiling = Tiling::of(g, Precision::Mixed)?;
        mixed::is_available().then_some(Self::Small(tiling))
    }

    pub(super) fn forward(&self, input: &[f32], weight: &[f32]) -> Vec<f32> {
        match self {
            Self::Small(tiling) => tiling.forward(input, weight),
            Self::Large(tiling) => tiling.forward(input, weight),
        }
    }

    pub(super) fn input_grad(&self, output_grad: &[f32], weight: &[f32]) -> Vec<f32> {
        match self {
            Self::Small(tiling) => tiling.input_grad(output_grad, weight),
            Self::Large(tiling) => tiling.input_grad(output_grad, weight),
        }
    }

    pub(super) fn weight_grad(&self, input: &[f32], output_grad: &[f32]) -> Vec<f32> {
        match self {
            Self::Small(tiling) => tiling.weight_grad(input, output_grad),
            Self::Large(tiling) => tiling.weight_grad(input, output_grad),
        }
    }
}

/// A convolution and its tiles.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tiling<F, const N: usize> {
    filter: PhantomData<F>,
    g: Geometry,
    /// Tiles in a row, and rows of tiles, of one picture.
    columns: usize,
    rows: usize,
    precision: Precision,
}

impl<F: Filter<N>, const N: usize> Tiling<F, N> {
    const POINTS: usize = N * N;

    /// `None` where the output is not made up of whole tiles.
    fn of(g: &Geometry, precision: Precision) -> Option<Self> {
        let sides = [g.out_width, g.out_height];
        sides
            .iter()
            .all(|side| side.is_multiple_of(F::OUTPUTS))
            .then(|| Self {
                filter: PhantomData,
                g: *g,
                columns: g.out_width / F::OUTPUTS,
                rows: g.out_height / F::OUTPUTS,
                precision,
            })
    }

    /// Tiles of one picture.
    fn per_picture(&self) -> usize {
        self.columns * self.rows
    }

    /// Output values of a row of tiles.
    fn row_of_outputs(&self) -> usize {
        F::OUTPUTS * self.g.out_width * self.g.out_channels
    }

    /// The depth of the forward product: channels of all parities.
    fn depth(&self) -> usize {
        PARITIES * self.g.in_channels
    }

    /// The output positions of a tile, as the indices of their first values, in the first N - 1 rows and columns.
    fn outputs(&self, tile: usize) -> [[usize; N]; N] {
        let (row, column) = (tile / self.columns, tile % self.columns);
        let mut outputs = [[0; N]; N];
        for (y, outputs) in outputs.iter_mut().enumerate() {
            for (x, output) in outputs.iter_mut().enumerate() {
                let pixel = (F::OUTPUTS * row + y) * self.g.out_width + F::OUTPUTS * column + x;
                *output = pixel * self.g.out_channels;
            }
        }
        outputs
    }

    /// The pixels of a tile in the plane of a parity, as the indices of their first values; `None` in the padding.
    fn inputs(&self, tile: usize, parity: usize) -> [[Option<usize>; N]; N] {
        let g = &self.g;
        let (picture, tile) = (tile / self.per_picture(), tile % self.per_picture());
        let (row, column) = (tile / self.columns, tile % self.columns);
        let mut pixels = [[None; N]; N];
        for (y, pixels) in pixels.iter_mut().enumerate() {
            // Below the padding this wraps around to a number that no picture has.
            let y = (2 * (F::OUTPUTS * row + y) + parity / 2).wrapping_sub(g.window.padding[0]);
            for (x, pixel) in pixels.iter_mut().enumerate() {
                let x = (2 * (F::OUTPUTS * column + x) + parity % 2).wrapping_sub(g.window.padding[1]);
                if y < g.height && x < g.width {
                    *pixel = Some(((picture * g.height + y) * g.width + x) * g.in_channels);
                }
            }
        }
        pixels
    }

    fn forward(&self, input: &[f32], weight: &[f32]) -> Vec<f32> {
        let g = &self.g;
        let panels = weights::for_outputs::<F, N>(weight, g, self.precision);
        let group = TILES.div_ceil(self.columns);
        let block = group * self.row_of_outputs();
        in_blocks(g.batch * g.output_len(), block, |index, output| {
            let first = index * group * self.columns;
            let count = output.len() / self.row_of_outputs() * self.columns;
            let mut v = Scratch::new(Self::POINTS * count * self.depth());
            let mut m = Scratch::new(Self::POINTS * count * g.out_channels);
            Arch::new().dispatch(TransformInput {
                v: &mut v,
                layout: Layout::rows(count, self.depth()),
                input,
                tiling: self,
                tiles: first..first + count,
                channels: 0..g.in_channels,
            });
            self.products(&mut m, &v, [g.out_channels, self.depth()], &panels);
            Arch::new().dispatch(Outputs {
                output,
                m: &mut m,
                tiling: self,
            });
        })
    }

    fn input_grad(&self, output_grad: &[f32], weight: &[f32]) -> Vec<f32> {
        let g = &self.g;
        let panels = weights::for_inputs::<F, N>(weight, g, self.precision);
        let threads = rayon::current_num_threads();
        let group = (TILES / self.per_picture()).clamp(1, g.batch.div_ceil(threads));
        let rows = TILES.div_ceil(self.columns);
        let block = group * g.input_len();
        in_blocks(g.batch * g.input_len(), block, |index, input_grad| {
            let pictures = input_grad.len() / g.input_len();
            let output_grad = &output_grad[index * group * g.output_len()..][..pictures * g.output_len()];
            // The tiles of a group overlap and are added in order.
            for (index, output_grad) in output_grad.chunks(rows * self.row_of_outputs()).enumerate() {
                let first = index * rows * self.columns;
                let count = output_grad.len() / self.row_of_outputs() * self.columns;
                let mut m = Scratch::new(Self::POINTS * count * g.out_channels);
                let mut v = Scratch::new(Self::POINTS * count * self.depth());
                Arch::new().dispatch(TransformOutputGrad {
                    m: &mut m,
                    layout: Layout::rows(count, g.out_channels),
                    output_grad,
                    tiling: self,
                    tiles: 0..count,
                    channels: 0..g.out_channels,
                });
                self.products(&mut v, &m, [self.depth(), g.out_channels], &panels);
                Arch::new().dispatch(AddInputGrad {
                    input_grad,
                    v: &v,
                    tiling: self,
                    tiles: first..first + count,
                });
            }
        })
    }

    /// At each point, `out` = `left` times the weight; `columns` are those of `out` and of `left`.
    fn products(&self, out: &mut [f32], left: &[f32], columns: [usize; 2], weight: &Panels) {
        let tiles = out.len() / Self::POINTS / columns[0];
        let mut pairs = Scratch::new(if self.precision == Precision::Mixed {
            left.len() / 2
        } else {
            0
        });
        let pairs = pairs.words();
        mixed::pair_rows(pairs, left);
        for (point, out) in out.chunks_exact_mut(tiles * columns[0]).enumerate() {
            let len = tiles * columns[1];
            for column in (0..columns[0]).step_by(PANEL) {
                let block = Block {
                    values: out,
                    stride: columns[0],
                    column,
                };
                match weight.pairs_of(point, column) {
                    Some(panel) => mixed::multiply(block, &pairs[point * len / 2..][..len / 2], panel),
                    None => multiply(block, &left[point * len..][..len], weight.of(point, column)),
                }
            }
        }
    }

    /// Parallel over channels, not over pictures: there are no partial sums, and the result is the same for any number of
    /// threads.
    fn weight_grad(&self, input: &[f32], output_grad: &[f32]) -> Vec<f32> {
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
        let all = g.batch * self.per_picture();
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
        weights::gradient::<F, N>(&sums, rows / PARITIES, columns)
    }

    /// At each point, the transpose of the first factor times the second; `sides` are their columns.
    fn sums_of_outer(&self, sums: &mut [f32], mode: Output, factors: [&mut Scratch; 2], sides: [usize; 2]) {
        let [v, m] = factors;
        let [rows, columns] = sides;
        let count = v.len() / Self::POINTS / rows;
        let blocks = |sums: &mut [f32], each: &mut dyn FnMut(Block<'_>, usize, usize)| {
            for (point, sums) in sums.chunks_exact_mut(rows * columns).enumerate() {
                for panel in 0..columns / PANEL {
                    let block = Block {
                        values: &mut *sums,
                        stride: columns,
                        column: panel * PANEL,
                    };
                    each(block, point * rows / STRIP, point * columns / PANEL + panel);
                }
            }
        };
        if self.precision == Precision::Mixed {
            let depth = count.div_ceil(2);
            let mut v_pairs = Scratch::new(Self::POINTS * rows * depth);
            let mut m_pairs = Scratch::new(Self::POINTS * columns * depth);
            let v_pairs = pairs_of::<STRIP>(v_pairs.words(), v, count);
            let m_pairs = pairs_of::<PANEL>(m_pairs.words(), m, count);
            blocks(sums, &mut |block, strip, panel| {
                let left = &v_pairs[strip * depth..][..rows / STRIP * depth];
                mixed::sum_of_outer(block, mode, left, &m_pairs[panel * depth..][..depth]);
            });
        } else {
            let (v, m) = (v.pieces(), m.pieces());
            blocks(sums, &mut |block, strip, panel| {
                let left = &v[strip * count..][..rows / STRIP * count];
                sum_of_outer(block, mode, left, &m[panel * count..][..count]);
            });
        }
    }
}

/// Panels of a depth of `count` as pairs.
fn pairs_of<'a, const W: usize>(words: &'a mut [u32], panels: &Scratch, count: usize) -> &'a [[u32; W]] {
    let pairs = words.as_chunks_mut().0;
    let from = panels.as_chunks().0.chunks_exact(count);
    for (pairs, panel) in pairs.chunks_exact_mut(count.div_ceil(2)).zip(from) {
        mixed::pair_panel(pairs, panel);
    }
    pairs
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
