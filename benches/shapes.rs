//! The kernels beside Burn's own operations on the flex device, for shapes that a DCGAN has and
//! others; prints a table: `cargo bench -p ai4fashion-benches --features flex --bench shapes`
//!
//! Medians of rounds by turns, from inputs in the usual order, with a bias. This workspace builds
//! Burn's crates at `opt-level = 1`; `--config 'profile.release.package.burn-flex.opt-level=3'`
//! builds flex at 3.
#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

use std::{
    hint::black_box,
    time::{Duration, Instant},
};

use ai4fashion_kernels::{
    Activation, activate, batch_norm_act, conv_transpose2d, conv2d,
    optim::{Adam, adam_step},
};
use burn::tensor::{
    Device, Distribution, Tensor, activation, module,
    ops::{ConvOptions, ConvTransposeOptions},
};

/// Measurements of each, by turns.
const ROUNDS: usize = 15;
/// What a measurement takes at least: short calls are repeated.
const LEAST: Duration = Duration::from_millis(4);

/// Batch, channels in and out, the input's side, kernel, stride and padding.
type Shape = [usize; 7];

const CONVOLUTIONS: [Shape; 11] = [
    [8, 64, 64, 32, 3, 1, 1],
    [8, 64, 128, 32, 3, 2, 1],
    [8, 64, 64, 32, 4, 2, 1],
    [8, 32, 32, 32, 5, 1, 2],
    [8, 3, 32, 64, 7, 2, 3],
    [8, 1, 16, 64, 3, 1, 1],
    [8, 16, 1, 64, 3, 1, 1],
    [8, 64, 64, 32, 1, 1, 0],
    [8, 16, 3, 64, 1, 1, 0],
    [1, 512, 512, 4, 1, 1, 0],
    [1, 512, 512, 4, 3, 1, 1],
];
const TRANSPOSED: [Shape; 3] = [
    [8, 64, 64, 16, 4, 2, 1],
    [8, 64, 32, 32, 3, 2, 1],
    [8, 64, 32, 32, 2, 2, 0],
];
/// Batch, channels and side.
const INPUTS: [[usize; 3]; 3] = [[8, 64, 32], [16, 256, 4], [1, 3, 224]];

/// An input, a weight and a vector with a value for each channel of the output.
type Op<'a> = &'a dyn Fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<4>;

fn main() {
    println!(
        "| shape | forward, ours and Burn's, ms | times as fast | and backward, ours and Burn's, ms | times as fast |"
    );
    println!("|---|---|---|---|---|");
    for shape @ [_, _, _, _, kernel, stride, padding] in CONVOLUTIONS {
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let ours = |x, w, b| conv2d(x, w, Some(b), options.clone());
        let burns = |x, w, b| module::conv2d(x, w, Some(b), options.clone());
        let [batch, channels, outputs, side, ..] = shape;
        let weight = [outputs, channels, kernel, kernel];
        let name = name("", shape);
        row(
            &name,
            [batch, channels, side, side],
            weight,
            outputs,
            [&ours, &burns],
        );
    }
    for shape @ [_, _, _, _, kernel, stride, padding] in TRANSPOSED {
        let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [0, 0], [1, 1], 1);
        let ours = |x, w, b| conv_transpose2d(x, w, Some(b), options.clone());
        let burns = |x, w, b| module::conv_transpose2d(x, w, Some(b), options.clone());
        let [batch, channels, outputs, side, ..] = shape;
        let weight = [channels, outputs, kernel, kernel];
        let name = name("transposed ", shape);
        row(
            &name,
            [batch, channels, side, side],
            weight,
            outputs,
            [&ours, &burns],
        );
    }
    for [batch, channels, side] in INPUTS {
        let input = [batch, channels, side, side];
        let of = format!("{channels} channels of {side}x{side}, batch {batch}");
        let ours = |x, _, b: Tensor<1>| batch_norm_act(x, b.clone(), b, 1e-5, Activation::Relu).output;
        let burns =
            |x, _, b: Tensor<1>| activation::relu(module::batch_norm_train(x, b.clone(), b, 1e-5).output);
        row(
            &format!("batch norm and ReLU, {of}"),
            input,
            [1; 4],
            channels,
            [&ours, &burns],
        );
        let ours = |x: Tensor<4>, _, _| activate(x * 2.0, Activation::LeakyRelu(0.2));
        let burns = |x: Tensor<4>, _, _| activation::leaky_relu(x * 2.0, 0.2);
        row(
            &format!("times 2 and LeakyReLU, {of}"),
            input,
            [1; 4],
            channels,
            [&ours, &burns],
        );
    }
    adam();
}

