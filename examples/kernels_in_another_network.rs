//! The kernels outside a GAN: `cargo run --release --example kernels_in_another_network`
//!
//! A small network learns to tell horizontal from vertical stripes.
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_kernels::{Activation, cpu, nn::BatchNorm, nn::Conv2d};
use burn::{
    module::Module,
    nn::{BatchNormConfig, Linear, LinearConfig, conv::Conv2dConfig, loss::BinaryCrossEntropyLossConfig},
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Distribution, Int, Tensor},
};

/// Side of the images, and images of each kind.
const SIZE: usize = 16;

#[derive(Module, Debug)]
struct Classifier {
    conv: Conv2d,
    norm: BatchNorm,
    output: Linear,
}

impl Classifier {
    /// Layers of Burn become layers with these kernels by `into`.
    fn new(device: &Device) -> Self {
        let norm: BatchNorm = BatchNormConfig::new(32).init(device).into();
        Self {
            conv: Conv2dConfig::new([1, 32], [4, 4]).init(device).into(),
            norm: norm.with_activation(Activation::LeakyRelu(0.2)),
            output: LinearConfig::new(32, 1).init(device),
        }
    }

    fn forward(&self, images: Tensor<4>) -> Tensor<1> {
        let features = self.norm.forward(self.conv.forward(images));
        let means: Tensor<2> = features.mean_dims(&[2, 3]).reshape([-1, 32]);
        self.output.forward(means).reshape([-1])
    }
}

fn main() {
    let device = cpu().autodiff();
    let (mut network, mut adam) = (Classifier::new(&device), AdamConfig::new().init());
    let loss = BinaryCrossEntropyLossConfig::new().with_logits(true);
    let loss = loss.init(&device);
    let is_vertical = Tensor::<1, Int>::arange(0..2 * SIZE as i64, &device).div_scalar(SIZE as i64);
    let rows = Tensor::<1, Int>::arange(0..SIZE as i64, &device).remainder_scalar(4);
    let stripes = rows.float().reshape([1, 1, SIZE, 1]).repeat(&[SIZE, 1, 1, SIZE]);
    let stripes = Tensor::cat(vec![stripes.clone(), stripes.swap_dims(2, 3)], 0);
    for step in 0..=100 {
        let noise = stripes.random_like(Distribution::Normal(0.0, 0.5));
        let loss = loss.forward(network.forward(stripes.clone() + noise), is_vertical.clone());
        if step % 20 == 0 {
            println!("step {step}: loss {:.4}", loss.clone().into_scalar::<f32>());
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &network);
        network = adam.step(0.01, network, gradients);
    }
}
