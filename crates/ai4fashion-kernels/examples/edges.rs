//! A convolution learns to find edges: `cargo run --release -p ai4fashion-kernels --example edges`
//!
//! Random discs on a dark ground are filtered by a Sobel operator (I. Sobel, G. Feldman, 1968); the
//! layer sees discs and edges only, and after a few hundred steps its kernel is the operator.
#![allow(clippy::print_stdout, reason = "a program prints")]

use ai4fashion_kernels::{conv2d, cpu, nn::Conv2d};
use burn::{
    module::Module,
    nn::conv::Conv2dConfig,
    optim::{AdamConfig, GradientsParams},
    tensor::{Device, Distribution, Tensor, ops::ConvOptions},
};

const SIDE: usize = 32;
const BATCH: usize = 64;
const STEPS: usize = 400;
const SOBEL: [[f32; 3]; 3] = [[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]];

fn main() {
    let device = cpu().autodiff();
    let mut layer: Conv2d = Conv2dConfig::new([1, 1], [3, 3])
        .with_bias(false)
        .init(&device)
        .into();
    let mut adam = AdamConfig::new().init();
    for step in 0..=STEPS {
        let images = discs(&device);
        let wanted = edges(images.clone());
        let loss = (layer.forward(images) - wanted).square().mean();
        if step % 100 == 0 {
            println!(
                "step {step}: mean squared error {:.6}",
                loss.clone().into_scalar::<f32>()
            );
        }
        let gradients = GradientsParams::from_grads(loss.backward(), &layer);
        layer = adam.step(0.05, layer, gradients);
    }
    println!("{}", layer.valid().weight.val());
}

/// Bright discs of random places and sizes, `[BATCH, 1, SIDE, SIDE]`.
fn discs(device: &Device) -> Tensor<4> {
    let random = |low, high| Tensor::<4>::random([BATCH, 1, 1, 1], Distribution::Uniform(low, high), device);
    let axis = |shape| {
        Tensor::arange(0..SIDE as i64, device)
            .float()
            .reshape::<4, _>(shape)
    };
    let side = SIDE as f64;
    let x = axis([1, 1, 1, SIDE]) - random(0.0, side);
    let y = axis([1, 1, SIDE, 1]) - random(0.0, side);
    let distance = (x.square() + y.square()).sqrt();
    (random(2.0, side / 2.0) - distance).clamp(0.0, 1.0)
}

fn edges(images: Tensor<4>) -> Tensor<4> {
    let sobel = Tensor::<2>::from_data(SOBEL, &images.device()).reshape([1, 1, 3, 3]);
    conv2d(images, sobel, None, ConvOptions::new([1, 1], [0, 0], [1, 1], 1)).detach()
}
