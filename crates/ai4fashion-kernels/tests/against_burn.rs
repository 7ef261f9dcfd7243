//! Sums, pooling, values and normalized weights of tensors, against Burn's own operations.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{add, conv2d, fan_out, global_avg_pool, spectral_norm, to_data};
use burn::tensor::{DType, Device, Tensor, TensorData, module, ops::ConvOptions};

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
#[should_panic(expected = "already been consumed")]
fn fan_outs_of_a_leaf_belong_to_one_backward_pass() {
    let leaf = numbers([3], &ai4fashion_kernels::cpu().autodiff()).require_grad();
    let [a, b] = fan_out(leaf);
    let _ = a.sum().backward();
    let _ = b.sum().backward();
}

#[test]
fn one_fan_out_that_is_used_and_tensors_without_gradients_pass() {
    for device in devices() {
        let leaf = numbers([3], &device.clone().autodiff()).require_grad();
        let [a, _unused] = fan_out(leaf.clone());
        let grads = (a * 2.0).sum().backward();
        assert_eq!(values(leaf.grad(&grads).unwrap()), [2.0; 3]);
        for device in [device.clone(), device.autodiff()] {
            let [a, b] = fan_out(numbers([3], &device));
            assert_eq!(values(a), values(b));
        }
    }
}

#[test]
fn values_are_burns_in_every_order_and_type() {
    for device in devices() {
        for device in [device.clone(), device.autodiff()] {
            let image = numbers([3, 4, 5, 6], &device);
            let weight = numbers([7, 4, 3, 3], &device);
            let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
            // What kernels return has its channels last in memory.
            let channels_last = conv2d(image.clone(), weight, None, options);
            let tensors = [
                channels_last.clone().narrow(0, 1, 2),
                channels_last.narrow(3, 1, 2),
                image.clone().swap_dims(1, 3),
                image.clone().narrow(2, 1, 3),
                image.clone().cast(DType::F64),
                image,
            ];
            for tensor in tensors {
                assert_eq!(to_data(&tensor), tensor.to_data());
            }
            let matrix = numbers([3, 4], &device);
            let turned = matrix.clone().transpose();
            assert_eq!(to_data(&turned), turned.to_data());
            let _also_held = matrix;
        }
    }
}

#[test]
fn means_and_biases_are_burns_forward_and_backward() {
    for device in devices() {
        let device = device.autodiff();
        let result = |by: fn(Tensor<4>, Tensor<4>, Tensor<1>) -> Tensor<2>| {
            let x = numbers([2, 3, 5, 4], &device).require_grad();
            let weight = numbers([6, 3, 3, 3], &device).require_grad();
            let bias = numbers([6], &device).require_grad();
            let output = by(x.clone(), weight.clone(), bias.clone());
            let grads = (output.clone() * numbers([2, 6], &device)).sum().backward();
            [
                values(output),
                values(x.grad(&grads).unwrap()),
                values(weight.grad(&grads).unwrap()),
                values(bias.grad(&grads).unwrap()),
            ]
        };
        let found = result(|x, weight, bias| {
            let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
            global_avg_pool(conv2d(x, weight, Some(bias), options).square())
        });
        let expected = result(|x, weight, bias| {
            let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
            let y = module::conv2d(x, weight, Some(bias), options).square();
            y.mean_dim(3).mean_dim(2).reshape([2, 6])
        });
        for (found, expected) in found.iter().zip(&expected) {
            assert_close(found, expected);
        }
    }
}

#[test]
fn normalized_weights_are_burns_forward_and_backward() {
    for device in devices() {
        for (device, rows) in [
            (device.clone(), 5),
            (device.clone().autodiff(), 5),
            (device.autodiff(), 1),
        ] {
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
