//! The one place that calls the matrix product.

/// A borrowed matrix of any orientation: element (row, column) is at
/// `row * row_stride + column * column_stride`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// A matrix stored row after row.
    #[track_caller]
    pub(crate) fn new(values: &'a [f32], rows: usize, columns: usize) -> Self {
        assert_eq!(values.len(), rows * columns, "a matrix of {rows}x{columns}");
        Self {
            values,
            rows,
            columns,
            row_stride: columns,
            column_stride: 1,
        }
    }

    /// The same values with rows and columns swapped; nothing moves.
    pub(crate) fn transposed(self) -> Self {
        Self {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

/// What the product does with the values that are already in its output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    Overwrite,
    Add,
}

/// Writes `lhs` times `rhs` into `out`, row after row, or adds it there, on the calling thread.
///
/// # Panics
/// If the inner sizes or the length of `out` do not fit.
#[track_caller]
pub(crate) fn matmul(out: &mut [f32], mode: Output, lhs: Matrix<'_>, rhs: Matrix<'_>) {
    let (rows, columns, depth) = (lhs.rows, rhs.columns, lhs.columns);
    assert_eq!(
        depth, rhs.rows,
        "inner sizes of a {rows}x{depth} by {}x{columns} product",
        rhs.rows
    );
    assert_eq!(out.len(), rows * columns, "output of a {rows}x{columns} product");
    if out.is_empty() {
        return;
    }
    if depth == 0 {
        if mode == Output::Overwrite {
            out.fill(0.0);
        }
        return;
    }
    // SAFETY: `Matrix::new` has checked that every (row, column) of both operands lies within
    // its slice (transposing only swaps the roles), `out` is rows * columns long by the
    // assertion above and does not overlap the operands, because it is borrowed mutably.
    #[expect(unsafe_code, reason = "gemm's interface is raw pointers and strides")]
    unsafe {
        gemm::gemm(
            rows,
            columns,
            depth,
            out.as_mut_ptr(),
            1,
            columns.cast_signed(),
            mode == Output::Add,
            lhs.values.as_ptr(),
            lhs.column_stride.cast_signed(),
            lhs.row_stride.cast_signed(),
            rhs.values.as_ptr(),
            rhs.column_stride.cast_signed(),
            rhs.row_stride.cast_signed(),
            1.0,
            1.0,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: [f32; 6] = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];

    #[test]
    fn product_of_a_matrix_and_its_transpose() {
        let a = Matrix::new(&A, 2, 3);
        let mut out = [f32::NAN; 4];
        matmul(&mut out, Output::Overwrite, a, a.transposed());
        assert_eq!(out, [14.0, 32.0, 32.0, 77.0]);
        matmul(&mut out, Output::Add, a, a.transposed());
        assert_eq!(out, [28.0, 64.0, 64.0, 154.0]);
    }

    #[test]
    fn product_without_depth_is_zero() {
        let mut out = [f32::NAN; 4];
        matmul(
            &mut out,
            Output::Overwrite,
            Matrix::new(&[], 2, 0),
            Matrix::new(&[], 0, 2),
        );
        assert_eq!(out, [0.0; 4]);
    }

    #[test]
    #[should_panic(expected = "inner sizes of a 2x3 by 2x3 product")]
    fn sizes_that_do_not_fit_are_refused() {
        let a = Matrix::new(&A, 2, 3);
        matmul(&mut [0.0; 6], Output::Overwrite, a, a);
    }
}
