//! Updates of parameters and copies, on tensors without a graph.

use burn::backend::{Backend, TensorMetadata, backend_extension, tensor::FloatTensor};

use super::{
    graph::dims,
    host::{Host, for_each_host},
};
use crate::{
    adam::Adam,
    kernel::{
        adam::{self, Changed},
        channels_last::channels_first,
        elementwise,
    },
};

/// Updates for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait UpdateBackend: Backend {
    /// The parameter and both moments after the `time`-th update.
    fn adam_step(
        parameter: FloatTensor<Self>,
        grad: FloatTensor<Self>,
        moment_1: FloatTensor<Self>,
        moment_2: FloatTensor<Self>,
        adam: Adam,
        time: i32,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>);

    /// The tensor in memory of its own, in the usual order.
    fn copied(x: FloatTensor<Self>) -> FloatTensor<Self>;

    /// The sum, in the memory of `sum`.
    fn accumulate(sum: FloatTensor<Self>, other: FloatTensor<Self>) -> FloatTensor<Self>;

    /// `average` moved towards `current` by `weight` of their difference.
    fn move_towards(average: FloatTensor<Self>, current: FloatTensor<Self>, weight: f32)
    -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl UpdateBackend for $backend {
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

            fn copied(x: FloatTensor<Self>) -> FloatTensor<Self> {
                let shape = x.shape();
                let values = if Self::has_channels_last(&x) {
                    let [_, channels, height, width] = dims::<Self>(&x);
                    channels_first(&Self::hold_channels_last(x), channels, height * width)
                } else {
                    Self::hold(x).to_vec()
                };
                Self::tensor(values, &shape)
            }

            fn accumulate(sum: FloatTensor<Self>, other: FloatTensor<Self>) -> FloatTensor<Self> {
                let other = Self::hold(other);
                Self::change(sum, |sum| elementwise::add(sum, &other))
            }

            fn move_towards(
                average: FloatTensor<Self>,
                current: FloatTensor<Self>,
                weight: f32,
            ) -> FloatTensor<Self> {
                let current = Self::hold(current);
                Self::change(average, |average| {
                    elementwise::move_towards(average, &current, weight);
                })
            }
        }
    };
}

for_each_host!(on_host);
