//! Spectral normalization of weights.

use burn::tensor::Tensor;

use super::{activate::is_served, dispatch};
use crate::kernel::spectral::EPSILON;

/// Divides a weight, as a matrix of outputs by inputs, by its largest singular value.
///
/// The weight then makes no input vector longer (T. Miyato et al., Spectral Normalization for
/// Generative Adversarial Networks, 2018, section 2.1 and algorithm 1). The singular value is `u W
/// v`; on an autodiff device a call moves both vectors towards the singular ones by one power
/// iteration, and the gradient takes them as constants: it is differentiable once. On a plain
/// device `u` stays.
///
/// Returns the divided weight, and `u` after the call, without a graph. Burn's own operations are
/// used on devices without kernels and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu, spectral_norm};
///
/// let weight = Tensor::<2>::from_floats([[3.0, 0.0], [0.0, 1.0]], &cpu());
/// let (weight, _) = spectral_norm(weight, Tensor::from_floats([1.0, 0.0], &cpu()));
/// assert_eq!(weight.max().into_scalar::<f32>(), 1.0);
/// ```
///
/// # Shapes
/// - `weight`: `[outputs, ...]`
/// - `u`: `[outputs]`, of length 1; without a graph
/// - returns: the same
///
/// # Panics
/// If `u` has another length than `outputs`, or is of another type than `weight`.
#[must_use]
#[track_caller]
pub fn spectral_norm<const D: usize>(weight: Tensor<D>, u: Tensor<1>) -> (Tensor<D>, Tensor<1>) {
    assert_eq!(u.dims()[0], weight.dims()[0], "values of `u` and outputs");
    assert_eq!(u.dtype(), weight.dtype(), "types of `u` and of the weight");
    let u = if u.is_autodiff() { u.inner() } else { u };
    if !is_served(&weight) {
        return divided(weight, u);
    }
    let update_u = weight.is_autodiff();
    let (u, v) = dispatch::power_iteration(weight.clone().inner(), u, update_u);
    let [of_graph, v] = [u.clone(), v].map(|vector| {
        if update_u {
            Tensor::from_inner(vector)
        } else {
            vector
        }
    });
    (dispatch::divide_by_sigma(weight, of_graph, v), u)
}

/// By Burn's own operations.
fn divided<const D: usize>(weight: Tensor<D>, u: Tensor<1>) -> (Tensor<D>, Tensor<1>) {
    let shape = weight.shape();
    let outputs = shape[0];
    let matrix = weight.clone().reshape([outputs, shape.num_elements() / outputs]);
    let u = u.reshape([1, outputs]);
    let v = unit(u.clone().matmul(matrix.clone().inner())).transpose();
    let (u, [row, column]) = if weight.is_autodiff() {
        let u = unit(matrix.clone().inner().matmul(v.clone()).transpose());
        (u.clone(), [u, v].map(Tensor::from_inner))
    } else {
        (u.clone(), [u, v])
    };
    let largest = row.matmul(matrix.matmul(column));
    (weight / largest.reshape([1; D]), u.reshape([outputs]))
}

/// Scales a row to length 1.
fn unit(row: Tensor<2>) -> Tensor<2> {
    let length = row.clone().powi_scalar(2).sum_dim(1).sqrt();
    row / length.add_scalar(EPSILON)
}
