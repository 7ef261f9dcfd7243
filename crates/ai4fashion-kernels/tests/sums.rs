//! Sums of tensors and of gradients, and normalized weights, against Burn's own operations.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{add, fan_out, spectral_norm};
use burn::tensor::{DType, Device, Tensor, TensorData};

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn numbers<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    let count = shape.iter().product::<usize>();
    let values: Vec<f32> = (0..count).map(|at| (at as f32 * 0.7 + 1.0).sin()).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.cast(DType::F32).into_data().try_to_vec().unwrap()
}

#[track_caller]
fn assert_close(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < 1e-5 * expected.abs().max(1.0),
            "{found} {expected}"
        );
    }
}

#[test]
fn sums_are_burns_in_every_order_of_the_axes() {
    for device in devices() {
        let device = device.autodiff();
        let result = |sum: fn(Tensor<4>, Tensor<4>) -> Tensor<4>| {
            let x = numbers([2, 3, 4, 5], &device).require_grad();
            let y = numbers([2, 3, 5, 4], &device).mul_scalar(2.0).require_grad();
            let output = sum(x.clone(), y.clone().swap_dims(2, 3));
            let weights = numbers([2, 3, 4, 5], &device).square();
            let grads = (output.clone() * weights).sum().backward();
            let [of_x, of_y] = [x, y].map(|tensor| values(tensor.grad(&grads).unwrap()));
            [values(output), of_x, of_y]
        };
        assert_eq!(result(add), result(|x, y| x + y));
    }
}

#[test]
fn fan_outs_have_the_gradients_of_clones() {
    type Clones = fn(Tensor<4>) -> [Tensor<4>; 4];
    let clones: Clones = |x| [0; 4].map(|_| x.clone());
    for device in devices() {
        // Of a leaf, and of what is computed from one.
        for input in [|x| x, |x: Tensor<4>| x.square()] {
            let gradient = |fan_out: Clones| {
                let leaf = numbers([2, 3, 4, 5], &device.clone().autodiff()).require_grad();
                let [a, b, c, _unused] = fan_out(input(leaf.clone()));
                let [d, e, ..] = fan_out(c.clone());
                let loss = a.sum() + (b * 2.0).exp().sum() + (c.swap_dims(1, 2) * 3.0).sum();
                let grads = (loss + (d * e.cos()).sum()).backward();
                values(leaf.grad(&grads).unwrap())
            };
            assert_close(&gradient(fan_out), &gradient(clones));
        }
    }
}

#[test]
fn normalized_weights_are_burns_forward_and_backward() {
    for device in devices() {
        for (device, rows) in [(device.clone(), 5), (device.clone().autodiff(), 5), (device.autodiff(), 1)] {
            let results = [DType::F32, DType::F64].map(|dtype| {
                let of = |tensor: Tensor<4>| tensor.cast(dtype);
                let weight = of(numbers([rows, 3, 4, 4], &device));
                let weight = match device.is_autodiff() {
                    true => weight.require_grad(),
                    false => weight,
                };
                let u = numbers([rows], &device).inner().cast(dtype);
                let (normalized, u) = spectral_norm(weight.clone(), u);
                assert!(!u.is_autodiff());
                let gradient = device.is_autodiff().then(|| {
                    let weights = of(numbers([rows, 3, 4, 4], &device)).square();
                    let grads = (normalized.clone() * weights).sum().backward();
                    values(weight.grad(&grads).unwrap())
                });
                [values(normalized), values(u), gradient.unwrap_or_default()]
            });
            let [found, expected] = results;
            for (found, expected) in found.iter().zip(&expected) {
                assert_close(found, expected);
            }
        }
    }
}
