//! Sums, moving averages and values of tensors that need no graph.

use burn::tensor::{Tensor, TensorData};

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

/// Reads a tensor's values.
///
/// `Tensor::to_data` does the same; where Burn goes from value to value, because others hold the
/// tensor or it lies in another order, this copies in large pieces.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu, to_data};
///
/// let x = Tensor::<2>::from_floats([[1.0, 2.0], [3.0, 4.0]], &cpu());
/// assert_eq!(to_data(&x), x.to_data());
/// ```
///
/// # Shapes
/// - `x`: any
#[must_use]
pub fn to_data<const D: usize>(x: &Tensor<D>) -> TensorData {
    let x = if x.is_autodiff() {
        x.clone().inner()
    } else {
        x.clone()
    };
    match is_served(&x) {
        true => dispatch::copied(x).into_data(),
        false => x.into_data(),
    }
}

/// Whether kernels serve a tensor, and there is no graph for the operation to be part of.
fn is_plain<const D: usize>(tensor: &Tensor<D>) -> bool {
    is_served(tensor) && !tensor.device().is_autodiff()
}
