//! Biases of convolutions.

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
    graph::{dims, record, register},
    host::{Host, for_each_host},
};
use crate::kernel::{batch_norm, elementwise};

/// Biases for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait BiasBackend: Backend {
    /// `x` `[batch, channels, height, width]` with `bias` `[channels]` added to each pixel.
    fn add_bias(x: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// The gradient to the bias, which only backward passes call.
pub(crate) trait BiasGradient: Backend {
    fn bias_gradient(grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl BiasBackend for $backend {
            fn add_bias(x: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self> {
                let bias = Self::hold(bias);
                Self::change_channels_last(x, |x| elementwise::add_to_each_pixel(x, &bias))
            }
        }

        impl BiasGradient for $backend {
            fn bias_gradient(grad: FloatTensor<Self>) -> FloatTensor<Self> {
                let [_, channels, ..] = dims::<Self>(&grad);
                let sums = batch_norm::sums(&Self::hold_channels_last(grad), channels);
                Self::tensor(sums, &[channels])
            }
        }
    };
}

for_each_host!(on_host);

impl<B: BiasBackend + BiasGradient, C: CheckpointStrategy> BiasBackend for Autodiff<B, C> {
    fn add_bias(x: FloatTensor<Self>, bias: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node(), bias.node()];
        let sum = B::add_bias(x.into_primitive(), bias.into_primitive());
        record::<B, C, _, _>(AddBias, nodes, (), sum)
    }
}

#[derive(Debug)]
struct AddBias;

impl<B: BiasBackend + BiasGradient> Backward<B, 2> for AddBias {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let [x, bias] = ops.parents;
        if let Some(node) = bias {
            register::<B>(grads, node.id, B::bias_gradient(grad.clone()));
        }
        if let Some(node) = x {
            register::<B>(grads, node.id, grad);
        }
    }
}
