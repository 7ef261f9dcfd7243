//! Activations on their own.

use burn::backend::{
    Autodiff, Backend,
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

macro_rules! on_host {
    ($backend:ty) => {
        impl ActivationBackend for $backend {
            fn activate(x: FloatTensor<Self>, leak: f32) -> FloatTensor<Self> {
                Self::change_each(x, |x| activation::forward(x, leak))
            }
        }

        impl ActivationGradient for $backend {
            fn activate_gradient(
                y: FloatTensor<Self>,
                grad: FloatTensor<Self>,
                leak: f32,
            ) -> FloatTensor<Self> {
                Self::change_each_beside(grad, y, |grad, y| activation::backward(y, grad, leak))
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
