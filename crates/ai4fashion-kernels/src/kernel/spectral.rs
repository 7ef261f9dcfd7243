//! Spectral normalization: a matrix divided by its largest singular value.
//!
//! With a matrix `W` in rows, and unit vectors `u` and `v` near its first singular ones (T. Miyato
//! et al., Spectral Normalization for Generative Adversarial Networks, 2018, section 2.1 and
//! algorithm 1):
//!
//! ```text
//! v = unit(u W)      u = unit(W v)      largest = u W v      y = W / largest
//! W' = (g - sum(g * y) * u v) / largest
//! ```
//!
//! Each thread takes whole columns or whole rows and sums them in order: the result does not depend
//! on the number of threads.

use pulp::Arch;
use rayon::prelude::*;

use super::blocks::in_blocks;

/// Columns that a thread works on at a time.
const COLUMNS: usize = 1 << 10;
/// Values that are summed side by side.
const LANES: usize = 16;
/// Added to a vector's length before it is divided by it (PyTorch's default for `spectral_norm`).
pub(crate) const EPSILON: f32 = 1e-12;

/// A matrix, row by row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix<'a> {
    pub(crate) values: &'a [f32],
    pub(crate) columns: usize,
}

/// Moves `u` and `v` towards the first singular vectors: `v` by half an iteration, and then, if
/// `update_u`, `u` by the other half.
pub(crate) fn power_iteration(matrix: Matrix<'_>, u: &[f32], update_u: bool) -> [Vec<f32>; 2] {
    let v = unit(matrix.left_product(u));
    let u = if update_u {
        unit(matrix.right_product(&v))
    } else {
        u.to_vec()
    };
    [u, v]
}

/// The matrix, divided by `u W v`.
pub(crate) fn forward(matrix: Matrix<'_>, u: &[f32], v: &[f32]) -> Vec<f32> {
    let inverse = 1.0 / matrix.sigma(u, v);
    in_blocks(matrix.values.len(), matrix.columns, |row, y| {
        let values = &matrix.values[row * matrix.columns..][..matrix.columns];
        for (y, value) in y.iter_mut().zip(values) {
            *y = value * inverse;
        }
    })
}

/// Turns the gradient to the divided matrix into that to the matrix, with `u` and `v` as constants.
pub(crate) fn backward(matrix: Matrix<'_>, u: &[f32], v: &[f32], grad: &mut [f32]) {
    let inverse = 1.0 / matrix.sigma(u, v);
    let along = dot_rows(matrix, |row| &grad[row * matrix.columns..][..matrix.columns]);
    let along = sum(&along) * inverse;
    let rows = grad.par_chunks_mut(matrix.columns).zip(u);
    rows.for_each(|(grad, u)| {
        let u = along * u;
        for (grad, v) in grad.iter_mut().zip(v) {
            *grad = (*grad - u * v) * inverse;
        }
    });
}

impl Matrix<'_> {
    fn sigma(self, u: &[f32], v: &[f32]) -> f32 {
        dot(u, &self.right_product(v))
    }

    /// `u W`
    fn left_product(self, u: &[f32]) -> Vec<f32> {
        in_blocks(self.columns, COLUMNS, |index, sums| {
            let first = index * COLUMNS;
            Arch::new().dispatch(
                #[inline(always)]
                || {
                    for (row, u) in self.values.chunks_exact(self.columns).zip(u) {
                        for (sum, value) in sums.iter_mut().zip(&row[first..]) {
                            *sum += value * u;
                        }
                    }
                },
            );
        })
    }

    /// `W v`
    fn right_product(self, v: &[f32]) -> Vec<f32> {
        dot_rows(self, |_| v)
    }
}

/// The product of each row of a matrix with a vector for it.
fn dot_rows<'a>(matrix: Matrix<'_>, of_row: impl Fn(usize) -> &'a [f32] + Sync) -> Vec<f32> {
    let rows = matrix.values.par_chunks_exact(matrix.columns).enumerate();
    rows.map(|(index, row)| dot(row, of_row(index))).collect()
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    Arch::new().dispatch(
        #[inline(always)]
        || {
            let mut sums = [0.0; LANES];
            for (a, b) in a.chunks(LANES).zip(b.chunks(LANES)) {
                for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
                    *sum += a * b;
                }
            }
            sum(&sums)
        },
    )
}

fn sum(values: &[f32]) -> f32 {
    values.iter().map(|value| f64::from(*value)).sum::<f64>() as f32
}

/// Scales a vector to length 1.
fn unit(mut vector: Vec<f32>) -> Vec<f32> {
    let inverse = 1.0 / (dot(&vector, &vector).sqrt() + EPSILON);
    vector.iter_mut().for_each(|value| *value *= inverse);
    vector
}
