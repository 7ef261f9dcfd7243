//! Small helpers for tensors and nodes of the graph.

use burn::backend::{
    Backend, TensorMetadata, autodiff::NodeId, autodiff::grads::Gradients, tensor::FloatTensor,
};

pub(super) fn dims<B: Backend>(tensor: &FloatTensor<B>) -> [usize; 4] {
    tensor.shape().dims::<4>()
}

pub(super) fn register<B: Backend>(grads: &mut Gradients, node: NodeId, grad: FloatTensor<B>) {
    grads.register::<B>(node, grad);
}
