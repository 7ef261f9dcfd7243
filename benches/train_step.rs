//! One training step of the tutorial's networks and its parts:
//! `cargo bench -p ai4fashion-benches --features flex --bench train_step`
//!
//! The parts are given in GFLOP/s beside the rate of a matrix product of the same run, and in GB/s.
//! For the step beside PyTorch's in one run see `against_torch.py`.
#![allow(missing_docs, reason = "criterion_group! makes public items")]
#![allow(clippy::unwrap_used, reason = "a bench that cannot be set up must not pass")]
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]
#![allow(clippy::cast_precision_loss, reason = "counts are far below 2^52")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use ai4fashion_dcgan::{DcganConfig, TrainState};
use ai4fashion_kernels::{
    Activation, batch_norm_act, conv_transpose2d, conv2d, conv2d_weight_grad, cpu, has_kernels,
};
use burn::tensor::{
    Device, Distribution, Tensor, module,
    ops::{ConvOptions, ConvTransposeOptions},
};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

/// Images of a step, and of each part.
const BATCH: usize = 128;

/// The discriminator's convolutions: channels in and out, side, stride, padding; the generator's
/// are the same mirrored.
const LAYERS: [[usize; 5]; 5] = [
    [3, 64, 64, 2, 1],
    [64, 128, 32, 2, 1],
    [128, 256, 16, 2, 1],
    [256, 512, 8, 2, 1],
    [512, 1, 4, 1, 0],
];

/// The ndarray backend, which this package has as a feature.
fn ndarray() -> Device {
    let device = cpu();
    assert!(has_kernels(&device));
    device
}

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), device)
}

/// The values with the channels last in memory, as between layers: through a convolution that
/// changes nothing.
fn channels_last(x: Tensor<4>) -> Tensor<4> {
    let [_, channels, _, _] = x.dims();
    let same = Tensor::<2>::eye(channels, &x.device()).reshape([channels, channels, 1, 1]);
    conv2d(x, same, None, ConvOptions::new([1, 1], [0, 0], [1, 1], 1))
}

/// Runs `once` under Criterion; returns the shortest mean time of its samples.
fn measure<T>(
    criterion: &mut Criterion,
    name: &str,
    throughput: Throughput,
    mut once: impl FnMut() -> T,
) -> Duration {
    let mut best = Duration::MAX;
    let mut group = criterion.benchmark_group("train_step");
    group.sample_size(10).throughput(throughput);
    group.bench_function(name, |bencher| {
        bencher.iter_custom(|times| {
            let start = Instant::now();
            for _ in 0..times {
                black_box(once());
            }
            let elapsed = start.elapsed();
            best = best.min(elapsed / u32::try_from(times).unwrap_or(u32::MAX));
            elapsed
        });
    });
    group.finish();
    best
}

/// `None` where a filter on the command line left the bench out.
fn per_second(work: f64, time: Duration) -> Option<f64> {
    (time < Duration::MAX).then(|| work / time.as_secs_f64() / 1e9)
}

fn convolutions(criterion: &mut Criterion) {
    let device = Device::flex();
    let side = 2048;
    let [left, right] = [random([side, side], &device), random([side, side], &device)];
    let flop = 2 * (side * side * side) as u64;
    let product = measure(
        criterion,
        "matrix-product/2048",
        Throughput::Elements(flop),
        || left.clone().matmul(right.clone()),
    );
    let product = per_second(flop as f64, product);

    let device = ndarray();
    for [channels, out_channels, side, stride, padding] in LAYERS {
        let options = || ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let x = random([BATCH, channels, side, side], &device);
        let weight = random([out_channels, channels, 4, 4], &device);
        let x = channels_last(x);
        let grad = conv2d(x.clone(), weight.clone(), None, options());
        let flop = 2 * (grad.dims().iter().product::<usize>() * channels * 16) as u64;
        let mut run = |part: &str, once: &dyn Fn() -> Tensor<4>| {
            let name = format!("{channels}-{out_channels}x{side}/{part}");
            let time = measure(criterion, &name, Throughput::Elements(flop), once);
            if let Some(rate) = per_second(flop as f64, time) {
                let share = product.map_or(String::new(), |product| {
                    format!(", {:.2} of the matrix product's", rate / product)
                });
                println!("{name}: {rate:.0} GFLOP/s{share}");
            }
        };
        run("forward", &|| conv2d(x.clone(), weight.clone(), None, options()));
        run("input-grad", &|| {
            let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
            conv_transpose2d(grad.clone(), weight.clone(), None, options)
        });
        run("weight-grad", &|| {
            conv2d_weight_grad(x.clone(), grad.clone(), [4, 4], options()).unwrap()
        });
    }
}

fn batch_norm(criterion: &mut Criterion) {
    let device = ndarray();
    for (channels, side) in [(64, 32), (512, 4)] {
        let shape = [BATCH, channels, side, side];
        let (weight, bias) = (random([channels], &device), random([channels], &device));
        let x = channels_last(random(shape, &device));
        let bytes = 4 * shape.iter().product::<usize>() as u64;
        let mut run = |part: &str, passes: u64, once: &dyn Fn()| {
            let name = format!("batch-norm-{channels}x{side}/{part}");
            let time = measure(criterion, &name, Throughput::Bytes(passes * bytes), once);
            if let Some(rate) = per_second((passes * bytes) as f64, time) {
                println!("{name}: {rate:.1} GB/s");
            }
        };
        let forward = |x, weight, bias| batch_norm_act(x, weight, bias, 1e-5, Activation::Relu).output;
        // Read for the statistics, read and written.
        run("forward", 3, &|| {
            black_box(forward(x.clone(), weight.clone(), bias.clone()));
        });
        let tracked = x.clone().autodiff().require_grad();
        let parameters = [weight.clone().autodiff(), bias.clone().autodiff()];
        let weights = x.clone().autodiff();
        // Besides, for the loss and its gradient a product of two tensors each, a sum and ones;
        // then two tensors are read for the sums, two read and one written.
        run("forward-backward", 3 + (3 + 1 + 1 + 3) + 5, &|| {
            let [weight, bias] = parameters.clone();
            let y = forward(tracked.clone(), weight, bias);
            black_box((y * weights.clone()).sum().backward());
        });
    }
}

/// Forward and backward of the discriminator's third layer beside Burn's own; on ndarray that takes
/// minutes.
fn burns_own(criterion: &mut Criterion) {
    let device = Device::flex().autodiff();
    let options = || ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
    let x = random([BATCH, 128, 16, 16], &device).require_grad();
    let weight = random([256, 128, 4, 4], &device).require_grad();
    let images = || Throughput::Elements(BATCH as u64);
    measure(criterion, "128-256x16-flex/ours", images(), || {
        conv2d(x.clone(), weight.clone(), None, options())
            .sum()
            .backward()
    });
    measure(criterion, "128-256x16-flex/burn", images(), || {
        module::conv2d(x.clone(), weight.clone(), None, options())
            .sum()
            .backward()
    });
}

fn step(criterion: &mut Criterion) {
    let config = DcganConfig::tutorial();
    for (name, device) in [("ndarray", ndarray()), ("flex", Device::flex())] {
        let mut state = TrainState::new(&config, &device).unwrap();
        let real = random([BATCH, 3, config.image_size, config.image_size], &device);
        let noise = random([BATCH, config.nz, 1, 1], &device);
        let name = format!("step/{name}");
        measure(criterion, &name, Throughput::Elements(BATCH as u64), || {
            state.step(real.clone(), noise.clone())
        });
    }
}

criterion_group!(benches, convolutions, batch_norm, burns_own, step);
criterion_main!(benches);
