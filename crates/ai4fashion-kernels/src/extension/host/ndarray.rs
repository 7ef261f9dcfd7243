//! Tensors of the ndarray backend.

use core::ops::Deref;

use ::ndarray::{ArcArray, IxDyn};
use burn::backend::{NdArray, ndarray::NdArrayTensor, tensor::FloatTensor};

use super::Host;

/// An array in standard (row-major) layout.
#[derive(Debug)]
pub(crate) struct HeldArray(ArcArray<f32, IxDyn>);

impl HeldArray {
    fn new(tensor: FloatTensor<NdArray>) -> Self {
        let array = shared(tensor);
        Self(match array.is_standard_layout() {
            true => array,
            false => array.as_standard_layout().into_shared(),
        })
    }
}

impl Deref for HeldArray {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // Standard layout is made sure of in `new`.
        self.0.as_slice().unwrap_or_default()
    }
}

fn shared(tensor: FloatTensor<NdArray>) -> ArcArray<f32, IxDyn> {
    match tensor {
        NdArrayTensor::F32(storage) => storage.into_shared(),
        _ => unreachable!("kernels are chosen for tensors of f32 only"),
    }
}

impl Host for NdArray {
    type Held = HeldArray;

    fn hold(tensor: FloatTensor<Self>) -> HeldArray {
        HeldArray::new(tensor)
    }

    fn in_order(tensor: &FloatTensor<Self>) -> Option<&[f32]> {
        match tensor {
            NdArrayTensor::F32(storage) => storage.view().to_slice(),
            _ => None,
        }
    }

    fn change(tensor: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self> {
        let HeldArray(mut array) = HeldArray::new(tensor);
        change(array.as_slice_mut().unwrap_or_default());
        NdArrayTensor::from(array)
    }

    fn tensor(values: Vec<f32>, shape: &[usize]) -> FloatTensor<Self> {
        let len = values.len();
        match ArcArray::from_shape_vec(IxDyn(shape), values) {
            Ok(array) => NdArrayTensor::from(array),
            Err(_) => unreachable!("{len} values were computed for the shape {shape:?}"),
        }
    }

    fn permuted(tensor: FloatTensor<Self>, axes: [usize; 4]) -> FloatTensor<Self> {
        NdArrayTensor::from(shared(tensor).permuted_axes(IxDyn(&axes)))
    }
}
