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
        let x = numbers([2, 3, 4, 5], &device).require_grad();
        let y = numbers([2, 3, 5, 4], &device).mul_scalar(2.0).require_grad();
        let weights = numbers([2, 3, 4, 5], &device).powi_scalar(2);
        let gradients = |sum: Tensor<4>| {
            let grads = (sum * weights.clone()).sum().backward();
            [&x, &y].map(|tensor| values(tensor.grad(&grads).unwrap()))
        };
        let turned = y.clone().swap_dims(2, 3);
        let found = add(x.clone(), turned.clone());
        let expected = x.clone() + turned;
        assert_eq!(values(found.clone()), values(expected.clone()));
        assert_eq!(gradients(found), gradients(expected));
    }
}

#[test]
fn fan_outs_have_the_gradients_of_clones() {
    for device in devices() {
        let device = device.autodiff();
        let leaf = numbers([2, 3, 4, 5], &device).require_grad();
        // Of a leaf, of what was computed from it, and of one of the fan-outs.
        let inputs = [leaf.clone(), leaf.clone().square()];
        for input in inputs {
            let used = |[a, b, c]: [Tensor<4>; 3], [d, e]: [Tensor<4>; 2]| {
                a.sum() + (b * 2.0).exp().sum() + (c.swap_dims(1, 2) * 3.0).sum() + (d * e.cos()).sum()
            };
            let [a, b, c, d] = fan_out(input.clone());
            let loss = used([a, b, c], fan_out(d));
            let found = values(leaf.grad(&loss.backward()).unwrap());
            let [a, b, c, d, e] = [0; 5].map(|_| input.clone());
            let expected = used([a, b, c], [d, e]);
            assert_close(&found, &values(leaf.grad(&expected.backward()).unwrap()));
        }
    }
}

#[test]
fn a_fan_out_that_is_unused_or_of_another_loss_counts_nothing() {
    for device in devices() {
        let leaf = numbers([3, 4], &device.autodiff()).require_grad();
        let [a, b, _unused, d] = fan_out::<2, 4>(leaf.clone());
        let gradient = |loss: Tensor<1>| values(leaf.grad(&loss.backward()).unwrap());
        assert_eq!(gradient((a * 2.0).sum() + (b * 3.0).sum()), [5.0; 12]);
        // The part of the graph before the fan-outs went with the first backward pass, as Burn has
        // it; this one ends there.
        let _ = (d * 7.0).sum().backward();
    }
}

#[test]
fn normalized_weights_are_burns_forward_and_backward() {
    for device in devices() {
        for (device, rows) in [(device.clone(), 5), (device.clone().autodiff(), 5), (device.autodiff(), 1)] {
            let results = [DType::F32, DType::F64].map(|dtype| {
                let of = |tensor: Tensor<4>| tensor.cast(dtype);
                let weight = of(numbers([rows, 3, 4, 4], &device)).require_grad();
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
