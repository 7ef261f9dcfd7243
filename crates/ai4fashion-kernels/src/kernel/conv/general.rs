//! Convolutions of any kernel, stride and padding, as im2col and a matrix product.
//!
//! | product | rows x depth x columns of the matrix product |
//! |---|---|
//! | forward | `positions` x `taps` x `out_channels` |
//! | input gradient | `positions` x `out_channels` x `taps` |
//! | weight gradient | `out_channels` x `positions` x `taps` |
//!
//! `taps` is `kernel_height * kernel_width * in_channels`, `positions` the output positions of a
//! block.

use std::{borrow::Cow, ops::Deref};

use rayon::prelude::*;

use crate::kernel::{
    blocks::in_blocks,
    geometry::Geometry,
    im2col,
    panel::{PANEL, PanelRow, STRIP, pack, pack_transposed, packed_len},
    product::{Block, Output, multiply, sum_of_outer},
    scratch::Scratch,
};

/// Rows of one matrix product: enough to make use of a panel, few enough to stay in the
/// second-level cache.
const POSITIONS: usize = 512;
/// Rows of panels that a thread takes of a product of a single row.
const PANELS_OF_ROW: usize = 1 << 12;
/// Values that a thread transposes at least.
const TRANSPOSED: usize = 1 << 14;

pub(super) fn forward(input: &[f32], weight: &[f32], g: &Geometry) -> Vec<f32> {
    forward_of(input, panels_for_outputs(weight, g).as_chunks().0, g)
}

/// The weight's panels for [`forward_of`].
pub(super) fn panels_for_outputs(weight: &[f32], g: &Geometry) -> Scratch {
    let mut panels = Scratch::new(g.out_channels.div_ceil(PANEL) * g.depth() * PANEL);
    pack_transposed(panels.pieces(), &taps_last(weight, g), g.depth());
    panels
}

pub(super) fn forward_of(input: &[f32], panels: &[PanelRow], g: &Geometry) -> Vec<f32> {
    let len = g.batch * g.output_len();
    if len == 0 || g.input_len() == 0 {
        return vec![0.0; len];
    }
    in_blocks(len, POSITIONS * g.out_channels, |index, output| {
        let positions = output.len() / g.out_channels;
        let rows = Rows::of(input, index * POSITIONS, positions, g);
        times_panels(output, g.out_channels, &rows, panels, g.depth());
    })
}

pub(super) fn input_grad(output_grad: &[f32], weight: &[f32], g: &Geometry) -> Vec<f32> {
    input_grad_of(output_grad, panels_for_inputs(weight, g).as_chunks().0, g)
}

/// The weight's panels for [`input_grad_of`].
pub(super) fn panels_for_inputs(weight: &[f32], g: &Geometry) -> Scratch {
    let mut panels = Scratch::new(packed_len(weight.len(), g.depth(), PANEL) * PANEL);
    pack::<PANEL>(panels.pieces(), &taps_last(weight, g), g.depth());
    panels
}

pub(super) fn input_grad_of(output_grad: &[f32], panels: &[PanelRow], g: &Geometry) -> Vec<f32> {
    let len = g.batch * g.input_len();
    if len == 0 || g.output_len() == 0 {
        return vec![0.0; len];
    }
    if im2col::is_identity(g) {
        return in_blocks(len, POSITIONS * g.in_channels, |index, input_grad| {
            let rows = input_grad.len() / g.in_channels * g.out_channels;
            let output_grad = &output_grad[index * POSITIONS * g.out_channels..][..rows];
            times_panels(input_grad, g.in_channels, output_grad, panels, g.out_channels);
        });
    }
    let group = images_per_group(g);
    let threads = rayon::current_num_threads();
    // Products that are made at once for a group; they are added up one after the other.
    let wave = (threads / g.batch.div_ceil(group)).max(1);
    in_blocks(len, group * g.input_len(), |index, input_grad| {
        let images = input_grad.len() / g.input_len();
        let output_grad = &output_grad[index * group * g.output_len()..][..images * g.output_len()];
        let product = |output_grad: &[f32]| {
            let mut matrix = Scratch::new(output_grad.len() / g.out_channels * g.depth());
            times_panels(&mut matrix, g.depth(), output_grad, panels, g.out_channels);
            matrix
        };
        let block = POSITIONS * g.out_channels;
        for (index, output_grad) in output_grad.chunks(wave * block).enumerate() {
            let mut first = index * wave * POSITIONS;
            let mut add = |matrix: Scratch| {
                im2col::scatter_add(input_grad, &matrix, first, g);
                first += POSITIONS;
            };
            if output_grad.len() <= block {
                add(product(output_grad));
            } else {
                let products: Vec<Scratch> = output_grad.par_chunks(block).map(product).collect();
                products.into_iter().for_each(add);
            }
        }
    })
}

pub(super) fn weight_grad(input: &[f32], output_grad: &[f32], g: &Geometry) -> Vec<f32> {
    let weight_len = g.out_channels * g.depth();
    let positions = g.batch * g.out_plane();
    if weight_len == 0 || positions == 0 || g.input_len() == 0 {
        return vec![0.0; weight_len];
    }
    // Each part sums its blocks in order; the parts are summed in order too.
    let blocks = positions
        .div_ceil(POSITIONS)
        .div_ceil(rayon::current_num_threads());
    let parts: Vec<Vec<f32>> = output_grad
        .par_chunks(blocks * POSITIONS * g.out_channels)
        .enumerate()
        .map(|(part, output_grad)| part_of_weight_grad(input, output_grad, part * blocks * POSITIONS, g))
        .collect();
    let mut parts = parts.into_iter();
    let mut total = parts.next().unwrap_or_default();
    for part in parts {
        total
            .par_iter_mut()
            .zip(part)
            .for_each(|(total, value)| *total += value);
    }
    taps_first(&total, g).into_owned()
}

