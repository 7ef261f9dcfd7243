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
        ops::{Backward, Ops, OpsKind},
    },
    backend_extension,
    tensor::FloatTensor,
};

use super::{
    graph::register,
    host::{Host, for_each_host},
};
use crate::kernel::elementwise;

/// Whether a gradient has arrived at the node before those that hand a tensor out.
pub(crate) type Arrived = Arc<AtomicBool>;

/// Sums for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait SumBackend: Backend {
    /// The sum of two tensors of one shape.
    fn sum(x: FloatTensor<Self>, y: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The same tensor, before it is handed out.
    fn gather(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The same tensor for one of the operations that use it, after it has passed `gather`.
    fn hand_out(x: FloatTensor<Self>, arrived: Arrived) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl SumBackend for $backend {
            fn sum(x: FloatTensor<Self>, y: FloatTensor<Self>) -> FloatTensor<Self> {
                Self::change_each_beside(x, y, elementwise::add)
            }

            fn gather(x: FloatTensor<Self>) -> FloatTensor<Self> {
                x
            }

            fn hand_out(x: FloatTensor<Self>, _: Arrived) -> FloatTensor<Self> {
                x
            }
        }
    };
}

for_each_host!(on_host);

impl<B: SumBackend, C: CheckpointStrategy> SumBackend for Autodiff<B, C> {
    fn sum(x: FloatTensor<Self>, y: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node(), y.node()];
        let sum = B::sum(x.into_primitive(), y.into_primitive());
        match Sum.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((), sum),
            OpsKind::UnTracked(prep) => prep.finish(sum),
        }
    }

    fn gather(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match Gather.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish((), x),
            OpsKind::UnTracked(prep) => prep.finish(x),
        }
    }

    fn hand_out(x: FloatTensor<Self>, arrived: Arrived) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive();
        match HandOut.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => prep.finish(arrived, x),
            OpsKind::UnTracked(prep) => prep.finish(x),
        }
    }
}

#[derive(Debug)]
struct Sum;

impl<B: SumBackend> Backward<B, 2> for Sum {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        for node in ops.parents.into_iter().flatten() {
            register::<B>(grads, node.id, grad.clone());
        }
    }
}

#[derive(Debug)]
struct Gather;

impl<B: SumBackend> Backward<B, 1> for Gather {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, grad);
        }
    }
}

#[derive(Debug)]
struct HandOut;

impl<B: SumBackend> Backward<B, 1> for HandOut {
    type State = Arrived;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let [Some(node)] = ops.parents else { return };
        let grad = if ops.state.swap(true, Ordering::Relaxed) {
            B::sum(grads.consume::<B>(&node), grad)
        } else {
            grad
        };
        register::<B>(grads, node.id, grad);
    }
}
