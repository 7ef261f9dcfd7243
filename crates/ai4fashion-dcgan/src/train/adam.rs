//! Adam over the parameters of a network, with its state under the parameters' paths.

use std::collections::BTreeMap;

use ai4fashion_kernels::{AdamOutput, adam_step};
use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    optim::GradientsParams,
    tensor::{DType, Device, Tensor, TensorData},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::error::WeightsError;

/// Adam's decay of the second moment (PyTorch's default).
const BETA2: f64 = 0.999;
/// Added to the root of Adam's second moment (PyTorch's default; Burn's is 1e-5).
const EPSILON: f64 = 1e-8;

/// The names of the state in a file, which are PyTorch's.
const UPDATES: &str = "step";
const MOMENTS: [&str; 2] = ["exp_avg", "exp_avg_sq"];

/// Adam (D. Kingma, J. Ba, 2015) with PyTorch's defaults but for the decay of the first moment.
///
/// Burn's own keeps its state under random numbers that change from load to load; this one can be saved.
#[derive(Debug)]
pub(crate) struct Adam {
    beta1: f64,
    updates: i32,
    /// Flat, since parameters differ in rank.
    moments: BTreeMap<String, [Tensor<1>; 2]>,
}

impl Adam {
    pub(crate) fn new(beta1: f64) -> Self {
        Self {
            beta1,
            updates: 0,
            moments: BTreeMap::new(),
        }
    }

    /// One update of every parameter that has a gradient.
    pub(crate) fn step<M: Module>(&mut self, lr: f64, module: M, grads: GradientsParams) -> M {
        self.updates += 1;
        let path = Vec::new();
        module.map(&mut Update {
            adam: self,
            lr,
            grads,
            path,
        })
    }

    /// The state as the bytes of a safetensors file: for each parameter its two moments, in its shape, and the count of
    /// updates.
    pub(crate) fn to_bytes<M: Module>(&self, module: &M) -> Result<Vec<u8>, WeightsError> {
        let mut file: Vec<(String, Vec<usize>, Dtype, Vec<u8>)> = Vec::new();
        for (path, shape) in shapes(module) {
            let Some(moments) = self.moments.get(&path) else {
                continue;
            };
            for (name, moment) in MOMENTS.iter().zip(moments) {
                let (kind, bytes) = values(&moment.clone().into_data());
                file.push((format!("{path}.{name}"), shape.clone(), kind, bytes));
            }
        }
        let updates = i64::from(self.updates).to_le_bytes().to_vec();
        file.push((UPDATES.to_owned(), Vec::new(), Dtype::I64, updates));
        let views = file.iter().map(|(name, shape, dtype, bytes)| {
            let view = TensorView::new(*dtype, shape.clone(), bytes).map_err(WeightsError::format)?;
            Ok((name.as_str(), view))
        });
        let views: Vec<_> = views.collect::<Result<_, _>>()?;
        safetensors::serialize(views, None).map_err(WeightsError::format)
    }

    /// The state that [`to_bytes`](Self::to_bytes) has written, for the parameters of `module`.
    pub(crate) fn from_bytes<M: Module>(
        beta1: f64,
        bytes: &[u8],
        module: &M,
        device: &Device,
    ) -> Result<Self, WeightsError> {
        let file = SafeTensors::deserialize(bytes).map_err(WeightsError::format)?;
        let updates = file.tensor(UPDATES).map_err(WeightsError::format)?;
        let updates = <[u8; 8]>::try_from(updates.data()).map(i64::from_le_bytes);
        let updates = updates.ok().and_then(|updates| i32::try_from(updates).ok());
        let Some(updates) = updates else {
            return Err(WeightsError::Mismatched(vec![UPDATES.to_owned()]));
        };
        let mut adam = Self::new(beta1);
        adam.updates = updates;
        let mut used = 1;
        for (path, shape) in shapes(module) {
            let read = |name: &str| -> Result<Option<Tensor<1>>, WeightsError> {
                let name = format!("{path}.{name}");
                let Ok(view) = file.tensor(&name) else {
                    return Ok(None);
                };
                let data = data(&view).filter(|_| view.shape() == shape);
                let data = data.ok_or_else(|| WeightsError::Mismatched(vec![name]))?;
                Ok(Some(Tensor::from_data(data, device)))
            };
            if let (Some(first), Some(second)) = (read(MOMENTS[0])?, read(MOMENTS[1])?) {
                adam.moments.insert(path.clone(), [first, second]);
                used += 2;
            }
        }
        if used < file.len() {
            let known = |name: &str| {
                name == UPDATES
                    || name
                        .rsplit_once('.')
                        .is_some_and(|(path, _)| adam.moments.contains_key(path))
            };
            let unused = file.names().into_iter().filter(|name| !known(name));
            return Err(WeightsError::Unused(unused.map(str::to_owned).collect()));
        }
        Ok(adam)
    }
}

/// Values as they stand in a file: little-endian, those of `f64` as such, all others as `f32`.
fn values(data: &TensorData) -> (Dtype, Vec<u8>) {
    match data.dtype() {
        DType::F64 => (Dtype::F64, data.iter().flat_map(f64::to_le_bytes).collect()),
        _ => (Dtype::F32, data.iter().flat_map(f32::to_le_bytes).collect()),
    }
}

