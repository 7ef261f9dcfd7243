//! Sums of tensors, and of the gradients to one.

use burn::tensor::Tensor;

use super::{activate::is_served, dispatch};
use crate::extension::HasGradient;

/// Adds two tensors of one shape; differentiable once.
///
/// Burn's own operation is used on devices without kernels and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{add, burn::tensor::Tensor, cpu};
///
/// let ones = Tensor::<2>::ones([2, 3], &cpu());
/// assert_eq!(add(ones.clone(), ones).sum().into_scalar::<f32>(), 12.0);
/// ```
///
/// # Shapes
/// - `x`, `y`: any, the same for both; returns it, too
///
/// # Panics
/// If the shapes differ.
#[must_use]
#[track_caller]
pub fn add<const D: usize>(x: Tensor<D>, y: Tensor<D>) -> Tensor<D> {
    assert_eq!(x.dims(), y.dims(), "shapes of a sum's tensors");
    if is_served(&x) && is_served(&y) {
        dispatch::add(x, y)
    } else {
        x + y
    }
}

/// Makes `N` tensors of one, for several operations that use it; differentiable once.
///
/// Clones of a tensor do the same. But Burn sums the gradients that reach clones by its own
/// addition, and those that reach these tensors are summed by a kernel, on devices that have it.
/// All `N` belong to one backward pass, also where `x` is a leaf: after it a second one through
/// another of them panics.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu, fan_out};
///
/// let x = Tensor::<1>::ones([3], &cpu().autodiff()).require_grad();
/// let [a, b] = fan_out(x.clone());
/// let grads = (a * 2.0 + b * 3.0).sum().backward();
/// let grad = x.grad(&grads).map(|grad| grad.sum().into_scalar::<f32>());
/// assert_eq!(grad, Some(15.0));
/// ```
///
/// # Shapes
/// - `x`: any; returns the same
#[must_use]
pub fn fan_out<const D: usize, const N: usize>(x: Tensor<D>) -> [Tensor<D>; N] {
    if !(is_served(&x) && x.is_autodiff()) {
        return core::array::from_fn(|_| x.clone());
    }
    let (x, has_gradient) = (dispatch::fan_out_root(x), HasGradient::default());
    core::array::from_fn(|_| dispatch::fan_out_branch(x.clone(), has_gradient.clone()))
}
