//! Spectral normalization of weights.

use burn::backend::{
    Autodiff, AutodiffBackend, Backend, TensorMetadata,
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
use crate::kernel::spectral::{self, Matrix};

/// Spectral normalization for the backends that have kernels; called through `Dispatch`.
///
/// A weight `[rows, ...]` is a matrix of as many rows.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait SpectralBackend: Backend {
    /// `u` `[rows]` and `v` `[columns]`, nearer to the first singular vectors: `v`, and then, if
    /// `update_u`, `u`; not differentiated.
    fn power_iteration(
        weight: FloatTensor<Self>,
        u: FloatTensor<Self>,
        update_u: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);

    /// `weight` divided by `u weight v`; the gradient takes `u` and `v` as constants.
    fn divide_by_sigma(
        weight: FloatTensor<Self>,
        u: FloatTensor<Self>,
        v: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

/// The gradient, which only backward passes call.
pub(crate) trait SpectralGradient: Backend {
    fn divide_gradient(saved: Saved<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self>;
}

/// Values of a row.
fn columns<B: Backend>(weight: &FloatTensor<B>) -> usize {
    let shape = weight.shape();
    shape.num_elements() / shape[0]
}

macro_rules! on_host {
    ($backend:ty) => {
        impl SpectralBackend for $backend {
            fn power_iteration(
                weight: FloatTensor<Self>,
                u: FloatTensor<Self>,
                update_u: bool,
            ) -> (FloatTensor<Self>, FloatTensor<Self>) {
                let columns = columns::<Self>(&weight);
                let [weight, u] = [weight, u].map(Self::hold);
                let values = &weight;
                let [u, v] = spectral::power_iteration(Matrix { values, columns }, &u, update_u);
                let rows = u.len();
                (Self::tensor(u, &[rows]), Self::tensor(v, &[columns]))
            }

            fn divide_by_sigma(
                weight: FloatTensor<Self>,
                u: FloatTensor<Self>,
                v: FloatTensor<Self>,
            ) -> FloatTensor<Self> {
                let (shape, columns) = (weight.shape(), columns::<Self>(&weight));
                let [weight, u, v] = [weight, u, v].map(Self::hold);
                let values = &weight;
                Self::tensor(
                    spectral::forward(Matrix { values, columns }, &u, &v),
                    &shape,
                )
            }
        }

        impl SpectralGradient for $backend {
            fn divide_gradient(saved: Saved<Self>, grad: FloatTensor<Self>) -> FloatTensor<Self> {
                let columns = columns::<Self>(&saved.weight);
                let [weight, u, v] = [saved.weight, saved.u, saved.v].map(Self::hold);
                let values = &weight;
                Self::change(grad, |grad| {
                    spectral::backward(Matrix { values, columns }, &u, &v, grad);
                })
            }
        }
    };
}

for_each_host!(on_host);

impl<B: SpectralBackend + SpectralGradient, C: CheckpointStrategy> SpectralBackend for Autodiff<B, C> {
    fn power_iteration(
        weight: FloatTensor<Self>,
        u: FloatTensor<Self>,
        update_u: bool,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let (u, v) = B::power_iteration(weight.into_primitive(), u.into_primitive(), update_u);
        (Self::from_inner(u), Self::from_inner(v))
    }

    fn divide_by_sigma(
        weight: FloatTensor<Self>,
        u: FloatTensor<Self>,
        v: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let nodes = [weight.node()];
        let [weight, u, v] = [weight, u, v].map(|tensor| tensor.into_primitive());
        let saved = Saved::<B> {
            weight: weight.clone(),
            u: u.clone(),
            v: v.clone(),
        };
        record::<B, C, _, _>(Divide, nodes, saved, B::divide_by_sigma(weight, u, v))
    }
}

/// The forward pass's arguments, for the backward pass.
#[derive(Clone, Debug)]
pub(crate) struct Saved<B: Backend> {
    weight: FloatTensor<B>,
    u: FloatTensor<B>,
    v: FloatTensor<B>,
}

#[derive(Debug)]
struct Divide;

impl<B: SpectralBackend + SpectralGradient> Backward<B, 1> for Divide {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        if let [Some(node)] = ops.parents {
            register::<B>(grads, node.id, B::divide_gradient(ops.state, grad));
        }
    }
}
