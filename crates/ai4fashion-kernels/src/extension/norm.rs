//! Batch normalization with its activation.

use burn::backend::{
    Autodiff, AutodiffBackend, Backend,
    autodiff::{
        checkpoint::{base::Checkpointer, strategy::CheckpointStrategy},
        grads::Gradients,
        ops::{Backward, Ops, OpsKind},
    },
    backend_extension,
    tensor::FloatTensor,
};

use super::{
    graph::{dims, register},
    host::{Host, for_each_host},
};
use crate::kernel::batch_norm::{self, Channels, Norm};

/// Normalizations for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait NormBackend: Backend {
    /// Mean and biased variance of each channel of `x` `[batch, channels, height, width]`, as `[2,
    /// channels]`; not differentiated.
    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `x` normalized by `moments` (`[2, channels]`), scaled, shifted and activated.
    fn normalize(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        norm: Norm,
    ) -> FloatTensor<Self>;
}

/// The gradients, which only backward passes call: to `x`, weight and bias.
pub(crate) trait NormGradients: Backend {
    fn normalize_gradients(saved: Saved<Self>, grad: FloatTensor<Self>) -> [FloatTensor<Self>; 3];
}

fn channels<B: Backend>(x: &FloatTensor<B>) -> usize {
    dims::<B>(x)[1]
}

macro_rules! on_host {
    ($backend:ty) => {
        impl NormBackend for $backend {
            fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self> {
                let channels = channels::<Self>(&x);
                let moments = batch_norm::moments(&Self::hold_channels_last(x), channels);
                Self::tensor(moments, &[2, channels])
            }

            fn normalize(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                bias: FloatTensor<Self>,
                moments: FloatTensor<Self>,
                norm: Norm,
            ) -> FloatTensor<Self> {
                let shape = dims::<Self>(&x);
                let x = Self::hold_channels_last(x);
                let [weight, bias, moments] = [weight, bias, moments].map(Self::hold);
                let channels = Channels {
                    moments: &moments,
                    weight: &weight,
                    bias: &bias,
                };
                Self::from_channels_last(batch_norm::forward(&x, channels, norm), shape)
            }
        }

        impl NormGradients for $backend {
            fn normalize_gradients(saved: Saved<Self>, grad: FloatTensor<Self>) -> [FloatTensor<Self>; 3] {
                let Saved {
                    x,
                    weight,
                    bias,
                    moments,
                    norm,
                } = saved;
                let of_channels = [channels::<Self>(&x)];
                let x = Self::hold_channels_last(x);
                let [weight, bias, moments] = [weight, bias, moments].map(Self::hold);
                let channels = Channels {
                    moments: &moments,
                    weight: &weight,
                    bias: &bias,
                };
                let mut of_parameters = [Vec::new(), Vec::new()];
                let grad = Self::change_channels_last(grad, |grad| {
                    of_parameters = batch_norm::backward(&x, grad, channels, norm);
                });
                let [weight, bias] = of_parameters.map(|grad| Self::tensor(grad, &of_channels));
                [grad, weight, bias]
            }
        }
    };
}

for_each_host!(on_host);

impl<B: NormBackend + NormGradients, C: CheckpointStrategy> NormBackend for Autodiff<B, C> {
    fn channel_moments(x: FloatTensor<Self>) -> FloatTensor<Self> {
        Self::from_inner(B::channel_moments(x.into_primitive()))
    }

    fn normalize(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        bias: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        norm: Norm,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node(), bias.node()];
        let [x, weight, bias, moments] = [x, weight, bias, moments].map(|tensor| tensor.into_primitive());
        match Normalize.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let saved = Saved::<B> {
                    x: x.clone(),
                    weight: weight.clone(),
                    bias: bias.clone(),
                    moments: moments.clone(),
                    norm,
                };
                prep.finish(saved, B::normalize(x, weight, bias, moments, norm))
            }
            OpsKind::UnTracked(prep) => prep.finish(B::normalize(x, weight, bias, moments, norm)),
        }
    }
}

/// The forward pass's arguments, for the backward pass.
#[derive(Clone, Debug)]
pub(crate) struct Saved<B: Backend> {
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    bias: FloatTensor<B>,
    moments: FloatTensor<B>,
    norm: Norm,
}

#[derive(Debug)]
struct Normalize;

impl<B: NormBackend + NormGradients> Backward<B, 3> for Normalize {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let found = B::normalize_gradients(ops.state, grad);
        for (parent, grad) in ops.parents.into_iter().zip(found) {
            if let Some(node) = parent {
                register::<B>(grads, node.id, grad);
            }
        }
    }
}
