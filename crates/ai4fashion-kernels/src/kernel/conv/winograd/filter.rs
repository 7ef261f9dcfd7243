//! The matrices of minimal filtering with two taps.
//!
//! F(M, 2) gives M outputs from `N = M + 1` inputs by N products instead of 2 M: with inputs `d`,
//! taps `g` and outputs `y`
//!
//! ```text
//! y = OUTPUT ((KERNEL g) * (INPUT d))
//! ```
//!
//! where `*` multiplies element by element (A. Toom, 1963; S. Cook, 1966; S. Winograd, Arithmetic
//! Complexity of Computations, 1980). The matrices interpolate at N - 1 points and infinity; the
//! rows of `KERNEL` are divided such that the rows of `INPUT` are small whole numbers. In two
//! dimensions each matrix is applied to the columns, then to the rows.

use pulp::Simd;

/// A matrix with `N` columns.
pub(in crate::kernel::conv) type Matrix<const ROWS: usize, const N: usize> = [[f32; N]; ROWS];

/// Filtering with two taps by `N` products.
pub(in crate::kernel::conv) trait Filter<const N: usize>: Copy + Send + Sync {
    /// Outputs of a tile's side.
    const OUTPUTS: usize = N - 1;
    const INPUT: Matrix<N, N>;
    const KERNEL: Matrix<N, 2>;
    /// The last row is no output: there is no type for N - 1 rows.
    const OUTPUT: Matrix<N, N>;
    const INPUT_ADJOINT: Matrix<N, N> = transposed(Self::INPUT);
    const KERNEL_ADJOINT: Matrix<2, N> = transposed(Self::KERNEL);
    const OUTPUT_ADJOINT: Matrix<N, N> = transposed(Self::OUTPUT);
}

/// Two outputs by 3 products, from the points 0, 1 and infinity: 9 products instead of 16 for a
/// tile.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel::conv) struct F2;

impl Filter<3> for F2 {
    const INPUT: Matrix<3, 3> = [[1.0, -1.0, 0.0], [0.0, 1.0, 0.0], [0.0, -1.0, 1.0]];
    const KERNEL: Matrix<3, 2> = [[1.0, 0.0], [1.0, 1.0], [0.0, 1.0]];
    const OUTPUT: Matrix<3, 3> = [[1.0, 1.0, 0.0], [0.0, 1.0, 1.0], [0.0; 3]];
}

/// Four outputs by 5 products, from the points 0, 1, -1, 1/2 and infinity: 25 products instead of
/// 64 for a tile.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel::conv) struct F4;

impl Filter<5> for F4 {
    const INPUT: Matrix<5, 5> = [
        [1.0, -2.0, -1.0, 2.0, 0.0],
        [0.0, -1.0, 1.0, 2.0, 0.0],
        [0.0, -1.0, 3.0, -2.0, 0.0],
        [0.0, 1.0, 0.0, -1.0, 0.0],
        [0.0, 1.0, -2.0, -1.0, 2.0],
    ];
    const KERNEL: Matrix<5, 2> = [
        [1.0, 0.0],
        [0.5, 0.5],
        [1.0 / 6.0, -1.0 / 6.0],
        [8.0 / 3.0, 4.0 / 3.0],
        [0.0, 0.5],
    ];
    const OUTPUT: Matrix<5, 5> = [
        [1.0, 1.0, 1.0, 1.0, 0.0],
        [0.0, 1.0, -1.0, 0.5, 0.0],
        [0.0, 1.0, 1.0, 0.25, 0.0],
        [0.0, 1.0, -1.0, 0.125, 1.0],
        [0.0; 5],
    ];
}

const fn transposed<const ROWS: usize, const N: usize>(matrix: Matrix<ROWS, N>) -> Matrix<N, ROWS> {
    let mut out = [[0.0; ROWS]; N];
    let mut row = 0;
    while row < ROWS {
        let mut column = 0;
        while column < N {
            out[column][row] = matrix[row][column];
            column += 1;
        }
        row += 1;
    }
    out
}

