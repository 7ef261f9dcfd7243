//! Tensors of the file that `ai4fashion-garment` reads.

use std::collections::HashMap;

use ai4fashion_garment::__private::{FORMAT, SHA256, TEMPERATURES, sha256};
use ai4fashion_kernels::to_data;
use burn::{
    module::Param,
    nn::{Linear, LinearConfig},
    tensor::{Device, Tensor, TensorData},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};

/// Tensors by name, with type, shape and bytes, and what goes with them.
#[derive(Debug)]
pub(crate) struct Tensors {
    all: Vec<(String, Dtype, Vec<usize>, Vec<u8>)>,
    /// Of colour, class and garment alone.
    temperatures: [f32; 3],
}

impl Tensors {
    /// No tensors yet.
    pub(crate) fn new() -> Self {
        Self {
            all: Vec::new(),
            temperatures: [1.0; 3],
        }
    }

    /// The tensors of a file.
    ///
    /// # Panics
    /// If the classifier cannot read it.
    #[expect(clippy::expect_used, reason = "the caller has read it")]
    pub(crate) fn of(weights: &[u8]) -> Self {
        let file = SafeTensors::deserialize(weights).expect("weights");
        let temperatures = file.tensor(TEMPERATURES).expect("weights");
        let (temperatures, _) = temperatures.data().as_chunks();
        let all = file.tensors().into_iter().map(|(name, view)| {
            let (dtype, shape, bytes) = (view.dtype(), view.shape().to_vec(), view.data().to_vec());
            (name, dtype, shape, bytes)
        });
        Self {
            all: all
                .filter(|(name, ..)| ![TEMPERATURES, SHA256].contains(&name.as_str()))
                .collect(),
            temperatures: std::array::from_fn(|index| f32::from_le_bytes(temperatures[index])),
        }
    }

    /// The temperatures of colour, class and garment alone.
    pub(crate) fn temperatures(&self) -> [f32; 3] {
        self.temperatures
    }

    /// Sets the temperatures of colour, class and garment alone.
    pub(crate) fn with_temperatures(self, temperatures: [f32; 3]) -> Self {
        Self { temperatures, ..self }
    }

    /// Removes the tensors of a layer.
    pub(crate) fn remove(&mut self, layer: &str) {
        let start = format!("{layer}.");
        self.all.retain(|(name, ..)| !name.starts_with(&start));
    }

    /// A linear layer on a device.
    ///
    /// # Panics
    /// If there is none with this name.
    #[expect(clippy::expect_used, reason = "the classifier has read it")]
    pub(crate) fn linear(&self, layer: &str, device: &Device) -> Linear {
        let find = |part: &str| {
            let name = format!("{layer}.{part}");
            let found = self.all.iter().find(|(other, ..)| *other == name);
            let (_, _, shape, bytes) = found.expect("a linear layer");
            (shape.clone(), bytes)
        };
        let numbers = |bytes: &[u8]| -> Vec<f32> {
            let (numbers, _) = bytes.as_chunks();
            numbers.iter().copied().map(f32::from_le_bytes).collect()
        };
        let (shape, bytes) = find("weight");
        let [scale, bias] = ["scale", "bias"].map(|part| numbers(find(part).1));
        let weights = bytes.iter().zip(scale.iter().cycle());
        let weights = weights
            .map(|(byte, scale)| f32::from(byte.cast_signed()) * scale)
            .collect();
        let mut linear = LinearConfig::new(shape[0], shape[1]).init(device);
        let param = |values: Vec<f32>, shape: Vec<usize>| TensorData::new(values, shape);
        linear.weight = Param::from_data(param(weights, shape.clone()), device);
        linear.bias = Some(Param::from_data(param(bias, vec![shape[1]]), device));
        linear
    }

