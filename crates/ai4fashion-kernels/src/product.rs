//! Matrix products on the calling thread.
//!
//! The right factor is stored in panels of [`PANEL`] columns, depth first, so that the inner loop reads it in order;
//! the left one row by row ([`multiply`]) or in panels of [`STRIP`] rows, depth first ([`sum_of_outer`]). A tile of
//! the output stays in registers while the loop runs over the depth (K. Goto, R. van de Geijn, Anatomy of
//! High-Performance Matrix Multiplication, 2008). [`pulp`] picks the widest instructions of the processor.

use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Columns of a panel of the right factor.
pub(crate) const PANEL: usize = 32;
/// Rows of a panel of the left factor.
pub(crate) const STRIP: usize = 16;
/// Depth of a block: a panel's block is as large as the first-level cache.
const DEPTH: usize = 256;
/// Values of a line of the cache.
const LINE: usize = 16;
/// Rows of panels that a thread packs at least, or it would wait for the others longer than it works.
const PACKED: usize = 1 << 10;

/// A row of a panel: one step of depth.
pub(crate) type PanelRow = [f32; PANEL];
/// The same of the left factor.
pub(crate) type StripRow = [f32; STRIP];

/// What the product does with the values that are already in its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Overwrite,
    Add,
}

/// A block of columns of a matrix that is stored row after row.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) values: &'a mut [f32],
    /// Columns of the whole matrix.
    pub(crate) stride: usize,
    /// Where the block begins; it is as wide as a panel, or what is left of the matrix.
    pub(crate) column: usize,
}

impl Block<'_> {
    fn width(&self) -> usize {
        PANEL.min(self.stride - self.column)
    }
}

/// Writes `left`, stored row after row with a length of `panel.len()`, times `panel` into a block of columns.
///
/// # Panics
/// If the rows of `left` and of the output are not equally many.
pub(crate) fn multiply(out: Block<'_>, left: &[f32], panel: &[PanelRow]) {
    if panel.is_empty() {
        return each_row(out, |row| row.fill(0.0));
    }
    assert_eq!(
        out.values.len() / out.stride,
        left.len() / panel.len(),
        "rows of the product"
    );
    Arch::new().dispatch(Multiply { out, left, panel });
}

/// Writes the product of a left factor's panels and one of the right into a block of columns, or adds it there: the sum
/// over the depth of each step's outer product. The panels of `left` lie one after the other, each as deep as `panel`.
///
/// # Panics
/// If `left` has too few rows for the output.
pub(crate) fn sum_of_outer(out: Block<'_>, mode: Output, left: &[StripRow], panel: &[PanelRow]) {
    if panel.is_empty() {
        if mode == Output::Overwrite {
            each_row(out, |row| row.fill(0.0));
        }
        return;
    }
    let strips = (out.values.len() / out.stride).div_ceil(STRIP);
    assert_eq!(left.len(), strips * panel.len(), "strips of the product");
    Arch::new().dispatch(SumOfOuter {
        out,
        mode,
        left,
        panel,
    });
}

fn each_row(out: Block<'_>, change: impl Fn(&mut [f32])) {
    let (column, width) = (out.column, out.width());
    for row in out.values.chunks_exact_mut(out.stride) {
        change(&mut row[column..column + width]);
    }
}

struct Multiply<'a> {
    out: Block<'a>,
    left: &'a [f32],
    panel: &'a [PanelRow],
}

impl WithSimd for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 {
            self.tiles::<S, 8>(simd);
        } else {
            self.tiles::<S, 4>(simd);
        }
    }
}

impl Multiply<'_> {
    #[inline(always)]
    fn tiles<S: Simd, const R: usize>(self, simd: S) {
        let Self { out, left, panel } = self;
        let (depth, width) = (panel.len(), out.width());
        for start in (0..depth).step_by(DEPTH) {
            let panel = &panel[start..depth.min(start + DEPTH)];
            let mode = if start == 0 {
                Output::Overwrite
            } else {
                Output::Add
            };
            let whole = out.values.len() / out.stride / R * R;
            let (tiles, rest) = out.values.split_at_mut(whole * out.stride);
            let (left_tiles, left_rest) = left.split_at(whole * depth);
            for (out_tile, left) in tiles
                .chunks_exact_mut(R * out.stride)
                .zip(left_tiles.chunks_exact(R * depth))
            {
                let rows: [&[f32]; R] = core::array::from_fn(|r| &left[r * depth + start..][..panel.len()]);
                let place = Tile::new(out_tile, out.stride, out.column, width, mode);
                tile::<S, R>(simd, place, panel, |r, step| rows[r][step]);
            }
            for (row, left) in rest
                .chunks_exact_mut(out.stride)
                .zip(left_rest.chunks_exact(depth))
            {
                let left = &left[start..][..panel.len()];
                let place = Tile::new(row, out.stride, out.column, width, mode);
                tile::<S, 1>(simd, place, panel, |_, step| left[step]);
            }
        }
    }
}

