//! Every operation, forward and backward, on each device with kernels, against PyTorch: `against_torch.py` draws the
//! tensors of each case and computes what is expected.
//!
//! The tolerance of 1e-4, relative to the largest value, is that of sums of some thousand products in `f32` taken in
//! another order. `--nocapture` shows how far off each operation is.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use std::{collections::BTreeMap, fs, path::Path, process::Command};

use ai4fashion_kernels::{
    Activation, Adam, AdamOutput, activate, adam_step, batch_norm_act, conv_transpose2d, conv2d,
    normalize_act,
};
use ai4fashion_testkit::python;
use burn::tensor::{
    Device, Tensor,
    ops::{ConvOptions, ConvTransposeOptions},
};
use serde_json::{Value, json};

const TOLERANCE: f32 = 1e-4;
const EPSILON: f64 = 1e-5;
const SCRIPT: &str = include_str!("against_torch.py");
const ACTIVATIONS: [Activation; 3] = [Activation::Identity, Activation::Relu, Activation::LeakyRelu(0.2)];

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

#[derive(Clone, Copy, Debug)]
struct Window {
    stride: [usize; 2],
    padding: [usize; 2],
    /// Rows and columns that a transposed convolution has more.
    extra: [usize; 2],
}

#[derive(Clone, Copy, Debug)]
enum Op {
    Conv2d(Window),
    ConvTranspose2d(Window),
    BatchNormAct(Activation),
    NormalizeAct(Activation),
    Activate(Activation),
}

/// An operation and the shape of each tensor that it takes.
#[derive(Debug)]
struct Case {
    op: Op,
    inputs: BTreeMap<&'static str, Vec<usize>>,
}

impl Case {
    fn new(op: Op, x: [usize; 4]) -> Self {
        let channel = |name| (name, vec![x[1]]);
        let mut inputs = BTreeMap::from([("x", x.to_vec())]);
        match op {
            Op::BatchNormAct(_) => inputs.extend(["weight", "bias"].map(channel)),
            Op::NormalizeAct(_) => inputs.extend(["weight", "bias", "mean", "variance"].map(channel)),
            _ => {}
        }
        Self { op, inputs }
    }

    fn with(mut self, name: &'static str, shape: &[usize]) -> Self {
        self.inputs.insert(name, shape.to_vec());
        self
    }

    fn name(&self) -> &'static str {
        match self.op {
            Op::Conv2d(_) => "conv2d",
            Op::ConvTranspose2d(_) => "conv_transpose2d",
            Op::BatchNormAct(_) => "batch_norm_act",
            Op::NormalizeAct(_) => "normalize_act",
            Op::Activate(_) => "activate",
        }
    }

    fn to_json(&self) -> Value {
        let mut json = json!({"op": self.name(), "inputs": self.inputs, "epsilon": EPSILON});
        match self.op {
            Op::Conv2d(window) | Op::ConvTranspose2d(window) => {
                json["stride"] = json!(window.stride);
                json["padding"] = json!(window.padding);
                json["extra"] = json!(window.extra);
            }
            Op::BatchNormAct(activation) | Op::NormalizeAct(activation) | Op::Activate(activation) => {
                json["slope"] = match activation {
                    Activation::Identity => json!(1.0),
                    Activation::Relu => json!(0.0),
                    Activation::LeakyRelu(slope) => json!(slope),
                    other => panic!("{other:?} is not compared"),
                };
            }
        }
        json
    }

    /// What the operation gives on `device`, of the tensors that `read` finds and under the names of `against_torch.py`.
    fn run(&self, device: &Device, read: impl Fn(&str) -> Vec<f32>) -> Vec<(String, Vec<f32>)> {
        let device = device.clone().autodiff();
        // All are flat, and take their shape on the way: so gradients to them are flat too.
        let leaf = |name: &&'static str| {
            let values = Tensor::<1>::from_floats(read(name).as_slice(), &device);
            let varies = !matches!(*name, "mean" | "variance");
            (*name, values.set_require_grad(varies))
        };
        let leaves: BTreeMap<&str, Tensor<1>> = self.inputs.keys().map(leaf).collect();
        let pictures = |name: &str| {
            let shape: [usize; 4] = self.inputs[name].clone().try_into().unwrap();
            leaves[name].clone().reshape(shape)
        };
        let (x, bias) = (pictures("x"), leaves.get("bias").cloned());
        let channels = |names: [&str; 2]| names.map(|name| leaves[name].clone());

        let mut found = Vec::new();
        let output = match self.op {
            Op::Conv2d(Window { stride, padding, .. }) => {
                let options = ConvOptions::new(stride, padding, [1, 1], 1);
                conv2d(x, pictures("weight"), bias, options)
            }
            Op::ConvTranspose2d(window) => {
                let (stride, padding) = (window.stride, window.padding);
                let options = ConvTransposeOptions::new(stride, padding, window.extra, [1, 1], 1);
                conv_transpose2d(x, pictures("weight"), bias, options)
            }
            Op::BatchNormAct(activation) => {
                let [weight, bias] = channels(["weight", "bias"]);
                let normalized = batch_norm_act(x, weight, bias, EPSILON, activation);
                found.push(("batch_mean".into(), values(normalized.mean)));
                found.push(("batch_variance".into(), values(normalized.variance)));
                normalized.output
            }
            Op::NormalizeAct(activation) => {
                let statistics = channels(["mean", "variance"]);
                normalize_act(x, channels(["weight", "bias"]), statistics, EPSILON, activation)
            }
            Op::Activate(activation) => activate(x, activation),
        };
        let weights = Tensor::<1>::from_floats(read("output_grad").as_slice(), &device);
        let grads = (output.clone() * weights.reshape(output.dims())).sum().backward();
        found.push(("output".into(), output.into_data().try_to_vec().unwrap()));
        for (name, leaf) in leaves.iter().filter(|(_, leaf)| leaf.is_require_grad()) {
            found.push((format!("{name}_grad"), values(leaf.grad(&grads).unwrap())));
        }
        found
    }
}

