//! Precision belongs to a call or a layer: passes of different precision do not touch each other.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{
    Precision, WithPrecision, conv_transpose2d, conv2d,
    nn::{Conv2d, ConvTranspose2d},
};
use burn::{
    module::Module,
    nn::conv::{Conv2dConfig, ConvTranspose2dConfig},
    tensor::{
        Device, Distribution, Tensor, TensorData,
        ops::{ConvOptions, ConvTransposeOptions},
    },
};

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn random(shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), device)
}

/// Input and weight; Winograd's filtering takes both convolutions.
fn leaves(device: &Device) -> [Tensor<4>; 2] {
    [
        random([2, 32, 8, 8], device).require_grad(),
        random([32, 32, 4, 4], device).require_grad(),
    ]
}

fn convolve(x: &Tensor<4>, weight: &Tensor<4>, precision: Precision) -> Tensor<4> {
    let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
    let options = WithPrecision::new(options, precision);
    conv2d(x.clone(), weight.clone(), None, options)
}

fn convolve_transposed(x: &Tensor<4>, weight: &Tensor<4>, precision: Precision) -> Tensor<4> {
    let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
    let options = WithPrecision::new(options, precision);
    conv_transpose2d(x.clone(), weight.clone(), None, options)
}

/// Gradients of the squared sum of an output that was computed before.
fn gradients(output: Tensor<4>, leaves: &[Tensor<4>; 2]) -> [TensorData; 2] {
    let grads = output.sum().square().backward();
    leaves
        .each_ref()
        .map(|leaf| leaf.grad(&grads).unwrap().into_data())
}

#[test]
fn backward_pass_takes_the_precision_of_its_forward_pass() {
    for device in devices() {
        let leaves = leaves(&device.autodiff());
        let [x, weight] = &leaves;
        for run in [convolve, convolve_transposed] {
            let alone = |precision| gradients(run(x, weight, precision), &leaves);
            let (exact, mixed) = (alone(Precision::F32), alone(Precision::Mixed));
            for (exact, mixed) in exact.iter().zip(&mixed) {
                assert_eq!(exact != mixed, Precision::Mixed.is_available());
            }
            // Both forward passes before both backward passes.
            let outputs = [Precision::F32, Precision::Mixed].map(|precision| run(x, weight, precision));
            let [first, second] = outputs.map(|output| gradients(output, &leaves));
            assert_eq!([first, second], [exact, mixed]);
        }
    }
}

#[test]
fn layers_of_one_network_may_differ_in_precision() {
    for device in devices() {
        let training = device.clone().autodiff();
        let x = random([2, 32, 8, 8], &device);
        let config = Conv2dConfig::new([32, 32], [4, 4]).with_stride([2, 2]);
        let exact = Conv2d::from(config.init(&training));
        let mixed = exact.clone().with_precision(Precision::Mixed);
        let [exact, mixed] = [exact, mixed].map(|layer| layer.valid().forward(x.clone()).into_data());
        assert_eq!(exact != mixed, Precision::Mixed.is_available());

        let config = ConvTranspose2dConfig::new([32, 32], [4, 4]).with_stride([2, 2]);
        let exact = ConvTranspose2d::from(config.init(&training));
        let mixed = exact.clone().with_precision(Precision::Mixed);
        let [exact, mixed] = [exact, mixed].map(|layer| layer.valid().forward(x.clone()).into_data());
        assert_eq!(exact != mixed, Precision::Mixed.is_available());
    }
}

#[test]
fn calls_without_precision_are_of_f32() {
    for device in devices() {
        let [x, weight] = leaves(&device.autodiff());
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let found = conv2d(x.clone(), weight.clone(), None, options).into_data();
        assert_eq!(found, convolve(&x, &weight, Precision::F32).into_data());
    }
}
