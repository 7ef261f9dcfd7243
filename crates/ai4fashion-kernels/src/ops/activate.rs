//! Activations of tensors.

use burn::tensor::{DType, Tensor, activation};

use super::dispatch;
use crate::{activation::Activation, device::has_kernels};

/// Applies an activation function to each value; differentiable once.
///
/// Burn's own operations are used on devices without kernels and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{Activation, activate, burn::tensor::Tensor, cpu};
///
/// let x = Tensor::<2>::from_floats([[-2.0, 3.0]], &cpu());
/// assert_eq!(activate(x, Activation::Relu).sum().into_scalar::<f32>(), 3.0);
/// ```
///
/// # Shapes
/// - `x`: any; returns the same
///
/// # Panics
/// If the factor of a LeakyReLU is not in `[0, 1]`.
#[must_use]
#[track_caller]
pub fn activate<const D: usize>(x: Tensor<D>, activation: Activation) -> Tensor<D> {
    activation.check();
    if activation == Activation::Identity {
        x
    } else if is_served(&x) {
        dispatch::activate(x, activation.leak())
    } else {
        activated(x, activation)
    }
}

/// Applies the hyperbolic tangent to each value; differentiable once.
///
/// On devices with kernels it is right to three units in the last place. Burn's own operation is
/// used on others and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu, tanh};
///
/// let y = tanh(Tensor::<1>::from_floats([0.5], &cpu())).into_scalar::<f32>();
/// assert!((y - 0.5_f32.tanh()).abs() < 1e-6);
/// ```
///
/// # Shapes
/// - `x`: any; returns the same
#[must_use]
pub fn tanh<const D: usize>(x: Tensor<D>) -> Tensor<D> {
    if is_served(&x) {
        dispatch::tanh(x)
    } else {
        x.tanh()
    }
}

pub(super) fn is_served<const D: usize>(x: &Tensor<D>) -> bool {
    x.dtype() == DType::F32 && !x.dims().contains(&0) && has_kernels(&x.device())
}

/// By Burn's own operations.
pub(super) fn activated<const D: usize>(x: Tensor<D>, activation: Activation) -> Tensor<D> {
    match activation {
        Activation::Identity => x,
        Activation::Relu => activation::relu(x),
        Activation::LeakyRelu(leak) => activation::leaky_relu(x, leak),
    }
}