/// A loop over `0..$n`, for a constant `$n` of at most 5, written out: values stay in registers
/// only where the compiler knows each index.
macro_rules! unrolled {
    ($i:ident in $n:expr => $body:block) => {
        $crate::kernel::conv::winograd::filter::unrolled!(@ $i, $n, $body, 0, 1, 2, 3, 4)
    };
    (@ $i:ident, $n:expr, $body:block, $($index:literal),+) => {
        $(if $index < $n {
            let $i = $index;
            $body
        })+
    };
}
pub(super) use unrolled;

/// A matrix times a vector whose elements are registers. The matrix is a constant, so that the
/// compiler leaves out products with 0 and multiplications by 1.
#[inline(always)]
fn apply<S: Simd, const ROWS: usize, const N: usize>(
    simd: S,
    matrix: &Matrix<ROWS, N>,
    values: [S::f32s; N],
) -> [S::f32s; ROWS] {
    let mut out = [simd.splat_f32s(0.0); ROWS];
    unrolled!(row in ROWS => { out[row] = apply_row(simd, &matrix[row], values); });
    out
}

/// One row of the matrix times the vector.
#[inline(always)]
pub(super) fn apply_row<S: Simd, const N: usize>(simd: S, row: &[f32; N], values: [S::f32s; N]) -> S::f32s {
    let mut sum = None;
    unrolled!(column in N => {
        sum = add_product(simd, sum, row[column], values[column]);
    });
    sum.unwrap_or(simd.splat_f32s(0.0))
}

#[inline(always)]
fn add_product<S: Simd>(simd: S, sum: Option<S::f32s>, factor: f32, value: S::f32s) -> Option<S::f32s> {
    match (sum, factor) {
        (sum, 0.0) => sum,
        (None, 1.0) => Some(value),
        (None, factor) => Some(simd.mul_f32s(simd.splat_f32s(factor), value)),
        (Some(sum), 1.0) => Some(simd.add_f32s(sum, value)),
        (Some(sum), -1.0) => Some(simd.sub_f32s(sum, value)),
        (Some(sum), factor) => Some(simd.mul_add_f32s(simd.splat_f32s(factor), value, sum)),
    }
}

/// Applies a matrix to the columns and to the rows of a square of registers.
#[inline(always)]
pub(super) fn apply_twice<S: Simd, const ROWS: usize, const N: usize>(
    simd: S,
    matrix: &Matrix<ROWS, N>,
    values: [[S::f32s; N]; N],
) -> [[S::f32s; ROWS]; ROWS] {
    let zero = simd.splat_f32s(0.0);
    // After the columns: as many rows as the matrix has, each of N values.
    let mut half = [[zero; N]; ROWS];
    unrolled!(x in N => {
        let mut column = [zero; N];
        unrolled!(y in N => { column[y] = values[y][x]; });
        let column = apply(simd, matrix, column);
        unrolled!(y in ROWS => { half[y][x] = column[y]; });
    });
    let mut out = [[zero; ROWS]; ROWS];
    unrolled!(y in ROWS => { out[y] = apply(simd, matrix, half[y]); });
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Filters `d` with taps (2, -3) by the definition and by the matrices, in numbers that are
    /// exact or nearly so.
    fn check<const N: usize, F: Filter<N>>(_: F) {
        let d: [f32; N] = core::array::from_fn(|i| ((i * 7 + 3) % 5) as f32);
        let g = [2.0, -3.0];
        let times = |row: &[f32], values: &[f32]| -> f32 { row.iter().zip(values).map(|(a, b)| a * b).sum() };
        let products: Vec<f32> = (F::KERNEL.iter().zip(&F::INPUT))
            .map(|(kernel, input)| times(kernel, &g) * times(input, &d))
            .collect();
        for (place, row) in F::OUTPUT.iter().take(F::OUTPUTS).enumerate() {
            let expected = d[place] * g[0] + d[place + 1] * g[1];
            let found = times(row, &products);
            assert!(
                (found - expected).abs() < 1e-5,
                "output {place}: {found} instead of {expected}"
            );
        }
        assert_eq!(F::OUTPUT[N - 1], [0.0; N]);
    }

    #[test]
    fn matrices_filter() {
        check(F2);
        check(F4);
    }
}
