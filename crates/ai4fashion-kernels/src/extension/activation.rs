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

use super::{
    graph::{record, register},
    host::{Host, for_each_host},
};
use crate::kernel::{activation, tanh};

/// Activations for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait ActivationBackend: Backend {
    /// `x` with its negative values multiplied by `leak`.
    fn activate(x: FloatTensor<Self>, leak: f32) -> FloatTensor<Self>;

    /// The hyperbolic tangent of each value.
    fn tanh(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// The gradients, from the activated values `y`; only backward passes call them.
pub(crate) trait ActivationGradients: Backend {
    fn activate_gradient(y: FloatTensor<Self>, grad: FloatTensor<Self>, leak: f32) -> FloatTensor<Self>;

    fn tanh_gradient(y: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl ActivationBackend for $backend {
            fn activate(x: FloatTensor<Self>, leak: f32) -> FloatTensor<Self> {
                Self::change_each(x, |x| activation::forward(x, leak))
            }

            fn tanh(x: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::change_each(x, tanh::forward)
            }
        }

        impl ActivationGradients for $backend {
            fn activate_gradient(
                y: FloatTensor<Self>,
                grad: FloatTensor<Self>,
                leak: f32,
            ) -> FloatTensor<Self> {
                Self::change_each_beside(grad, y, |grad, y| activation::backward(y, grad, leak))
            }

            fn tanh_gradient(y: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::change_each_beside(grad, y, |grad, y| tanh::backward(y, grad))
            }
        }
    };
}

for_each_host!(on_host);

impl<B: ActivationBackend + ActivationGradients, C: CheckpointStrategy> ActivationBackend for Autodiff<B, C> {
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
    fn tanh(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let y = B::tanh(x.into_primitive());
        record::<B, C, _, _>(Tanh, nodes, y.clone(), y)
    }
}

#[derive(Debug)]
struct Activate;

impl<B: ActivationBackend + ActivationGradients> Backward<B, 1> for Activate {
    type State = (FloatTensor<B>, f32);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let (y, leak) = ops.state;
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::activate_gradient(y, grad, leak));
        }
    }
}

#[derive(Debug)]
struct Tanh;

impl<B: ActivationBackend + ActivationGradients> Backward<B, 1> for Tanh {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::tanh_gradient(ops.state, grad));
        }
    }
}