struct SumOfOuter<'a> {
    out: Block<'a>,
    mode: Output,
    left: &'a [StripRow],
    panel: &'a [PanelRow],
}

impl WithSimd for SumOfOuter<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        if S::REGISTER_COUNT >= 32 {
            self.tiles::<S, 8>(simd);
        } else {
            self.tiles::<S, 4>(simd);
        }
    }
}

impl SumOfOuter<'_> {
    #[inline(always)]
    fn tiles<S: Simd, const R: usize>(self, simd: S) {
        let Self {
            out,
            mode,
            left,
            panel,
        } = self;
        let (depth, width) = (panel.len(), out.width());
        for (strip, left) in out
            .values
            .chunks_mut(STRIP * out.stride)
            .zip(left.chunks_exact(depth))
        {
            for (part, rows) in strip.chunks_mut(R * out.stride).enumerate() {
                let first = part * R;
                if rows.len() == R * out.stride {
                    let place = Tile::new(rows, out.stride, out.column, width, mode);
                    tile::<S, R>(simd, place, panel, |r, step| left[step][first + r]);
                } else {
                    for (row, values) in rows.chunks_exact_mut(out.stride).enumerate() {
                        let place = Tile::new(values, out.stride, out.column, width, mode);
                        tile::<S, 1>(simd, place, panel, |_, step| left[step][first + row]);
                    }
                }
            }
        }
    }
}

/// A few rows of a block of columns.
struct Tile<'a> {
    values: &'a mut [f32],
    stride: usize,
    width: usize,
    mode: Output,
}

impl<'a> Tile<'a> {
    #[inline(always)]
    fn new(rows: &'a mut [f32], stride: usize, column: usize, width: usize, mode: Output) -> Self {
        Self {
            values: &mut rows[column..],
            stride,
            width,
            mode,
        }
    }
}

/// `R` rows of a product with a panel, two registers of columns at a time.
#[inline(always)]
fn tile<S: Simd, const R: usize>(
    simd: S,
    tile: Tile<'_>,
    panel: &[PanelRow],
    left: impl Fn(usize, usize) -> f32,
) {
    let columns = 2 * S::F32_LANES;
    for first in (0..tile.width).step_by(columns) {
        let mut sums = [[simd.splat_f32s(0.0); 2]; R];
        for (step, right) in panel.iter().enumerate() {
            let (right, _) = S::as_simd_f32s(&right[first..first + columns]);
            let (one, other) = (right[0], right[1]);
            for (row, sums) in sums.iter_mut().enumerate() {
                let left = simd.splat_f32s(left(row, step));
                sums[0] = simd.mul_add_f32s(left, one, sums[0]);
                sums[1] = simd.mul_add_f32s(left, other, sums[1]);
            }
        }
        for (row, sums) in sums.iter().enumerate() {
            let out = &mut tile.values[row * tile.stride + first..];
            let width = columns.min(tile.width - first);
            if width == columns {
                let (out, _) = S::as_mut_simd_f32s(&mut out[..columns]);
                for (out, sum) in out.iter_mut().zip(sums) {
                    *out = match tile.mode {
                        Output::Overwrite => *sum,
                        Output::Add => simd.add_f32s(*out, *sum),
                    };
                }
            } else {
                let mut whole = [0.0; PANEL];
                let (lanes, _) = S::as_mut_simd_f32s(&mut whole);
                lanes[..2].copy_from_slice(sums);
                for (out, sum) in out[..width].iter_mut().zip(whole) {
                    *out = match tile.mode {
                        Output::Overwrite => sum,
                        Output::Add => *out + sum,
                    };
                }
            }
        }
    }
}

/// Pieces of `width` columns that [`pack`] makes of a matrix.
pub(crate) fn packed_len(matrix: usize, columns: usize, width: usize) -> usize {
    columns.div_ceil(width) * (matrix / columns.max(1))
}

/// Stores a matrix of `columns` columns, row after row, as panels of `W` columns, depth first; the last one is filled up
/// with zeros.
///
/// # Panics
/// If `panels` is not as long as [`packed_len`].
pub(crate) fn pack<const W: usize>(panels: &mut [[f32; W]], matrix: &[f32], columns: usize) {
    assert_eq!(
        panels.len(),
        packed_len(matrix.len(), columns, W),
        "length of the panels"
    );
    let depth = matrix.len() / columns.max(1);
    for (index, panel) in panels.chunks_exact_mut(depth.max(1)).enumerate() {
        let first = index * W;
        let width = W.min(columns - first);
        for (to, row) in panel.iter_mut().zip(matrix.chunks_exact(columns)) {
            to[..width].copy_from_slice(&row[first..first + width]);
            to[width..].fill(0.0);
        }
    }
}