/// What [`values`] has written, flat; `None` if it is of another type.
fn data(view: &TensorView<'_>) -> Option<TensorData> {
    match view.dtype() {
        Dtype::F64 => {
            let (words, _) = view.data().as_chunks();
            let values: Vec<f64> = words.iter().map(|word| f64::from_le_bytes(*word)).collect();
            Some(TensorData::new(values, [words.len()]))
        }
        Dtype::F32 => {
            let (words, _) = view.data().as_chunks();
            let values: Vec<f32> = words.iter().map(|word| f32::from_le_bytes(*word)).collect();
            Some(TensorData::new(values, [words.len()]))
        }
        _ => None,
    }
}

/// One update, on its way through a module.
struct Update<'a> {
    adam: &'a mut Adam,
    lr: f64,
    grads: GradientsParams,
    path: Vec<String>,
}

impl ModuleMapper for Update<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = param.consume();
        let Some(grad) = self.grads.remove::<D>(id) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let path = self.path.join(".");
        let moments = self.adam.moments.remove(&path).unwrap_or_else(|| {
            let zeros = grad.zeros_like().flatten(0, D - 1);
            [zeros.clone(), zeros]
        });
        let shape = tensor.dims();
        let rule = ai4fashion_kernels::Adam::default()
            .with_lr(self.lr)
            .with_beta1(self.adam.beta1)
            .with_beta2(BETA2)
            .with_epsilon(EPSILON);
        let moments = moments.map(|moment| moment.reshape(shape));
        let AdamOutput { parameter, moments } =
            adam_step(tensor.inner(), grad, moments, rule, self.adam.updates);
        let moments = moments.map(|moment| moment.flatten(0, D - 1));
        self.adam.moments.insert(path, moments);
        Param::from_mapped_value(id, Tensor::from_inner(parameter).require_grad(), mapper)
    }
}

/// Path and shape of every parameter and running statistic.
fn shapes<M: Module>(module: &M) -> BTreeMap<String, Vec<usize>> {
    let mut seen = Shapes::default();
    module.visit(&mut seen);
    seen.shapes
}

#[derive(Default)]
struct Shapes {
    path: Vec<String>,
    shapes: BTreeMap<String, Vec<usize>>,
}

impl ModuleVisitor for Shapes {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.shapes.insert(self.path.join("."), param.dims().to_vec());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        config::DcganConfig,
        model::generator::Generator,
        testing::{device, on_each_device},
    };

    fn generator() -> Generator {
        let config = DcganConfig::tutorial().with_image_size(8).with_nz(3).with_ngf(2);
        Generator::new(&config, &device().autodiff()).unwrap()
    }

    /// Another update, with gradients that depend on `place`.
    fn update(adam: &mut Adam, generator: Generator, place: u8) -> Generator {
        let noise = Tensor::<4>::ones([2, 3, 1, 1], &device().autodiff()).mul_scalar(f32::from(place));
        let loss = generator.forward(noise).square().mean();
        let grads = GradientsParams::from_grads(loss.backward(), &generator);
        adam.step(0.1, generator, grads)
    }

    fn weights(generator: &Generator) -> Vec<TensorData> {
        struct Values(Vec<TensorData>);
        impl ModuleVisitor for Values {
            fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
                // Running statistics are shared by clones of a module.
                if param.is_require_grad() {
                    self.0.push(param.val().into_data());
                }
            }
        }
        let mut values = Values(Vec::new());
        generator.visit(&mut values);
        values.0
    }

    #[test]
    fn restored_state_updates_as_the_saved_one() {
        on_each_device(|| {
            let mut adam = Adam::new(0.5);
            let generator = update(&mut adam, generator(), 1);
            let bytes = adam.to_bytes(&generator).unwrap();
            let mut restored = Adam::from_bytes(0.5, &bytes, &generator, &device()).unwrap();
            let expected = weights(&update(&mut adam, generator.clone(), 2));
            assert_eq!(weights(&update(&mut restored, generator.clone(), 2)), expected);
            assert_ne!(weights(&update(&mut Adam::new(0.5), generator, 2)), expected);
        });
    }

    #[test]
    fn state_of_another_network_is_refused_by_name() {
        on_each_device(|| {
            let mut adam = Adam::new(0.5);
            let generator = update(&mut adam, generator(), 1);
            let bytes = adam.to_bytes(&generator).unwrap();
            let load = |config: DcganConfig| {
                let other = Generator::new(&config, &device().autodiff()).unwrap();
                Adam::from_bytes(0.5, &bytes, &other, &device())
                    .unwrap_err()
                    .to_string()
            };
            let config = DcganConfig::tutorial().with_image_size(8).with_nz(3);
            let error = load(config.clone().with_ngf(4));
            assert!(error.contains("blocks.0.conv.weight.exp_avg"), "{error}");
            let error = load(config.with_ngf(1).with_image_size(8).with_channels(1));
            assert!(error.contains("exp_avg"), "{error}");
        });
    }
}