/// The part of the output positions from `first` on.
fn part_of_weight_grad(input: &[f32], output_grad: &[f32], first: usize, g: &Geometry) -> Vec<f32> {
    let mut sum = vec![0.0; g.out_channels * g.depth()];
    for (index, output_grad) in output_grad.chunks(POSITIONS * g.out_channels).enumerate() {
        let positions = output_grad.len() / g.out_channels;
        let matrix = Rows::of(input, first + index * POSITIONS, positions, g);
        let mut strips = Scratch::new(packed_len(output_grad.len(), g.out_channels, STRIP) * STRIP);
        let strips = strips.pieces();
        pack::<STRIP>(strips, output_grad, g.out_channels);
        let mut panels = Scratch::new(packed_len(matrix.len(), g.depth(), PANEL) * PANEL);
        let panels = panels.pieces();
        pack(panels, &matrix, g.depth());
        for (index, panel) in panels.chunks_exact(positions).enumerate() {
            let out = Block {
                values: &mut sum,
                stride: g.depth(),
                column: index * PANEL,
            };
            sum_of_outer(out, Output::Add, strips, panel);
        }
    }
    sum
}

/// Rows of im2col's matrix.
enum Rows<'a> {
    Gathered(Scratch),
    /// Where the matrix is the images themselves.
    Images(&'a [f32]),
}

impl<'a> Rows<'a> {
    /// The rows of `positions` output positions from `first` on.
    fn of(input: &'a [f32], first: usize, positions: usize, g: &Geometry) -> Self {
        if im2col::is_identity(g) {
            return Self::Images(&input[first * g.in_channels..][..positions * g.in_channels]);
        }
        let mut matrix = Scratch::new(positions * g.depth());
        im2col::gather(&mut matrix, input, first, g);
        Self::Gathered(matrix)
    }
}

impl Deref for Rows<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match self {
            Self::Gathered(matrix) => matrix,
            Self::Images(pixels) => pixels,
        }
    }
}

/// `out` (`columns` columns) = `left` times all `panels`; a single row is the work of all threads.
fn times_panels(out: &mut [f32], columns: usize, left: &[f32], panels: &[PanelRow], depth: usize) {
    if out.len() == columns && panels.len() > 2 * PANELS_OF_ROW {
        let count = PANELS_OF_ROW / depth + 1;
        let parts = out.par_chunks_mut(count * PANEL);
        let parts = parts.zip(panels.par_chunks(count * depth));
        return parts.for_each(|(out, panels)| {
            let columns = out.len();
            columns_of_product(out, columns, left, panels, depth);
        });
    }
    columns_of_product(out, columns, left, panels, depth);
}

fn columns_of_product(out: &mut [f32], columns: usize, left: &[f32], panels: &[PanelRow], depth: usize) {
    for (index, panel) in panels.chunks_exact(depth).enumerate() {
        let out = Block {
            values: out,
            stride: columns,
            column: index * PANEL,
        };
        multiply(out, left, panel);
    }
}

/// Images whose gradients are added up together, but no more than leave every thread its part of
/// the batch.
fn images_per_group(g: &Geometry) -> usize {
    let part = g.batch.div_ceil(rayon::current_num_threads()).max(1);
    (POSITIONS / g.out_plane().max(1)).clamp(1, part)
}

/// A weight as `[out_channels, kernel_height, kernel_width, in_channels]`: a row of im2col's matrix
/// for each output.
fn taps_last<'a>(weight: &'a [f32], g: &Geometry) -> Cow<'a, [f32]> {
    transpose_each(weight, g.in_channels, g.kernel[0] * g.kernel[1])
}

/// The way back from [`taps_last`].
fn taps_first<'a>(weight: &'a [f32], g: &Geometry) -> Cow<'a, [f32]> {
    transpose_each(weight, g.kernel[0] * g.kernel[1], g.in_channels)
}

/// Each of the matrices of `rows` and `columns` transposed.
fn transpose_each(matrices: &[f32], rows: usize, columns: usize) -> Cow<'_, [f32]> {
    if rows == 1 || columns == 1 || matrices.is_empty() {
        return Cow::Borrowed(matrices);
    }
    let mut out = vec![0.0; matrices.len()];
    let size = rows * columns;
    let each = out
        .par_chunks_exact_mut(size)
        .zip(matrices.par_chunks_exact(size));
    each.with_min_len(TRANSPOSED / size + 1)
        .for_each(|(out, matrix)| {
            for (row, values) in matrix.chunks_exact(columns).enumerate() {
                let places = out.iter_mut().skip(row).step_by(rows);
                places.zip(values).for_each(|(to, value)| *to = *value);
            }
        });
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_single_row_is_the_same_on_many_threads() {
        let (columns, depth): (usize, usize) = if cfg!(miri) { (70, 3) } else { (2_085, 300) };
        let left: Vec<f32> = (0..depth).map(|step| step as f32 * 0.25 - 9.0).collect();
        let count = columns.div_ceil(PANEL) * depth;
        let panels: Vec<PanelRow> = (0..count).map(|row| [(row % 89) as f32 - 44.0; PANEL]).collect();
        let mut expected = vec![0.0; columns];
        columns_of_product(&mut expected, columns, &left, &panels, depth);
        for threads in [1, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
            let mut found = vec![f32::NAN; columns];
            pool.unwrap()
                .install(|| times_panels(&mut found, columns, &left, &panels, depth));
            assert_eq!(found, expected, "{threads} threads");
        }
    }
}
