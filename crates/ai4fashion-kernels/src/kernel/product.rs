//! Matrix products on the calling thread.
//!
//! The right factor is stored in panels of [`PANEL`] columns, depth first, so that the inner loop
//! reads it in order; the left one row by row ([`multiply`]) or in panels of [`STRIP`] rows, depth
//! first ([`sum_of_outer`]). A tile of the output stays in registers while the loop runs over the
//! depth (K. Goto, R. van de Geijn, Anatomy of High-Performance Matrix Multiplication, 2008).
//! [`pulp`] picks the widest instructions of the CPU.

mod tile;

use pulp::{Arch, Simd, WithSimd};

use crate::kernel::panel::{PANEL, PanelRow, STRIP, StripRow};

pub(crate) use self::tile::{Output, Tile, tile};

/// Depth of a block: a panel's block is as large as the first-level cache.
pub(crate) const DEPTH: usize = 256;

/// A block of columns of a matrix that is stored row after row.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    pub(crate) values: &'a mut [f32],
    /// Columns of the whole matrix.
    pub(crate) stride: usize,
    /// Where the block begins; it is as wide as a panel, or as the rest of the matrix.
    pub(crate) column: usize,
}

impl Block<'_> {
    fn width(&self) -> usize {
        PANEL.min(self.stride - self.column)
    }
}

/// Writes `left`, stored row after row with a length of `panel.len()`, times `panel` into a block
/// of columns.
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

/// Writes the product of a left factor's panels and one of the right into a block of columns, or
/// adds it there: the sum over the depth of each step's outer product. The panels of `left` lie one
/// after the other, each as deep as `panel`.
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

#[cfg(test)]
mod tests;
