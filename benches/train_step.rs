//! One training step of the tutorial's networks, and its convolutions beside Burn's own:
//! `cargo bench --bench train_step`
//!
//! For the step beside PyTorch's in one run see `bench_step` and docs/performance.md.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]

use ai4fashion_dcgan::{DcganConfig, TrainState};
use ai4fashion_kernels::conv2d;
use burn::tensor::{Device, Distribution, Tensor, module, ops::ConvOptions};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Pictures of a step: fewer than the tutorial's 128, so that ten samples take seconds.
const BATCH: usize = 16;

#[allow(deprecated, reason = "ndarray is the default until Burn removes it")]
fn devices() -> [(&'static str, Device); 2] {
    [("ndarray", Device::ndarray()), ("flex", Device::flex())]
}

fn random(shape: [usize; 4], device: &Device) -> Tensor<4> {
    Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), device)
}

fn step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group(format!("step/batch-{BATCH}"));
    group
        .sample_size(10)
        .throughput(Throughput::Elements(BATCH as u64));
    let config = DcganConfig::tutorial();
    for (name, device) in devices() {
        let mut state = TrainState::new(&config, &device).unwrap();
        let real = random([BATCH, 3, config.image_size, config.image_size], &device);
        let noise = random([BATCH, config.nz, 1, 1], &device);
        group.bench_function(name, |bencher| {
            bencher.iter(|| state.step(real.clone(), noise.clone()))
        });
    }
    group.finish();
}

/// Forward and backward of the discriminator's second and fourth layer.
fn convolutions(criterion: &mut Criterion) {
    let options = || ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
    for (channels, size) in [(64, 32), (256, 8)] {
        let mut group = criterion.benchmark_group(format!("conv2d/{channels}x{size}x{size}"));
        group
            .sample_size(10)
            .throughput(Throughput::Elements(BATCH as u64));
        for (name, device) in devices() {
            let device = device.autodiff();
            let x = random([BATCH, channels, size, size], &device).require_grad();
            let weight = random([2 * channels, channels, 4, 4], &device).require_grad();
            group.bench_function(format!("{name}/ours"), |bencher| {
                bencher.iter(|| {
                    conv2d(x.clone(), weight.clone(), None, options())
                        .sum()
                        .backward()
                });
            });
            // Burn's own on ndarray takes minutes: see docs/performance.md.
            if name == "flex" {
                group.bench_function(format!("{name}/burn"), |bencher| {
                    bencher.iter(|| {
                        module::conv2d(x.clone(), weight.clone(), None, options())
                            .sum()
                            .backward()
                    });
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, step, convolutions);
criterion_main!(benches);
