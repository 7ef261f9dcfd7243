//! The hyperbolic tangent.

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
use crate::kernel::tanh;

/// The tangent for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait TanhBackend: Backend {
    /// The hyperbolic tangent of each value.
    fn tanh(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// The gradient, which only backward passes call.
pub(crate) trait TanhGradient: Backend {
    fn tanh_gradient(y: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl TanhBackend for $backend {
            fn tanh(x: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::change_each(x, tanh::forward)
            }
        }

        impl TanhGradient for $backend {
            fn tanh_gradient(y: FloatTensor<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::change_each_beside(grad, y, |grad, y| tanh::backward(y, grad))
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

impl<B: TanhBackend + TanhGradient, C: CheckpointStrategy> TanhBackend for Autodiff<B, C> {
    fn tanh(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match Tanh.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let y = B::tanh(x);
                prep.finish(y.clone(), y)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::tanh(x)),
        }
    }
}

#[derive(Debug)]
struct Tanh;

impl<B: TanhBackend + TanhGradient> Backward<B, 1> for Tanh {
    type State = FloatTensor<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::tanh_gradient(ops.state, grad));
        }
    }
}