fn name(kind: &str, [batch, channels, outputs, side, kernel, stride, _]: Shape) -> String {
    format!("{kind}{kernel}x{kernel} stride {stride}, {channels} to {outputs}, {side}x{side}, batch {batch}")
}

fn random<const D: usize>(shape: [usize; D]) -> Tensor<D> {
    Tensor::random(shape, Distribution::Normal(0.0, 0.1), &Device::flex())
}

fn row(name: &str, input: [usize; 4], weight: [usize; 4], channels: usize, ops: [Op<'_>; 2]) {
    let (x, w, b) = (random(input), random(weight), random([channels]));
    let forward = medians(ops.map(|op| {
        let (x, w, b) = (&x, &w, &b);
        move || drop(black_box(op(x.clone(), w.clone(), b.clone())))
    }));
    let both = medians(ops.map(|op| {
        let (x, w, b) = (&x, &w, &b);
        move || {
            let x = Tensor::from_inner(x.clone()).require_grad();
            let w = Tensor::from_inner(w.clone()).require_grad();
            let b = Tensor::from_inner(b.clone()).require_grad();
            drop(black_box(op(x, w, b).sum().backward()));
        }
    }));
    println!("| {name} | {} | {} |", figures(forward), figures(both));
}

/// A million weights, by one pass and by tensor operations of Burn's optimizer's formula.
fn adam() {
    let [parameter, grad, first, second] = [(); 4].map(|()| random([1 << 20]).abs());
    let start = || [&parameter, &grad, &first, &second].map(Tensor::clone);
    let ours = || {
        let [parameter, grad, first, second] = start();
        drop(black_box(adam_step(
            parameter,
            grad,
            [first, second],
            Adam::default(),
            9,
        )));
    };
    let burns = || {
        // On a device with autodiff the same function is made of Burn's operations.
        let [parameter, grad, first, second] = start().map(Tensor::from_inner);
        drop(black_box(adam_step(
            parameter,
            grad,
            [first, second],
            Adam::default(),
            9,
        )));
    };
    let ops: [&dyn Fn(); 2] = [&ours, &burns];
    println!("| Adam, 1,048,576 weights | {} | | |", figures(medians(ops)));
}

fn figures([ours, burns]: [f64; 2]) -> String {
    format!("{ours:.3}, {burns:.3} | {:.1}", burns / ours)
}

/// Median milliseconds of a call of each.
fn medians(ops: [impl Fn(); 2]) -> [f64; 2] {
    let calls = ops.each_ref().map(|op| {
        op();
        let once = elapsed(op, 1);
        (LEAST.as_secs_f64() * 1e3 / once).ceil().clamp(1.0, 10_000.0) as u32
    });
    let mut times = [(); 2].map(|()| Vec::with_capacity(ROUNDS));
    for _ in 0..ROUNDS {
        for ((times, op), calls) in times.iter_mut().zip(&ops).zip(calls) {
            times.push(elapsed(op, calls));
        }
    }
    times.map(|mut times| {
        times.sort_by(f64::total_cmp);
        times[ROUNDS / 2]
    })
}

/// Milliseconds of a call, averaged over `calls`.
fn elapsed(op: impl Fn(), calls: u32) -> f64 {
    let start = Instant::now();
    (0..calls).for_each(|_| op());
    start.elapsed().as_secs_f64() * 1e3 / f64::from(calls)
}
