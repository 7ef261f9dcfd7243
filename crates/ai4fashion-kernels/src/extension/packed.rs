//! Convolutions by packed weights; not differentiated.

use std::sync::Arc;

use burn::backend::{Backend, backend_extension, tensor::FloatTensor};

use super::host::{Host, for_each_host};
use crate::kernel::{
    batch_norm::Affine,
    conv::{Direction, Packed},
    geometry::Geometry,
};

/// Convolutions for the backends that have kernels; called through `Dispatch`.
#[backend_extension(
    NdArray: cfg(feature = "ndarray"),
    Flex: cfg(feature = "flex")
)]
pub(crate) trait PackedConvBackend: Backend {
    /// Applies the product that the weight was packed for, then a normalization.
    fn packed_product(
        x: FloatTensor<Self>,
        packed: Arc<Packed>,
        norm: Option<Arc<Affine>>,
        g: Geometry,
    ) -> FloatTensor<Self>;
}

macro_rules! on_host {
    ($backend:ty) => {
        impl PackedConvBackend for $backend {
            fn packed_product(
                x: FloatTensor<Self>,
                packed: Arc<Packed>,
                norm: Option<Arc<Affine>>,
                g: Geometry,
            ) -> FloatTensor<Self> {
                let mut values = packed.product(&Self::hold_channels_last(x), &g);
                if let Some(norm) = norm {
                    norm.apply(&mut values);
                }
                let shape = match packed.direction() {
                    Direction::Forward => g.output_shape(),
                    Direction::InputGrad => g.input_shape(),
                };
                Self::from_channels_last(values, shape)
            }
        }
    };
}

for_each_host!(on_host);
