//! Convolutions.
//!
//! A transposed convolution computes a convolution's gradient to its input, and a convolution that
//! of a transposed one. So each is the other's backward pass; both share the gradient to the
//! weight.

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
    graph::{dims, register},
    host::{Host, for_each_host},
};
use crate::{
    kernel::{
        conv,
        geometry::{Geometry, Window},
    },
    precision::Precision,
};

/// Convolutions for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    Autodiff,
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait ConvBackend: Backend {
    /// `x` `[batch, in, height, width]` and `weight` `[out, in, kernel, kernel]` to
    /// `[batch, out, height', width']`.
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        precision: Precision,
    ) -> FloatTensor<Self>;

    /// `x` `[batch, in, height, width]` and `weight` `[in, out, kernel, kernel]` to
    /// `[batch, out, size[0], size[1]]`.
    fn convolve_transposed(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        size: [usize; 2],
        window: Window,
        precision: Precision,
    ) -> FloatTensor<Self>;
}

/// The gradient that both share; not differentiated.
#[backend_extension(
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait WeightGradient: Backend {
    /// `x` is the ordinary convolution's input, `grad` the gradient to its output.
    fn weight_gradient(
        x: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        g: Geometry,
        precision: Precision,
    ) -> FloatTensor<Self>;
}

/// The ordinary convolution whose backward pass is the transposed one of `x` with `weight`.
fn mirrored<B: Backend>(
    x: &FloatTensor<B>,
    weight: &FloatTensor<B>,
    size: [usize; 2],
    window: Window,
) -> Geometry {
    let ([batch, ..], weight) = (dims::<B>(x), dims::<B>(weight));
    let g = Geometry::forward([batch, weight[1], size[0], size[1]], weight, window);
    debug_assert_eq!(g.output_shape(), dims::<B>(x));
    g
}

macro_rules! on_host {
    ($backend:ty) => {
        impl ConvBackend for $backend {
            fn convolve(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                window: Window,
                precision: Precision,
            ) -> FloatTensor<Self> {
                let g = Geometry::forward(dims::<Self>(&x), dims::<Self>(&weight), window);
                let (x, weight) = (Self::hold_channels_last(x), Self::hold(weight));
                Self::from_channels_last(conv::forward(&x, &weight, &g, precision), g.output_shape())
            }

            fn convolve_transposed(
                x: FloatTensor<Self>,
                weight: FloatTensor<Self>,
                size: [usize; 2],
                window: Window,
                precision: Precision,
            ) -> FloatTensor<Self> {
                let g = mirrored::<Self>(&x, &weight, size, window);
                let (x, weight) = (Self::hold_channels_last(x), Self::hold(weight));
                Self::from_channels_last(
                    conv::input_grad(&x, &weight, &g, precision),
                    g.input_shape(),
                )
            }
        }

        impl WeightGradient for $backend {
            fn weight_gradient(
                x: FloatTensor<Self>,
                grad: FloatTensor<Self>,
                g: Geometry,
                precision: Precision,
            ) -> FloatTensor<Self> {
                let (x, grad) = (Self::hold_channels_last(x), Self::hold_channels_last(grad));
                Self::tensor(
                    conv::weight_grad(&x, &grad, &g, precision),
                    &g.weight_shape(),
                )
            }
        }
    };
}

for_each_host!(on_host);

impl<B: ConvBackend + WeightGradient, C: CheckpointStrategy> ConvBackend for Autodiff<B, C> {
    fn convolve(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        window: Window,
        precision: Precision,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        match Convolve.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let saved = Saved::<B> {
                    x: x.primitive().clone(),
                    weight: weight.primitive().clone(),
                    window,
                    precision,
                };
                prep.finish(
                    saved,
                    B::convolve(x.into_primitive(), weight.into_primitive(), window, precision),
                )
            }
            OpsKind::UnTracked(prep) => prep.finish(B::convolve(
                x.into_primitive(),
                weight.into_primitive(),
                window,
                precision,
            )),
        }
    }

    fn convolve_transposed(
        x: FloatTensor<Self>,
        weight: FloatTensor<Self>,
        size: [usize; 2],
        window: Window,
        precision: Precision,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), weight.node()];
        match ConvolveTransposed.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prep) => {
                let saved = Saved::<B> {
                    x: x.primitive().clone(),
                    weight: weight.primitive().clone(),
                    window,
                    precision,
                };
                let output = B::convolve_transposed(
                    x.into_primitive(),
                    weight.into_primitive(),
                    size,
                    window,
                    precision,
                );
                prep.finish(saved, output)
            }
            OpsKind::UnTracked(prep) => prep.finish(B::convolve_transposed(
                x.into_primitive(),
                weight.into_primitive(),
                size,
                window,
                precision,
            )),
        }
    }
}

/// The forward pass's arguments, for the backward pass.
#[derive(Clone, Debug)]
struct Saved<B: Backend> {
    x: FloatTensor<B>,
    weight: FloatTensor<B>,
    window: Window,
    precision: Precision,
}

#[derive(Debug)]
struct Convolve;

impl<B: ConvBackend + WeightGradient> Backward<B, 2> for Convolve {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let Saved {
            x,
            weight,
            window,
            precision,
        } = ops.state;
        let g = Geometry::forward(dims::<B>(&x), dims::<B>(&weight), window);
        let [x_node, weight_node] = ops.parents;
        if let Some(node) = x_node {
            let size = [g.height, g.width];
            register::<B>(
                grads,
                node.id,
                B::convolve_transposed(grad.clone(), weight, size, window, precision),
            );
        }
        if let Some(node) = weight_node {
            register::<B>(grads, node.id, B::weight_gradient(x, grad, g, precision));
        }
    }
}

#[derive(Debug)]
struct ConvolveTransposed;

impl<B: ConvBackend + WeightGradient> Backward<B, 2> for ConvolveTransposed {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let grad = grads.consume::<B>(&ops.node);
        let Saved {
            x,
            weight,
            window,
            precision,
        } = ops.state;
        let [_, _, height, width] = dims::<B>(&grad);
        let g = mirrored::<B>(&x, &weight, [height, width], window);
        let [x_node, weight_node] = ops.parents;
        if let Some(node) = x_node {
            register::<B>(
                grads,
                node.id,
                B::convolve(grad.clone(), weight, window, precision),
            );
        }
        if let Some(node) = weight_node {
            // Seen from the mirrored convolution, the output's gradient is its input.
            register::<B>(grads, node.id, B::weight_gradient(grad, x, g, precision));
        }
    }
}
