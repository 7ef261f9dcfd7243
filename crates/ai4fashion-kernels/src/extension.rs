//! The kernels as operations of Burn's backends, with their gradients.

mod activation;
mod adam;
mod conv;
mod norm;

use burn::backend::{
    Backend, TensorMetadata, autodiff::NodeId, autodiff::grads::Gradients, tensor::FloatTensor,
};

pub(crate) use activation::ActivationBackend;
pub(crate) use adam::AdamBackend;
pub(crate) use conv::{ConvBackend, WeightGradient};
pub(crate) use norm::NormBackend;

fn dims<B: Backend>(tensor: &FloatTensor<B>) -> [usize; 4] {
    tensor.shape().dims::<4>()
}

fn register<B: Backend>(grads: &mut Gradients, node: NodeId, grad: FloatTensor<B>) {
    grads.register::<B>(node, grad);
}
