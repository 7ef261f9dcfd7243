//! The factors of a matrix product as panels.
//!
//! A panel is a block of neighbouring columns, depth first, so that the inner loop of a product
//! reads it in order: [`PANEL`] columns of the right factor, [`STRIP`] rows of the left one.

use rayon::prelude::*;

use super::{blocks::in_blocks, scratch::Scratch};

/// Columns of a panel of the right factor.
pub(crate) const PANEL: usize = 32;
/// Rows of a panel of the left factor.
pub(crate) const STRIP: usize = 16;
/// Values of a line of the cache.
const LINE: usize = 16;
/// Least number of rows of panels for a thread: with fewer, waiting takes longer than packing.
const PACKED: usize = 1 << 10;

/// Rows that a thread makes of panels.
const INTERLEAVED: usize = 64;

/// A row of a panel: one step of depth.
pub(crate) type PanelRow = [f32; PANEL];
/// A row of a strip of the left factor.
pub(crate) type StripRow = [f32; STRIP];

/// Pieces of `width` columns that [`pack`] makes of a matrix.
pub(crate) fn packed_len(matrix: usize, columns: usize, width: usize) -> usize {
    columns.div_ceil(width) * (matrix / columns.max(1))
}

/// Stores a matrix of `columns` columns, row after row, as panels of `W` columns, depth first; the
/// last one is filled up with zeros.
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

/// A matrix from its panels of columns.
///
/// # Panics
/// If the panels are not of equal length.
pub(crate) fn interleaved(panels: &[Scratch]) -> Vec<f32> {
    let columns = panels.len() * PANEL;
    let len = panels.first().map_or(0, |panel| panel.len());
    let equal = panels.iter().all(|panel| panel.len() == len);
    assert!(equal, "panels of different lengths");
    let rows = len / PANEL;
    in_blocks(rows * columns, INTERLEAVED * columns, |index, block| {
        for (panel, values) in panels.iter().enumerate() {
            let rows = values[index * INTERLEAVED * PANEL..].chunks_exact(PANEL);
            for (row, values) in block.chunks_exact_mut(columns).zip(rows) {
                row[panel * PANEL..][..PANEL].copy_from_slice(values);
            }
        }
    })
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
