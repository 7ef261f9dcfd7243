//! The tensors of a file, of either format.

use std::{borrow::Cow, collections::BTreeMap};

#[cfg(feature = "pytorch")]
use burn::store::pytorch_reader;
use safetensors::{Dtype, SafeTensors};

use crate::error::WeightsError;

/// The tensors of a file by their names.
pub(super) type Tensors<'a> = BTreeMap<String, FileTensor<'a>>;

/// A tensor of a file; its values are read when they are asked for.
#[derive(Debug)]
pub(super) struct FileTensor<'a> {
    pub(super) dtype: Dtype,
    pub(super) shape: Vec<usize>,
    values: Values<'a>,
}

#[derive(Debug)]
enum Values<'a> {
    Here(&'a [u8]),
    #[cfg(feature = "pytorch")]
    InFile(pytorch_reader::Tensor),
}

impl FileTensor<'_> {
    /// Returns the values: little-endian, row by row.
    pub(super) fn bytes(&self) -> Result<Cow<'_, [u8]>, WeightsError> {
        match &self.values {
            Values::Here(bytes) => Ok(Cow::Borrowed(bytes)),
            #[cfg(feature = "pytorch")]
            Values::InFile(tensor) => tensor.read().map(Cow::Owned).map_err(WeightsError::pytorch),
        }
    }
}

/// The tensors of the bytes of a safetensors file.
pub(super) fn of_safetensors(bytes: &[u8]) -> Result<Tensors<'_>, WeightsError> {
    let file = SafeTensors::deserialize(bytes).map_err(WeightsError::format)?;
    let tensors = file.tensors().into_iter().map(|(name, view)| {
        let (dtype, shape) = (view.dtype(), view.shape().to_vec());
        let values = Values::Here(view.data());
        (name, FileTensor { dtype, shape, values })
    });
    Ok(tensors.collect())
}

/// The tensors of a file of PyTorch.
#[cfg(feature = "pytorch")]
pub(super) fn of_pytorch(reader: pytorch_reader::PytorchReader) -> Tensors<'static> {
    use pytorch_reader::DType;

    let tensors = reader.into_tensors().into_iter().map(|(name, tensor)| {
        let dtype = match tensor.dtype() {
            DType::F64 => Dtype::F64,
            DType::F32 => Dtype::F32,
            DType::F16 => Dtype::F16,
            DType::BF16 => Dtype::BF16,
            DType::I64 => Dtype::I64,
            DType::I32 => Dtype::I32,
            DType::I16 => Dtype::I16,
            DType::I8 => Dtype::I8,
            DType::U64 => Dtype::U64,
            DType::U32 => Dtype::U32,
            DType::U16 => Dtype::U16,
            DType::U8 => Dtype::U8,
            DType::Bool => Dtype::BOOL,
        };
        let shape = tensor.shape().to_vec();
        let values = Values::InFile(tensor);
        (name, FileTensor { dtype, shape, values })
    });
    tensors.collect()
}