fn values(tensor: Tensor<1>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

const fn window(stride: [usize; 2], padding: [usize; 2], extra: [usize; 2]) -> Window {
    Window {
        stride,
        padding,
        extra,
    }
}

/// The DCGAN's layers at a reduced batch, and wide ones of sizes that it does not have.
fn layers() -> impl Iterator<Item = Case> {
    let halving = window([2, 2], [1, 1], [0, 0]);
    let whole = window([1, 1], [0, 0], [0, 0]);
    let down = [
        ([8, 3, 64, 64], 64, halving),
        ([16, 64, 32, 32], 128, halving), // enough tiles for the larger Winograd filter
        ([4, 64, 32, 32], 128, halving),
        ([4, 128, 16, 16], 256, halving),
        ([3, 256, 8, 8], 512, halving),
        ([40, 512, 4, 4], 1, whole),
        ([1, 32, 18, 30], 64, window([2, 2], [0, 2], [0, 0])),
        ([2, 32, 15, 13], 64, halving),
    ];
    let up = [
        ([16, 100, 1, 1], 512, whole),
        ([3, 512, 4, 4], 256, halving),
        ([4, 256, 8, 8], 128, halving),
        ([16, 128, 16, 16], 64, halving), // as above
        ([8, 64, 32, 32], 3, halving),
        ([1, 64, 6, 10], 32, window([2, 2], [2, 0], [0, 0])),
        ([2, 64, 7, 5], 32, window([2, 2], [1, 1], [1, 0])),
    ];
    let down = down
        .map(|(x, outputs, window)| Case::new(Op::Conv2d(window), x).with("weight", &[outputs, x[1], 4, 4]));
    let up = up.map(|(x, outputs, window)| {
        Case::new(Op::ConvTranspose2d(window), x).with("weight", &[x[1], outputs, 4, 4])
    });
    down.into_iter().chain(up)
}

/// Both convolutions of an odd number of channels and a single picture, with a bias.
fn odd_convolutions() -> impl Iterator<Item = Case> {
    let kernels = [[3, 3], [4, 4], [5, 5], [3, 5]];
    let strides = [[1, 1], [2, 2], [1, 2]];
    let paddings = [[0, 0], [1, 1], [2, 2], [0, 2]];
    let windows = strides
        .into_iter()
        .flat_map(move |stride| paddings.map(|padding| (stride, padding)));
    kernels.into_iter().flat_map(move |[height, width]| {
        windows.clone().flat_map(move |(stride, padding)| {
            let extra = stride.map(|stride| stride - 1);
            let (conv, transposed) = (
                Op::Conv2d(window(stride, padding, [0, 0])),
                Op::ConvTranspose2d(window(stride, padding, extra)),
            );
            let conv = Case::new(conv, [1, 7, 9, 13]).with("weight", &[5, 7, height, width]);
            let transposed = Case::new(transposed, [1, 7, 5, 6]).with("weight", &[7, 5, height, width]);
            [conv, transposed].map(|case| case.with("bias", &[5]))
        })
    })
}

fn by_channel() -> impl Iterator<Item = Case> {
    let shapes = [
        [16, 64, 16, 16],
        [8, 128, 8, 8],
        [5, 3, 7, 9],
        [1, 5, 9, 13],
        [8, 7, 1, 1],
    ];
    let ops = ACTIVATIONS.into_iter().flat_map(|activation| {
        [
            Op::BatchNormAct(activation),
            Op::NormalizeAct(activation),
            Op::Activate(activation),
        ]
    });
    ops.flat_map(move |op| shapes.map(|x| Case::new(op, x)))
}

fn read(path: &Path) -> Vec<f32> {
    let bytes = fs::read(path).unwrap();
    let (values, rest) = bytes.as_chunks::<4>();
    assert!(rest.is_empty(), "{} ends within a value", path.display());
    values.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
}

/// Largest difference, relative to the largest expected value.
fn error(found: &[f32], expected: &[f32]) -> f32 {
    if found.len() != expected.len() {
        return f32::INFINITY;
    }
    let scale = expected.iter().fold(1e-6_f32, |max, v| max.max(v.abs()));
    let differences = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
    // In this order NaN is the largest of all.
    differences.max_by(f32::total_cmp).unwrap() / scale
}

fn run(interpreter: &Path, script: &str, folder: &Path) {
    let mut command = Command::new(interpreter);
    let output = command.args(["-c", script]).arg(folder).output().unwrap();
    let problem = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{problem}");
}

/// PyTorch's Adam on `f32`, with gradients of all magnitudes, some of them 0; writes parameter and moments.
const ADAM_SCRIPT: &str = r#"
import sys
import numpy as np, torch

folder = sys.argv[1]
torch.manual_seed(1)
grads = torch.randn(5, 50_000) * 10.0 ** -torch.arange(50_000).remainder(9)
grads[:, ::1000] = 0
parameter = torch.nn.Parameter(0.02 * torch.randn(50_000))
def write(name, tensor): tensor.detach().numpy().tofile(f"{folder}/{name}")
write("start", parameter)
write("grads", grads)
optimizer = torch.optim.Adam([parameter], lr=2e-4, betas=(0.5, 0.999))
for grad in grads:
    parameter.grad = grad.clone()
    optimizer.step()
state = optimizer.state[parameter]
write("parameter", parameter)
write("first", state["exp_avg"])
write("second", state["exp_avg_sq"])
"#;

#[test]
fn adams_updates_are_pytorchs() {
    let Some(interpreter) = python("adams_updates_are_pytorchs", "TORCH_PYTHON") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    run(&interpreter, ADAM_SCRIPT, folder.path());
    let read = |name: &str| read(&folder.path().join(name));
    let (start, grads) = (read("start"), read("grads"));
    let adam = Adam::default().with_lr(2e-4).with_beta1(0.5);
    for device in devices() {
        let tensor = |values: &[f32]| Tensor::<1>::from_floats(values, &device);
        let zeros = Tensor::zeros_like(&tensor(&start));
        let mut state = AdamOutput {
            parameter: tensor(&start),
            moments: [zeros.clone(), zeros],
        };
        for (time, grad) in (1..).zip(grads.chunks(start.len())) {
            state = adam_step(state.parameter, tensor(grad), state.moments, adam, time);
        }
        // To the last bits of the largest gradient: moments are sums in which they may cancel.
        let largest = |place: usize| {
            let of_place = grads.iter().skip(place).step_by(start.len());
            of_place.fold(0.0_f32, |largest, grad| largest.max(grad.abs()))
        };
        for (name, power, found) in [("first", 1, &state.moments[0]), ("second", 2, &state.moments[1])] {
            for (place, (found, expected)) in values(found.clone()).iter().zip(read(name)).enumerate() {
                let most = 1e-6 * largest(place).powi(power) + f32::MIN_POSITIVE;
                assert!(
                    (found - expected).abs() <= most,
                    "{name} moment {place} on {device:?}: {found} for {expected}"
                );
            }
        }
        // Five updates of at most the rate; the parameter itself is rounded to 2e-9.
        for (found, expected) in values(state.parameter).iter().zip(read("parameter")) {
            assert!(
                (found - expected).abs() <= 2e-8,
                "{found} for {expected} on {device:?}"
            );
        }
    }
}

#[test]
fn every_operation_equals_pytorchs() {
    let Some(interpreter) = python("every_operation_equals_pytorchs", "TORCH_PYTHON") else {
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let cases: Vec<Case> = layers().chain(odd_convolutions()).chain(by_channel()).collect();
    let list: Value = cases.iter().map(Case::to_json).collect();
    fs::write(folder.path().join("cases.json"), list.to_string()).unwrap();
    run(&interpreter, SCRIPT, folder.path());

    let (mut worst, mut failures) = (BTreeMap::<String, f32>::new(), Vec::new());
    for device in devices() {
        for (place, case) in cases.iter().enumerate() {
            let read = |name: &str| read(&folder.path().join(format!("{place}-{name}")));
            for (name, found) in case.run(&device, read) {
                let error = error(&found, &read(&name));
                let row = format!("{name} of {} on {device:?}", case.name());
                let most = worst.entry(row).or_default();
                *most = most.max(error);
                if error.is_nan() || error > TOLERANCE {
                    failures.push(format!("{name} of {case:?} on {device:?}: off by {error:.1e}"));
                }
            }
        }
    }
    println!("{} cases, relative errors at most: {worst:#?}", cases.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
