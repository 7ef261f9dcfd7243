//! The tutorial's training in `f64`, at its own rate, beside PyTorch's in `f64`.
//!
//! In `f32` two correct programs part by more than 1e-3 within three steps (see `against_torch.rs`), so that there only
//! the first ones can be compared one by one. In `f64` rounding is too small for that: twenty steps show that networks,
//! losses, gradients, Adam's formula and their order are PyTorch's. Layers and Adam are Burn's own operations here, because
//! the kernels are of `f32`; these are compared one by one in `ai4fashion-kernels`. The five numbers of a step are `f32`, so
//! that is how closely they are compared.
//!
//! In a program of its own, because a device's type is chosen once in a process.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

mod torch;

use ai4fashion_dcgan::{
    DcganConfig,
    burn::tensor::{Device, FloatDType},
};
use torch::{drawn, peer, worst};

#[test]
fn twenty_steps_at_the_tutorials_rate_are_pytorchs() {
    let Some(peer) = peer("twenty_steps_at_the_tutorials_rate_are_pytorchs") else {
        return;
    };
    let mut device = Device::flex();
    device.configure(FloatDType::F64).unwrap();
    for seed in 1..3 {
        let training = drawn(DcganConfig::tutorial().with_batch_size(8), 20, 64, seed);
        let expected = training.in_pytorch(&peer, "float64");
        let found = training.on(&device);
        for (step, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let distance = worst(found, expected);
            println!("seed {seed}, step {step}: {distance:e} of {found:?}");
            assert!(
                distance <= 2e-6,
                "seed {seed}, step {step}: {found:?} instead of {expected:?}"
            );
        }
    }
}
