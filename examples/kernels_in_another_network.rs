//! The kernels in a network that is no GAN: `cargo run --release --example kernels_in_another_network`
//!
//! A small network learns to tell horizontal from vertical stripes.
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_kernels::{
    Activation,
    nn::{BatchNorm, Conv2d},
};
use burn::{
    module::Module,
    nn::{BatchNormConfig, Linear, LinearConfig, conv::Conv2dConfig, loss::BinaryCrossEntropyLossConfig},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Distribution, Int, Tensor},
};

const SIDE: usize = 16;
const BATCH: usize = 32;

#[derive(Module, Debug)]
struct Classifier {
    conv: Conv2d,
    norm: BatchNorm,
    output: Linear,
}

impl Classifier {
    /// Layers of Burn become layers with these kernels by `into`.
    fn new(device: &Device) -> Self {
        let conv = Conv2dConfig::new([1, 32], [4, 4])
            .with_stride([2, 2])
            .with_bias(false);
        let norm: BatchNorm = BatchNormConfig::new(32).init(device).into();
        Self {
            conv: conv.init(device).into(),
            norm: norm.with_activation(Activation::LeakyRelu(0.2)),
            output: LinearConfig::new(32, 1).init(device),
        }
    }

    fn forward(&self, images: Tensor<4>) -> Tensor<1> {
        let features = self.norm.forward(self.conv.forward(images));
        self.output
            .forward(features.mean_dims(&[2, 3]).reshape([0, -1]))
            .reshape([-1])
    }
}

fn main() {
    let device = Device::flex().autodiff();
    let loss = BinaryCrossEntropyLossConfig::new()
        .with_logits(true)
        .init(&device);
    let (mut network, mut adam) = (Classifier::new(&device), AdamConfig::new().init());
    let labels = Tensor::<1, Int>::from_data([[0; BATCH / 2], [1; BATCH / 2]].concat().as_slice(), &device);
    // Every image has noise of its own; the second half is turned by a right angle.
    let stripes = Tensor::<1, Int>::arange(0..SIDE as i64, &device)
        .remainder_scalar(4)
        .float();
    let stripes = stripes.reshape([1, 1, SIDE, 1]).repeat(&[BATCH / 2, 1, 1, SIDE]);
    let clean = Tensor::cat(vec![stripes.clone(), stripes.swap_dims(2, 3)], 0);
    for step in 0..=100 {
        let noise = Tensor::random([BATCH, 1, SIDE, SIDE], Distribution::Normal(0.0, 0.5), &device);
        let loss = loss.forward(network.forward(clean.clone() + noise), labels.clone());
        if step % 20 == 0 {
            println!("step {step}: loss {:.4}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = adam.step(0.01, network, gradients);
    }
}
