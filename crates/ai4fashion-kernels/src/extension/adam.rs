//! Adam's update, on tensors without a graph.

use burn::backend::{Backend, backend_extension, tensor::FloatTensor};

use crate::{
    adam::{self, Adam, Changed},
    host::Host,
};

/// Updates for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait AdamBackend: Backend {
    /// The parameter and both moments after the `time`-th update.
    fn adam_step(
        parameter: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        adam: Adam,
        time: i32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);
}

/// All tensors have one shape.
fn on_host<B: Host>(
    parameter: FloatTensor<B>,
    grad: FloatTensor<B>,
    [moment_1, moment_2]: [FloatTensor<B>; 2],
    adam: Adam,
    time: i32,
) -> (FloatTensor<B>, FloatTensor<B>, FloatTensor<B>) {
    let grad = B::hold(grad);
    let mut moments = None;
    let parameter = B::change(parameter, |parameter| {
        let mut second = None;
        let first = B::change(moment_1, |moment_1| {
            second = Some(B::change(moment_2, |moment_2| {
                let changed = Changed {
                    parameter,
                    moment_1,
                    moment_2,
                };
                adam::step(changed, &grad, adam, time);
            }));
        });
        moments = second.map(|second| (first, second));
    });
    match moments {
        Some((first, second)) => (parameter, first, second),
        None => unreachable!("`change` calls what it is given"),
    }
}

#[cfg(feature = "ndarray")]
impl AdamBackend for burn::backend::NdArray {
    fn adam_step(
        parameter: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        adam: Adam,
        time: i32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        on_host::<Self>(parameter, grad, [moment_1, moment_2], adam, time)
    }
}

#[cfg(feature = "flex")]
impl AdamBackend for burn::backend::Flex {
    fn adam_step(
        parameter: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        adam: Adam,
        time: i32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
        on_host::<Self>(parameter, grad, [moment_1, moment_2], adam, time)
    }
}
