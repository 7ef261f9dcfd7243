//! A case of `golden/operations.json`, and what the kernels give for it.

use std::{collections::BTreeMap, fmt};

use ai4fashion_kernels::{
    Activation, activate, batch_norm_act, batch_norm_inference_act, conv_transpose2d, conv2d,
};
use ai4fashion_testkit::golden::{Summary, uniform};
use burn::tensor::{
    Device, Tensor,
    ops::{ConvOptions, ConvTransposeOptions},
};

const EPSILON: f64 = 1e-5;
/// The streams of the formula that give each tensor, from 1 on.
const STREAMS: [&str; 6] = ["x", "weight", "bias", "mean", "variance", "output_grad"];

/// An operation, the shape of each tensor that it takes, and what PyTorch answers.
#[derive(Debug, serde::Deserialize)]
pub(crate) struct Case {
    pub(crate) op: String,
    inputs: BTreeMap<String, Vec<usize>>,
    #[serde(default)]
    stride: [usize; 2],
    #[serde(default)]
    padding: [usize; 2],
    /// Rows and columns that a transposed convolution has more.
    #[serde(default)]
    extra: [usize; 2],
    /// Of the activation: 1 for none, 0 for ReLU.
    #[serde(default)]
    leak: f32,
    pub(crate) results: BTreeMap<String, Summary>,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            op,
            inputs,
            stride,
            padding,
            extra,
            leak,
            ..
        } = self;
        write!(
            f,
            "{op} of {inputs:?}, stride {stride:?}, padding {padding:?}, extra {extra:?}, leak {leak}"
        )
    }
}

impl Case {
    /// The results on `device`, by the names that `golden/generate.py` has for them.
    pub(crate) fn run(&self, device: &Device) -> BTreeMap<String, Vec<f32>> {
        let device = device.clone().autodiff();
        // All are flat, and take their shape on the way: so gradients to them are flat too.
        let leaf = |(name, shape): (&String, &Vec<usize>)| {
            let values = self.input(name, shape.iter().product());
            let values = Tensor::<1>::from_floats(values.as_slice(), &device);
            let varies = !matches!(&**name, "mean" | "variance");
            (name.clone(), values.set_require_grad(varies))
        };
        let leaves: BTreeMap<String, Tensor<1>> = self.inputs.iter().map(leaf).collect();

        let mut found = BTreeMap::new();
        let output = self.output(&leaves, &mut found);
        let weights = self.input("output_grad", output.dims().iter().product());
        let weights = Tensor::<1>::from_floats(weights.as_slice(), &device);
        let grads = (output.clone() * weights.reshape(output.dims())).sum().backward();
        found.insert("output".into(), output.into_data().try_to_vec().unwrap());
        for (name, leaf) in leaves.iter().filter(|(_, leaf)| leaf.is_require_grad()) {
            found.insert(format!("{name}_grad"), values(leaf.grad(&grads).unwrap()));
        }
        found
    }

    /// The values of an input, or of the gradient to the output.
    fn input(&self, name: &str, len: usize) -> Vec<f32> {
        let stream = STREAMS.iter().position(|stream| *stream == name).unwrap() + 1;
        let mut values = uniform(stream as u32, len);
        match name {
            "variance" => values.iter_mut().for_each(|value| *value += 1.5),
            "x" if self.op == "batch_norm_act" => {
                values.iter_mut().for_each(|value| *value = 2.0 * *value + 3.0);
            }
            _ => {}
        }
        values
    }

    fn output(
        &self,
        leaves: &BTreeMap<String, Tensor<1>>,
        found: &mut BTreeMap<String, Vec<f32>>,
    ) -> Tensor<4> {
        let images = |name: &str| {
            let shape: [usize; 4] = self.inputs[name].clone().try_into().unwrap();
            leaves[name].clone().reshape(shape)
        };
        let (x, bias) = (images("x"), leaves.get("bias").cloned());
        let channels = |names: [&str; 2]| names.map(|name| leaves[name].clone());
        let (stride, padding, extra) = (self.stride, self.padding, self.extra);
        let activation = match self.leak {
            1.0 => Activation::Identity,
            0.0 => Activation::Relu,
            leak => Activation::LeakyRelu(leak.into()),
        };
        match &*self.op {
            "conv2d" => {
                let options = ConvOptions::new(stride, padding, [1, 1], 1);
                conv2d(x, images("weight"), bias, options)
            }
            "conv_transpose2d" => {
                let options = ConvTransposeOptions::new(stride, padding, extra, [1, 1], 1);
                conv_transpose2d(x, images("weight"), bias, options)
            }
            "batch_norm_act" => {
                let [weight, bias] = channels(["weight", "bias"]);
                let normalized = batch_norm_act(x, weight, bias, EPSILON, activation);
                found.insert("batch_mean".into(), values(normalized.mean));
                found.insert("batch_variance".into(), values(normalized.variance));
                normalized.output
            }
            "batch_norm_inference_act" => {
                let statistics = channels(["mean", "variance"]);
                batch_norm_inference_act(x, channels(["weight", "bias"]), statistics, EPSILON, activation)
            }
            "activate" => activate(x, activation),
            other => panic!("no operation is named {other}"),
        }
    }
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}
