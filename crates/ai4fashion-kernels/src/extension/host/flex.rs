//! Tensors of the flex backend.

use core::ops::Deref;

use burn::{
    backend::{Flex, flex::FlexTensor, tensor::FloatTensor},
    tensor::TensorData,
};

use super::Host;

/// A contiguous tensor.
#[derive(Debug)]
pub(crate) struct HeldTensor(FlexTensor);

impl Deref for HeldTensor {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // Contiguity is made sure of in `hold`.
        let (start, end) = self.0.layout().contiguous_offsets().unwrap_or_default();
        &self.0.storage::<f32>()[start..end]
    }
}

fn contiguous(tensor: FlexTensor) -> FlexTensor {
    if tensor.is_contiguous() {
        tensor
    } else {
        tensor.to_contiguous()
    }
}

impl Host for Flex {
    type Held = HeldTensor;

    fn hold(tensor: FloatTensor<Self>) -> HeldTensor {
        HeldTensor(contiguous(tensor))
    }

    fn in_order(tensor: &FloatTensor<Self>) -> Option<&[f32]> {
        let (start, end) = tensor.layout().contiguous_offsets()?;
        Some(&tensor.storage::<f32>()[start..end])
    }

    fn change(tensor: FloatTensor<Self>, change: impl FnOnce(&mut [f32])) -> FloatTensor<Self> {
        let mut tensor = contiguous(tensor);
        let (start, end) = tensor.layout().contiguous_offsets().unwrap_or_default();
        change(&mut tensor.storage_mut::<f32>()[start..end]);
        tensor
    }

    fn tensor(values: Vec<f32>, shape: &[usize]) -> FloatTensor<Self> {
        FlexTensor::from_data(TensorData::new(values, shape.to_vec()))
    }

    fn permuted(tensor: FloatTensor<Self>, axes: [usize; 4]) -> FloatTensor<Self> {
        tensor.permute(&axes)
    }
}
