//! Activations of tensors.

use burn::tensor::{DType, Tensor, activation};

use super::dispatch;
use crate::{activation::Activation, device::has_kernels};

/// Activates each value; differentiable once.
///
/// Burn's own operations are used on devices without kernels and for other types than `f32`.
///
/// # Shapes
/// - `x`: any; returns the same
///
/// # Panics
/// If the slope of the activation is not in `[0, 1]`.
#[must_use]
#[track_caller]
pub fn activate<const D: usize>(x: Tensor<D>, activation: Activation) -> Tensor<D> {
    activation.check();
    if activation == Activation::Identity {
        x
    } else if is_served(&x) {
        dispatch::activate(x, activation.slope())
    } else {
        activated(x, activation)
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
        Activation::LeakyRelu(slope) => activation::leaky_relu(x, slope),
    }
}
