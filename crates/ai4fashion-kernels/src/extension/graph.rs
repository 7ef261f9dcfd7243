//! Small helpers for tensors and nodes of the graph.

use burn::backend::{
    Autodiff, Backend, TensorMetadata,
    autodiff::{
        NodeId,
        checkpoint::strategy::CheckpointStrategy,
        grads::Gradients,
        ops::{Backward, NodeGuard, OpsKind},
    },
    tensor::FloatTensor,
};

pub(super) fn dims<B: Backend>(tensor: &FloatTensor<B>) -> [usize; 4] {
    tensor.shape().dims::<4>()
}

/// Makes the `output` of an operation on `nodes` part of the graph; nothing is kept where no
/// gradient is needed.
pub(super) fn record<B, C, O, const N: usize>(
    operation: O,
    nodes: [NodeGuard; N],
    state: O::State,
    output: FloatTensor<B>,
) -> FloatTensor<Autodiff<B, C>>
where
    B: Backend,
    C: CheckpointStrategy,
    O: Backward<B, N>,
{
    match operation.prepare::<C>(nodes).compute_bound().stateful() {
        OpsKind::Tracked(prep) => prep.finish(state, output),
        OpsKind::UnTracked(prep) => prep.finish(output),
    }
}

pub(super) fn register<B: Backend>(grads: &mut Gradients, node: NodeId, grad: FloatTensor<B>) {
    grads.register::<B>(node, grad);
}