    /// Adds numbers as they are.
    pub(crate) fn add_f32(&mut self, name: &str, shape: Vec<usize>, values: &[f32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.all.push((name.to_owned(), Dtype::F32, shape, bytes));
    }

    /// Adds a convolution, `[outputs, kernel, kernel, inputs]`, of 8 bits; of 16 if its inputs are
    /// those of an image. Each output has a scale of its own.
    pub(crate) fn add_conv(
        &mut self,
        name: &str,
        (weights, shape): (Vec<f32>, Vec<usize>),
        factors: &[f32],
        summands: &[f32],
    ) {
        let row = shape[1..].iter().product();
        let is_first = shape[3] == 3;
        let limit = if is_first {
            f32::from(i16::MAX)
        } else {
            f32::from(i8::MAX)
        };
        let (mut bytes, mut affine) = (Vec::new(), Vec::new());
        let rows = weights.chunks_exact(row).zip(factors).zip(summands);
        for ((weights, factor), summand) in rows {
            let step = step(weights.iter().copied(), limit);
            for weight in weights {
                let rounded = (weight / step).round();
                if is_first {
                    bytes.extend((rounded as i16).to_le_bytes());
                } else {
                    bytes.push((rounded as i8).cast_unsigned());
                }
            }
            affine.extend([factor * step, *summand]);
        }
        let dtype = if is_first { Dtype::I16 } else { Dtype::I8 };
        let outputs = shape[0];
        self.all.push((format!("{name}.weight"), dtype, shape, bytes));
        self.add_f32(&format!("{name}.affine"), vec![outputs, 2], &affine);
    }

    /// Adds a linear layer of 8 bits.
    pub(crate) fn add_linear(&mut self, name: &str, layer: &Linear) {
        let weight = layer.weight.val();
        let [inputs, outputs] = weight.dims();
        let weights = values(weight);
        let steps: Vec<f32> = (0..outputs)
            .map(|output| {
                let column = weights.iter().skip(output).step_by(outputs);
                step(column.copied(), f32::from(i8::MAX))
            })
            .collect();
        let rounded = weights.iter().zip(steps.iter().cycle());
        let bytes = rounded.map(|(weight, step)| ((weight / step).round() as i8).cast_unsigned());
        let (name_of_weight, shape) = (format!("{name}.weight"), vec![inputs, outputs]);
        self.all.push((name_of_weight, Dtype::I8, shape, bytes.collect()));
        self.add_f32(&format!("{name}.scale"), vec![outputs], &steps);
        let bias = layer.bias.as_ref().map(|bias| values(bias.val()));
        let bias = bias.unwrap_or_else(|| vec![0.0; outputs]);
        self.add_f32(&format!("{name}.bias"), vec![outputs], &bias);
    }

    /// The file.
    #[expect(clippy::expect_used, reason = "bytes were made for their shapes")]
    pub(crate) fn into_bytes(mut self) -> Vec<u8> {
        self.add_f32(TEMPERATURES, vec![3], &{ self.temperatures });
        let tensors = self.all.iter();
        let hash = sha256(tensors.map(|(name, _, _, bytes)| (name.as_str(), &bytes[..])));
        self.all
            .push((SHA256.to_owned(), Dtype::U8, vec![hash.len()], hash.to_vec()));
        // Of more than one entry the order would change from run to run.
        let metadata = HashMap::from([("format".to_owned(), FORMAT.to_owned())]);
        let views = self.all.iter().map(|(name, dtype, shape, bytes)| {
            let view = TensorView::new(*dtype, shape.clone(), bytes);
            (name.clone(), view.expect("a tensor"))
        });
        safetensors::serialize(views, Some(metadata)).expect("tensors")
    }
}

/// The values of a tensor of `f32`.
#[expect(clippy::expect_used, reason = "weights are f32")]
pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    to_data(&tensor).try_to_vec().expect("f32")
}

/// Size of a step, so that the largest weight is `limit` steps.
fn step(weights: impl Iterator<Item = f32>, limit: f32) -> f32 {
    weights.fold(1e-12, |largest: f32, weight| largest.max(weight.abs())) / limit
}
