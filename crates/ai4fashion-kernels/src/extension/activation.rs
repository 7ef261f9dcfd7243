//! Activations on their own.

use burn::backend::{
    Autodiff, Backend, TensorMetadata,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    backend_extension,
    tensor::FloatTensor,
};

use super::{graph::register, host::Host};
use crate::kernel::activation;

/// Activations for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait ActivationBackend: Backend {
    /// `x` with its negative values multiplied by `leak`.
    fn activate(x: FloatTensor<Self>, leak: f32) -> FloatTensor<Self>;
}

/// The gradient, which only backward passes call.
pub(crate) trait ActivationGradient: Backend {
    fn activate_gradient(y: FloatTensor<Self>, grad: FloatTensor<Self>, leak: f32) -> FloatTensor<Self>;
}

/// Whether this is a feature map in another order than the usual one, probably that of the kernels.
fn has_channels_last<B: Host>(tensor: &FloatTensor<B>) -> bool {
    tensor.shape().num_dims() == 4 && B::in_order(tensor).is_none()
}

macro_rules! on_host {
    ($backend:ty) => {
        impl ActivationBackend for $backend {
            fn activate(x: FloatTensor<Self>, leak: f32) -> FloatTensor<Self> {
                let change = |x: &mut [f32]| activation::forward(x, leak);
                // Any order will do.
                if has_channels_last::<Self>(&x) {
                    Self::change_channels_last(x, change)
                } else {
                    Self::change(x, change)
                }
            }
        }

        impl ActivationGradient for $backend {
            fn activate_gradient(
                y: FloatTensor<Self>,
                grad: FloatTensor<Self>,
                leak: f32,
            ) -> FloatTensor<Self> {
                if has_channels_last::<Self>(&y) || has_channels_last::<Self>(&grad) {
                    let y = Self::hold_channels_last(y);
                    return Self::change_channels_last(grad, |grad| activation::backward(&y, grad, leak));
                }
                let y = Self::hold(y);
                Self::change(grad, |grad| activation::backward(&y, grad, leak))
            }
        }
    };
}

#[cfg(feature = "ndarray")]
mod ndarray_ops {
    use super::*;
    on_host!(burn::backend::NdArray);
}

#[cfg(feature = "flex")]
mod flex_ops {
    use super::*;
    on_host!(burn::backend::Flex);
}

impl<B: ActivationBackend + ActivationGradient, C: CheckpointStrategy> ActivationBackend for Autodiff<B, C> {
    fn activate(x: FloatTensor<Self>, leak: f32) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match Activate.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::activate(x, leak);
                prep.finish((y.clone(), leak), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::activate(x, leak)),
        }
    }
}

#[derive(Debug)]
struct Activate;

impl<B: ActivationBackend + ActivationGradient> Backward<B, 1> for Activate {
    type State = (FloatTensor<B>, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let (y, leak) = ops.state;
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::activate_gradient(y, grad, leak));
        }
    }
}
