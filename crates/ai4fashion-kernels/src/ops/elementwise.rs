//! Sums and moving averages of tensors that need no graph.

use burn::tensor::Tensor;

use super::{activate::is_served, dispatch};

/// Adds each value of `other` to the one of `sum`.
///
/// # Shapes
/// - both: any shape, the same for both
pub(crate) fn accumulate<const D: usize>(sum: Tensor<D>, other: Tensor<D>) -> Tensor<D> {
    if is_plain(&sum) && is_plain(&other) {
        dispatch::accumulate(sum, other)
    } else {
        sum + other
    }
}

/// Moves each value of `average` towards the one of `current`, by `weight` of their difference.
///
/// # Shapes
/// - both: any shape, the same for both
pub(crate) fn move_towards<const D: usize>(average: Tensor<D>, current: Tensor<D>, weight: f32) -> Tensor<D> {
    if is_plain(&average) && is_plain(&current) {
        return dispatch::move_towards(average, current, weight);
    }
    let step = (current - average.clone()).mul_scalar(weight);
    average + step
}

/// Whether kernels serve a tensor, and there is no graph for the operation to be part of.
fn is_plain<const D: usize>(tensor: &Tensor<D>) -> bool {
    is_served(tensor) && !tensor.device().is_autodiff()
}
