//! Files of Adam's state: safetensors, under the paths of the parameters and PyTorch's names.

use std::collections::BTreeMap;

use ai4fashion_kernels::{optim::AdamState, to_data};
use burn::{
    module::{Module, ModuleVisitor, Param},
    tensor::{DType, Device, Tensor, TensorData},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::error::WeightsError;

/// The names of the state in a file, which are PyTorch's.
const UPDATES: &str = "step";
const MOMENTS: [&str; 2] = ["exp_avg", "exp_avg_sq"];

/// Serializes the state of Adam over `module`: the count of updates, and the two moments of each
/// parameter, in its shape.
pub(super) fn to_bytes<M: Module>(state: &AdamState, module: &M) -> Result<Vec<u8>, WeightsError> {
    let shapes = shapes(module);
    let mut file: Vec<(String, Vec<usize>, Dtype, Vec<u8>)> = Vec::new();
    for (path, moments) in state.moments() {
        let Some(shape) = shapes.get(path) else {
            continue;
        };
        for (name, moment) in MOMENTS.iter().zip(moments) {
            let (kind, bytes) = values(&to_data(moment));
            file.push((format!("{path}.{name}"), shape.clone(), kind, bytes));
        }
    }
    let updates = i64::from(state.updates()).to_le_bytes().to_vec();
    file.push((UPDATES.to_owned(), Vec::new(), Dtype::I64, updates));
    let views = file.iter().map(|(name, shape, dtype, bytes)| {
        let view = TensorView::new(*dtype, shape.clone(), bytes).map_err(WeightsError::format)?;
        Ok((name.as_str(), view))
    });
    let views: Vec<_> = views.collect::<Result<_, _>>()?;
    safetensors::serialize(views, None).map_err(WeightsError::format)
}

/// Reads what [`to_bytes`] has written, for the parameters of `module`; values that make a weight
/// NaN or infinite are refused.
pub(super) fn from_bytes<M: Module>(
    bytes: &[u8],
    module: &M,
    device: &Device,
) -> Result<AdamState, WeightsError> {
    let file = SafeTensors::deserialize(bytes).map_err(WeightsError::format)?;
    let updates = file.tensor(UPDATES).map_err(WeightsError::format)?;
    let count = <[u8; 8]>::try_from(updates.data()).map(i64::from_le_bytes);
    let count = count.ok().filter(|_| updates.dtype() == Dtype::I64);
    let Some(updates) = count.and_then(|count| i32::try_from(count).ok()) else {
        let problem = format!("{UPDATES} is {:?}, expected a count as I64", updates.dtype());
        return Err(WeightsError::Mismatched(vec![problem]));
    };
    let mut moments = BTreeMap::new();
    for (path, shape) in shapes(module) {
        let read = |name: &str| -> Result<Option<Tensor<1>>, WeightsError> {
            let name = format!("{path}.{name}");
            let Ok(view) = file.tensor(&name) else {
                return Ok(None);
            };
            let data = data(&view).filter(|_| view.shape() == shape);
            let data = data.ok_or_else(|| {
                let (found, dtype) = (view.shape(), view.dtype());
                let problem = format!("{name} is {dtype:?} {found:?}, expected F32 or F64 {shape:?}");
                WeightsError::Mismatched(vec![problem])
            })?;
            // An infinite second moment comes from a large gradient, and moves its weight no more.
            let is_second = name.ends_with(MOMENTS[1]);
            let is_bad = |value: f64| value.is_nan() || value.is_infinite() && !is_second;
            let bad = data.iter::<f64>().filter(|value| is_bad(*value)).count();
            if bad > 0 {
                let problem = format!("{name} ({bad} of {})", data.iter::<f64>().count());
                return Err(WeightsError::NotFinite(vec![problem]));
            }
            Ok(Some(Tensor::from_data(data, device)))
        };
        if let (Some(first), Some(second)) = (read(MOMENTS[0])?, read(MOMENTS[1])?) {
            moments.insert(path.clone(), [first, second]);
        }
    }
    if 1 + 2 * moments.len() < file.len() {
        let known = |name: &str| {
            let path = name.rsplit_once('.').map(|(path, _)| path);
            name == UPDATES || path.is_some_and(|path| moments.contains_key(path))
        };
        let unused = file.names().into_iter().filter(|name| !known(name));
        return Err(WeightsError::Unused(unused.map(str::to_owned).collect()));
    }
    Ok(AdamState::from_moments(updates, moments))
}

/// Converts values to the bytes of a file: little-endian, `f64` as `f64`, all others as `f32`.
fn values(data: &TensorData) -> (Dtype, Vec<u8>) {
    if let Ok(values) = data.as_slice::<f32>() {
        return (
            Dtype::F32,
            values.iter().flat_map(|value| value.to_le_bytes()).collect(),
        );
    }
    match data.dtype() {
        DType::F64 => (Dtype::F64, data.iter().flat_map(f64::to_le_bytes).collect()),
        _ => (Dtype::F32, data.iter().flat_map(f32::to_le_bytes).collect()),
    }
}

/// Reads what [`values`] has written, flat; `None` for another type.
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

/// The path and the shape of every parameter and running statistic.
fn shapes<M: Module>(module: &M) -> BTreeMap<String, Vec<usize>> {
    let mut visitor = Shapes::default();
    module.visit(&mut visitor);
    visitor.shapes
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
    use ai4fashion_kernels::optim::Adam;
    use burn::optim::GradientsParams;

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

    /// Updates a generator, with gradients that depend on `place`.
    fn update(state: &mut AdamState, generator: Generator, place: u8) -> Generator {
        let noise = Tensor::<4>::ones([2, 3, 1, 1], &device().autodiff()).mul_scalar(f32::from(place));
        let loss = generator.forward(noise).square().mean();
        let grads = GradientsParams::from_grads(loss.backward(), &generator);
        state.step(Adam::default().with_lr(0.1).with_beta1(0.5), generator, grads)
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
            let mut state = AdamState::new();
            let generator = update(&mut state, generator(), 1);
            let bytes = to_bytes(&state, &generator).unwrap();
            let mut restored = from_bytes(&bytes, &generator, &device()).unwrap();
            let expected = weights(&update(&mut state, generator.clone(), 2));
            assert_eq!(weights(&update(&mut restored, generator.clone(), 2)), expected);
            assert_ne!(weights(&update(&mut AdamState::new(), generator, 2)), expected);
        });
    }

    #[test]
    fn moments_that_would_make_a_weight_nan_are_refused_by_name() {
        on_each_device(|| {
            let mut state = AdamState::new();
            let generator = update(&mut state, generator(), 1);
            let bytes = to_bytes(&state, &generator).unwrap();
            let with = |moment: &str, value: f32| {
                let file = SafeTensors::deserialize(&bytes).unwrap();
                let name = format!("blocks.0.conv.weight.{moment}");
                let changed = value.to_le_bytes();
                let tensors = file.tensors().into_iter().map(|(own, view)| {
                    let whole = view.data();
                    let bytes = match own == name {
                        true => [&whole[..8], &changed, &whole[12..]].concat(),
                        false => whole.to_vec(),
                    };
                    (own, view.dtype(), view.shape().to_vec(), bytes)
                });
                let tensors: Vec<_> = tensors.collect();
                let views = tensors.iter().map(|(name, dtype, shape, bytes)| {
                    let view = TensorView::new(*dtype, shape.clone(), bytes).unwrap();
                    (name.as_str(), view)
                });
                let bytes = safetensors::serialize(views, None).unwrap();
                from_bytes(&bytes, &generator, &device()).map(|_| ())
            };
            let nan = f32::NAN;
            for (moment, value) in [("exp_avg", nan), ("exp_avg", f32::INFINITY), ("exp_avg_sq", nan)] {
                let error = with(moment, value).unwrap_err().to_string();
                let expected = format!("blocks.0.conv.weight.{moment} (1 of 96)");
                assert!(error.contains(&expected), "{error}");
            }
            // As a large gradient leaves it; the weight is finite.
            with("exp_avg_sq", f32::INFINITY).unwrap();
        });
    }

    #[test]
    fn state_of_another_network_is_refused_by_name() {
        on_each_device(|| {
            let mut state = AdamState::new();
            let generator = update(&mut state, generator(), 1);
            let bytes = to_bytes(&state, &generator).unwrap();
            let load = |config: DcganConfig| {
                let other = Generator::new(&config, &device().autodiff()).unwrap();
                from_bytes(&bytes, &other, &device()).unwrap_err().to_string()
            };
            let config = DcganConfig::tutorial().with_image_size(8).with_nz(3);
            let error = load(config.clone().with_ngf(4));
            assert!(error.contains("blocks.0.conv.weight.exp_avg"), "{error}");
            let file = SafeTensors::deserialize(&bytes).unwrap();
            let half = file.tensors().into_iter().map(|(name, view)| {
                let (shape, bytes) = (view.shape().to_vec(), view.data());
                match view.dtype() {
                    Dtype::F32 => {
                        let view = TensorView::new(Dtype::F16, shape, &bytes[..bytes.len() / 2]);
                        (name, view.unwrap())
                    }
                    _ => (name, view),
                }
            });
            let half = safetensors::serialize(half, None).unwrap();
            let error = from_bytes(&half, &generator, &device()).unwrap_err().to_string();
            let expected =
                "blocks.0.conv.weight.exp_avg is F16 [3, 2, 4, 4], expected F32 or F64 [3, 2, 4, 4]";
            assert!(error.contains(expected), "{error}");
            let error = load(config.with_ngf(1).with_image_size(8).with_channels(1));
            assert!(error.contains("exp_avg"), "{error}");
        });
    }
}
