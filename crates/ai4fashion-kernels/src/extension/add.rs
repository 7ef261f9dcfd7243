//! Sums of tensors, and sums of the gradients to a tensor that several operations use.
//!
//! Burn sums the gradients to such a tensor by its own addition. So the tensor passes a node of its
//! own and is handed out through further nodes: the first of these to run backward registers its
//! gradient with the node before, and each of the others adds to it by the kernel. (The gradient to
//! a leaf could not be taken out again, so that the node before must not be one.)

use core::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

use burn::backend::{
    Autodiff, Backend,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops},
    },
    backend_extension,
    tensor::FloatTensor,
};

use super::{
    graph::{record, register},
    host::{Host, for_each_host},
};
use crate::kernel::elementwise;

/// Whether a gradient has arrived at the node before those that hand a tensor out.
pub(crate) type HasGradient = Arc<AtomicBool>;

/// Sums for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait AddBackend: Backend {
    /// The sum of two tensors of one shape.
    fn add(x: FloatTensor<Self>, y: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Passes a tensor on, before it is handed out.
    fn fan_out_root(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Hands a tensor that has passed `fan_out_root` to one of the operations that use it.
    fn fan_out_branch(x: FloatTensor<Self>, has_gradient: HasGradient) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl AddBackend for $backend {
            fn add(x: FloatTensor<Self>, y: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::change_each_beside(x, y, elementwise::add)
            }

            fn fan_out_root(x: FloatTensor<Self>) -> FloatTensor<Self> {
                x
            }

            fn fan_out_branch(x: FloatTensor<Self>, _: HasGradient) -> FloatTensor<Self> {
                x
            }
        }
    };
}

for_each_host!(on_host);

impl<B: AddBackend, C: CheckpointStrategy> AddBackend for Autodiff<B, C> {
    fn add(x: FloatTensor<Self>, y: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node(), y.node()];
        let sum = B::add(x.into_primitive(), y.into_primitive());
        record::<B, C, _, _>(Add, nodes, (), sum)
    }

    fn fan_out_root(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        record::<B, C, _, _>(FanOutRoot, nodes, (), x)
    }

    fn fan_out_branch(x: FloatTensor<Self>, has_gradient: HasGradient) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        record::<B, C, _, _>(FanOutBranch, nodes, has_gradient, x)
    }
}

#[derive(Debug)]
struct Add;

impl<B: AddBackend> Backward<B, 2> for Add {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        for node in ops.parents.into_iter().flatten() {
            register::<B>(grads, node.id, grad.clone());
        }
    }
}

#[derive(Debug)]
struct FanOutRoot;

impl<B: AddBackend> Backward<B, 1> for FanOutRoot {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, grad);
        }
    }
}

#[derive(Debug)]
struct FanOutBranch;

impl<B: AddBackend> Backward<B, 1> for FanOutBranch {
    type State = HasGradient;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let [Some(node)] = ops.parents else { return };
        let grad = if ops.state.swap(true, Ordering::Relaxed) {
            B::add(grads.consume::<B>(&node), grad)
        } else {
            grad
        };
        register::<B>(grads, node.id, grad);
    }
}