/// Stores the transpose of a matrix whose rows have a length of `depth` as [`pack`] does.
///
/// # Panics
/// If `panels` is not as long as the transpose's panels.
pub(crate) fn pack_transposed(panels: &mut [PanelRow], matrix: &[f32], depth: usize) {
    let columns = matrix.len() / depth.max(1);
    assert_eq!(
        panels.len(),
        columns.div_ceil(PANEL) * depth,
        "length of the panels"
    );
    let depth = depth.max(1);
    let panels = panels.par_chunks_exact_mut(depth);
    let each = panels.zip(matrix.par_chunks(PANEL * depth));
    each.with_min_len(PACKED / depth + 1).for_each(|(panel, rows)| {
        for (block, to) in panel.chunks_mut(LINE).enumerate() {
            to.fill([0.0; PANEL]);
            for (column, row) in rows.chunks_exact(depth).enumerate() {
                let values = &row[block * LINE..];
                to.iter_mut()
                    .zip(values)
                    .for_each(|(to, value)| to[column] = *value);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matrix(len: usize) -> Vec<f32> {
        (0..len).map(|i| ((i * 37 + 11) % 17) as f32 - 8.0).collect()
    }

    /// Row by column, in whole numbers that `f32` holds exactly.
    fn reference(left: &[f32], right: &[f32], depth: usize, columns: usize) -> Vec<f32> {
        let cell = |row: &[f32], column: usize| -> f32 {
            let right = right.iter().skip(column).step_by(columns);
            row.iter().zip(right).map(|(l, r)| l * r).sum()
        };
        let rows = left.chunks_exact(depth);
        rows.flat_map(|row| (0..columns).map(move |column| cell(row, column)))
            .collect()
    }

    /// Deeper than a block, but for Miri, which takes a thousand times as long.
    const DEPTHS: usize = if cfg!(miri) { 9 } else { 600 };

    proptest! {
        #[test]
        fn both_products_equal_row_by_column(rows in 1_usize..40, columns in 1_usize..80, depth in 1..DEPTHS) {
            let (left, right) = (matrix(rows * depth), matrix(depth * columns));
            let expected = reference(&left, &right, depth, columns);

            let mut panels = vec![[f32::NAN; PANEL]; packed_len(right.len(), columns, PANEL)];
            pack(&mut panels, &right, columns);
            let mut out = vec![f32::NAN; rows * columns];
            for (index, panel) in panels.chunks_exact(depth).enumerate() {
                let column = index * PANEL;
                multiply(Block { values: &mut out, stride: columns, column }, &left, panel);
            }
            prop_assert_eq!(&out, &expected);

            let transposed: Vec<f32> = (0..depth * rows).map(|i| left[i % rows * depth + i / rows]).collect();
            let mut strips = vec![[f32::NAN; STRIP]; packed_len(transposed.len(), rows, STRIP)];
            pack(&mut strips, &transposed, rows);
            let mut add = |mode| {
                for (index, panel) in panels.chunks_exact(depth).enumerate() {
                    let column = index * PANEL;
                    sum_of_outer(Block { values: &mut out, stride: columns, column }, mode, &strips, panel);
                }
                out.clone()
            };
            let twice: Vec<f32> = expected.iter().map(|value| value * 2.0).collect();
            prop_assert_eq!(add(Output::Add), twice);
            prop_assert_eq!(&add(Output::Overwrite), &expected);

            let mut packed = vec![[f32::NAN; PANEL]; packed_len(left.len(), rows, PANEL)];
            pack_transposed(&mut packed, &left, depth);
            let mut expected = vec![[f32::NAN; PANEL]; packed.len()];
            pack(&mut expected, &transposed, rows);
            prop_assert_eq!(packed, expected);
        }
    }

    #[test]
    fn product_without_depth_is_zero() {
        let mut out = [f32::NAN; 4];
        multiply(
            Block {
                values: &mut out,
                stride: 2,
                column: 0,
            },
            &[],
            &[],
        );
        assert_eq!(out, [0.0; 4]);
    }

    #[test]
    #[should_panic(expected = "rows of the product")]
    fn sizes_that_do_not_fit_are_refused() {
        let mut out = [0.0; 4];
        multiply(
            Block {
                values: &mut out,
                stride: 2,
                column: 0,
            },
            &[1.0],
            &[[0.0; PANEL]],
        );
    }
}
