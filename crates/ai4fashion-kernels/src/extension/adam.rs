//! Adam's update, on tensors without a graph.

use burn::backend::{Backend, backend_extension, tensor::FloatTensor};

use super::host::Host;
use crate::{
    adam::Adam,
    kernel::adam::{self, Changed},
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

macro_rules! on_host {
    ($backend:ty) => {
        impl AdamBackend for $backend {
            fn adam_step(
                parameter: FloatTensor<Self>,
                grad: FloatTensor<Self>,
                moment_1: FloatTensor<Self>,
                moment_2: FloatTensor<Self>,
                adam: Adam,
                time: i32,
            ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>) {
                let grad = Self::hold(grad);
                let mut moments = None;
                let parameter = Self::change(parameter, |parameter| {
                    let mut second = None;
                    let first = Self::change(moment_1, |moment_1| {
                        second = Some(Self::change(moment_2, |moment_2| {
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
                    None => unreachable!("`change` calls its closure"),
                }
            }
        }
    };
}

#[cfg(feature = "ndarray")]
mod ndarray_ops {
    use super::*;
    on_host!(burn::backend::NdArray);
}

#[cfg(feature = "flex")]
mod flex_ops {
    use super::*;
    on_host!(burn::backend::Flex);
}
