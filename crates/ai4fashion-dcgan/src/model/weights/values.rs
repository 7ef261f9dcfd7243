//! The values of a module's tensors.

use std::collections::BTreeMap;

use ai4fashion_kernels::to_data;
use burn::{
    module::{Module, ModuleVisitor, Param},
    store::{ModuleSnapshot as _, bridge},
    tensor::{BoolStore, DType, Tensor, TensorData},
};
use safetensors::Dtype;

use crate::error::WeightsError;

/// Returns name, type and values of each tensor of `module`, as they are saved.
pub(super) fn of<M: Module>(module: &M) -> Result<Vec<(String, Dtype, TensorData)>, WeightsError> {
    let mut floats = Floats::default();
    module.visit(&mut floats);
    let tensors = module.collect(None, None, false).into_iter().map(|tensor| {
        let (name, dtype) = (tensor.name.clone(), in_file(tensor.dtype));
        let dtype = dtype.ok_or_else(|| {
            let problem = format!(
                "{name} is {:?}, which safetensors files do not hold",
                tensor.dtype
            );
            WeightsError::Mismatched(vec![problem])
        })?;
        let data = match floats.values.remove(&name) {
            Some(data) => data,
            None => bridge::into_data(tensor).map_err(WeightsError::store)?,
        };
        Ok((name, dtype, data))
    });
    tensors.collect()
}

/// The values of parameters and running statistics by their names, read in large pieces.
///
/// What `collect` returns would be read value by value.
#[derive(Debug, Default)]
struct Floats {
    path: Vec<String>,
    values: BTreeMap<String, TensorData>,
}

impl ModuleVisitor for Floats {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.transform_for_save().val();
        self.values.insert(self.path.join("."), to_data(&value));
    }
}

/// The type in files.
fn in_file(dtype: DType) -> Option<Dtype> {
    Some(match dtype {
        DType::F64 => Dtype::F64,
        DType::F32 | DType::Flex32 => Dtype::F32,
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
        DType::Bool(BoolStore::Native) => Dtype::BOOL,
        DType::Bool(BoolStore::U8) => Dtype::U8,
        DType::Bool(BoolStore::U32) => Dtype::U32,
        _ => return None,
    })
}
