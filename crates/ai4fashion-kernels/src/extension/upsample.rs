//! Kernels of upsampling convolutions.

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
use crate::kernel::upsample::{gather, spread};

/// Kernels for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait UpsampleBackend: Backend {
    /// The kernel of a transposed convolution that is upsampling and a convolution with `weight`.
    ///
    /// # Shapes
    /// - `weight`: `[output, input, 3, 3]`
    /// - returns: `[input, output, 4, 4]`
    fn spread_kernel(weight: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// The gradient, which only backward passes call.
pub(crate) trait UpsampleGradient: Backend {
    fn spread_kernel_gradient(grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl UpsampleBackend for $backend {
            fn spread_kernel(weight: FloatTensor<Self>) -> FloatTensor<Self> {
                let [output, input, ..] = dims::<Self>(&weight);
                let values = spread(&Self::hold(weight), [output, input]);
                Self::tensor(values, &[input, output, 4, 4])
            }
        }

        impl UpsampleGradient for $backend {
            fn spread_kernel_gradient(grad: FloatTensor<Self>) -> FloatTensor<Self> {
                let [input, output, ..] = dims::<Self>(&grad);
                let values = gather(&Self::hold(grad), [output, input]);
                Self::tensor(values, &[output, input, 3, 3])
            }
        }
    };
}

for_each_host!(on_host);

impl<B: UpsampleBackend + UpsampleGradient, C: CheckpointStrategy> UpsampleBackend for Autodiff<B, C> {
    fn spread_kernel(weight: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [weight.node()];
        let spread = B::spread_kernel(weight.into_primitive());
        record::<B, C, _, _>(SpreadKernel, nodes, (), spread)
    }
}

#[derive(Debug)]
struct SpreadKernel;

impl<B: UpsampleBackend + UpsampleGradient> Backward<B, 1> for SpreadKernel {
    type State = ();

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::spread_kernel_gradient(grad));
        }
    }
}
