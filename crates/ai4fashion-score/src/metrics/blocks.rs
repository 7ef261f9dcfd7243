//! Products of all pairs of rows, block by block and on all cores.

use nalgebra::DMatrix;
use rayon::prelude::*;

use crate::features::Features;

/// Rows of a block: the products of one with 5,000 rows take 10 MiB.
const BLOCK: usize = 256;

/// Calls `work` with the dot products of all rows of `a` with a block of rows of `b`: `[a, block]`,
/// and the place of the block's first row. The results come in the order of the blocks.
pub(crate) fn products<T: Send>(
    a: &Features,
    b: &Features,
    work: impl Fn(usize, DMatrix<f64>) -> T + Sync,
) -> Vec<T> {
    let transposed = a.columns().transpose();
    let blocks = b.len().div_ceil(BLOCK);
    (0..blocks)
        .into_par_iter()
        .map(|block| {
            let first = block * BLOCK;
            let count = BLOCK.min(b.len() - first);
            work(first, &transposed * b.columns().columns(first, count))
        })
        .collect()
}

/// Calls `work` with the Euclidean distances of all rows of `a` from a block of rows of `b`.
pub(crate) fn distances<T: Send>(
    a: &Features,
    b: &Features,
    work: impl Fn(usize, DMatrix<f64>) -> T + Sync,
) -> Vec<T> {
    let (of_a, of_b) = (squares(a), squares(b));
    products(a, b, |first, mut block| {
        for (place, mut column) in block.column_iter_mut().enumerate() {
            let own = of_b[first + place];
            for (product, other) in column.iter_mut().zip(&of_a) {
                let squared = (own + other - 2.0 * *product).max(0.0);
                *product = squared.sqrt();
            }
        }
        work(first, block)
    })
}

/// The squared length of each row.
fn squares(features: &Features) -> Vec<f64> {
    let columns = features.columns().column_iter();
    columns.map(|row| row.norm_squared()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_all_pairs() {
        let rows = |count: usize, step: f64| {
            let values = (0..2 * count).map(|place| (place as f64 * step).sin());
            Features::new(2, values.collect()).unwrap()
        };
        let (a, b) = (rows(7, 0.7), rows(BLOCK + 3, 1.3));
        let found = distances(&a, &b, |first, block| (first, block));
        assert_eq!(
            found.iter().map(|(first, _)| *first).collect::<Vec<_>>(),
            [0, BLOCK]
        );
        for (first, block) in found {
            for (place, column) in block.column_iter().enumerate() {
                for (other, distance) in column.iter().enumerate() {
                    let (x, y) = (a.row(other), b.row(first + place));
                    let expected = (x[0] - y[0]).hypot(x[1] - y[1]);
                    assert!((distance - expected).abs() < 1e-7, "{distance} {expected}");
                }
            }
        }
    }
}
