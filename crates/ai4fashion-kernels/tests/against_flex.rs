//! Every operation, forward and backward, on each device with kernels, against the stock layers of
//! Burn's flex backend. The tolerance of 1e-4, relative to the largest value, is that of sums of
//! some thousand products in `f32` taken in another order.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{
    Activation, activate, batch_norm_act, batch_norm_inference_act, conv_transpose2d, conv2d,
    conv2d_weight_grad, has_kernels,
    optim::{Adam, adam_step},
    tanh,
};
use burn::tensor::{
    Device, Tensor, TensorData, activation, module,
    ops::{ConvOptions, ConvTransposeOptions},
};

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

/// Values in [-1, 1] that do not repeat.
fn data(shape: [usize; 4], start: u32) -> TensorData {
    let len = shape.iter().product();
    let value = |i: u32| ((f64::from(i) * 0.618_033_988_749_895).fract() * 2.0 - 1.0) as f32;
    TensorData::new((start..).take(len).map(value).collect::<Vec<f32>>(), shape)
}

/// Output, gradient to the input and gradient to the weight, of a sum weighted by position.
fn run(
    device: &Device,
    x: [usize; 4],
    weight: [usize; 4],
    op: impl Fn(Tensor<4>, Tensor<4>) -> Tensor<4>,
) -> [Vec<f32>; 3] {
    let device = device.clone().autodiff();
    let x = Tensor::<4>::from_data(data(x, 1), &device).require_grad();
    let weight = Tensor::<4>::from_data(data(weight, 50_021), &device).require_grad();
    let output = op(x.clone(), weight.clone());
    let weights = Tensor::<4>::from_data(data(output.dims(), 100_003), &device);
    let grads = (output.clone() * weights).sum().backward();
    let values = |t: Tensor<4>| t.into_data().try_to_vec::<f32>().unwrap();
    [
        values(output.inner()),
        values(x.grad(&grads).unwrap()),
        values(weight.grad(&grads).unwrap()),
    ]
}

fn assert_close(found: &[Vec<f32>; 3], expected: &[Vec<f32>; 3], case: &str) {
    for ((found, expected), what) in found
        .iter()
        .zip(expected)
        .zip(["output", "input grad", "weight grad"])
    {
        assert_eq!(found.len(), expected.len(), "{what} of {case}");
        let scale = expected.iter().fold(1e-6_f32, |max, v| max.max(v.abs()));
        let differences = found.iter().zip(expected).map(|(f, e)| (f - e).abs());
        // NaN counts as the largest of all: `f32::max` would leave it out.
        let worst = differences.max_by(f32::total_cmp).unwrap_or(0.0);
        assert!(
            worst <= 1e-4 * scale,
            "{what} of {case}: off by {worst} of {scale}"
        );
    }
}

/// (batch, channels in, channels out, height, width, kernel, stride, padding): the DCGAN's layers
/// at a reduced width, then odd sizes, single images, and every kernel, stride and padding.
fn cases() -> Vec<[usize; 8]> {
    let mut cases = vec![
        [5, 3, 8, 64, 64, 4, 2, 1],
        [3, 8, 16, 32, 32, 4, 2, 1],
        [9, 16, 32, 16, 16, 4, 2, 1],
        [3, 32, 64, 16, 12, 4, 2, 1],
        [40, 32, 1, 4, 4, 4, 1, 0],
        [1, 7, 5, 9, 13, 4, 2, 1],
    ];
    cases.extend([[3, 7, 33, 9, 11, 1, 1, 0], [1, 1, 1, 9, 8, 3, 1, 1]]);
    for kernel in [3, 4, 5] {
        for stride in [1, 2] {
            for padding in [0, 1, 2] {
                cases.push([2, 3, 5, 11, 8, kernel, stride, padding]);
            }
        }
    }
    cases
}

#[test]
fn convolution_equals_stock_flex() {
    for case @ [batch, i, o, height, width, kernel, stride, padding] in cases() {
        let options = ConvOptions::new([stride; 2], [padding; 2], [1, 1], 1);
        let (x, weight) = ([batch, i, height, width], [o, i, kernel, kernel]);
        let stock = |x, w| module::conv2d(x, w, None, options.clone());
        let ours = |x, w| conv2d(x, w, None, options.clone());
        let expected = run(&Device::flex(), x, weight, stock);
        for device in devices() {
            assert!(has_kernels(&device));
            assert_close(
                &run(&device, x, weight, ours),
                &expected,
                &format!("{case:?} on {device:?}"),
            );
        }
    }
}

#[test]
fn padding_that_differs_from_side_to_side_equals_stock_flex() {
    for (kernel, stride, padding) in [
        (3, 2, [(0, 1), (0, 1)]),
        (3, 1, [(2, 0), (0, 1)]),
        (4, 2, [(1, 2), (0, 3)]),
        (1, 1, [(0, 1), (1, 0)]),
    ] {
        for channels in [(3, 5), (32, 32)] {
            let options = ConvOptions::new_with_padding([stride; 2], padding, [1, 1], 1);
            let (x, weight) = ([2, channels.0, 9, 12], [channels.1, channels.0, kernel, kernel]);
            let expected = run(&Device::flex(), x, weight, |x, w| {
                module::conv2d(x, w, None, options.clone())
            });
            for device in devices() {
                let found = run(&device, x, weight, |x, w| conv2d(x, w, None, options.clone()));
                assert_close(&found, &expected, &format!("{options:?} on {device:?}"));
            }
        }
    }
}

#[test]
fn transposed_convolution_equals_stock_flex() {
    for case @ [batch, i, o, height, width, kernel, stride, padding] in cases() {
        for extra in 0..stride {
            let options = ConvTransposeOptions::new([stride; 2], [padding; 2], [extra; 2], [1, 1], 1);
            let (x, weight) = ([batch, o, height / 2, width / 2], [o, i, kernel, kernel]);
            let stock = |x, w| module::conv_transpose2d(x, w, None, options.clone());
            let ours = |x, w| conv_transpose2d(x, w, None, options.clone());
            let expected = run(&Device::flex(), x, weight, stock);
            for device in devices() {
                let case = format!("{case:?} with {extra} extra on {device:?}");
                assert_close(&run(&device, x, weight, ours), &expected, &case);
            }
        }
    }
}

#[test]
fn bias_is_added_to_each_channel() {
    for device in devices() {
        let x = Tensor::<4>::from_data(data([2, 3, 6, 6], 1), &device);
        let weight = Tensor::<4>::from_data(data([4, 3, 4, 4], 9), &device);
        let bias = Tensor::<1>::from_floats([1.0, 2.0, 3.0, 4.0], &device);
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let plain = conv2d(x.clone(), weight.clone(), None, options.clone());
        let biased = conv2d(x, weight, Some(bias), options);
        let difference = (biased - plain).mean_dim(3).mean_dim(2).mean_dim(0).into_data();
        difference.assert_approx_eq::<f32>(
            &TensorData::from([[[[1.0_f32]], [[2.0]], [[3.0]], [[4.0]]]]),
            burn::tensor::Tolerance::absolute(1e-5),
        );
    }
}

#[test]
fn transposed_views_are_read_in_their_own_order() {
    let options = || ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
    let run = |device: &Device| {
        let x = Tensor::<4>::from_data(data([2, 3, 5, 7], 1), device).swap_dims(2, 3);
        let weight = Tensor::<4>::from_data(data([3, 4, 3, 3], 9), device).swap_dims(0, 1);
        conv2d(x, weight, None, options()).into_data()
    };
    let flex = Device::flex();
    let x = Tensor::<4>::from_data(data([2, 3, 5, 7], 1), &flex).swap_dims(2, 3);
    let weight = Tensor::<4>::from_data(data([3, 4, 3, 3], 9), &flex).swap_dims(0, 1);
    let expected = module::conv2d(x, weight, None, options()).into_data();
    for device in devices() {
        run(&device).assert_approx_eq::<f32>(&expected, burn::tensor::Tolerance::rel_abs(1e-4, 1e-4));
    }
}

#[test]
fn groups_and_dilation_fall_back_to_burn() {
    let options = ConvOptions::new([1, 1], [2, 2], [2, 2], 2);
    let (x, weight) = ([2, 4, 8, 8], [6, 2, 3, 3]);
    let expected = run(&Device::flex(), x, weight, |x, w| {
        module::conv2d(x, w, None, options.clone())
    });
    for device in devices() {
        let found = run(&device, x, weight, |x, w| conv2d(x, w, None, options.clone()));
        assert_close(&found, &expected, "groups and dilation");
    }
}

#[test]
fn gradients_nobody_asked_for_are_not_there() {
    for device in devices() {
        let device = device.autodiff();
        let x = Tensor::<4>::from_data(data([2, 3, 8, 8], 1), &device);
        let weight = Tensor::<4>::from_data(data([4, 3, 4, 4], 9), &device).require_grad();
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let grads = conv2d(x.clone(), weight.clone(), None, options).sum().backward();
        assert!(weight.grad(&grads).is_some());
        assert!(x.grad(&grads).is_none());
    }
}

const EPSILON: f64 = 1e-5;

/// A function of feature maps.
type Op = fn(Tensor<4>) -> Tensor<4>;

fn activations() -> [(Activation, Op); 3] {
    [
        (Activation::Identity, |x| x),
        (Activation::Relu, activation::relu),
        (Activation::LeakyRelu(0.2), |x| activation::leaky_relu(x, 0.2)),
    ]
}

/// Output and the gradients to input, weight and bias, which are taken from the first two values of
/// the second tensor.
fn run_norm(
    device: &Device,
    shape: [usize; 4],
    op: impl Fn(Tensor<4>, Tensor<1>, Tensor<1>) -> Tensor<4>,
) -> [Vec<f32>; 3] {
    let channels = shape[1];
    run(device, shape, [2, channels, 1, 1], |x, parameters| {
        let parameter = |row: usize| parameters.clone().narrow(0, row, 1).reshape([channels]);
        op(x, parameter(0), parameter(1))
    })
}

#[test]
fn batch_norm_with_activation_equals_stock_flex() {
    for shape in [[16, 8, 8, 8], [5, 3, 7, 9], [3, 4, 1, 1], [2, 1, 33, 2]] {
        for (activation, stock_activation) in activations() {
            let stock =
                |x, weight, bias| stock_activation(module::batch_norm_train(x, weight, bias, EPSILON).output);
            let ours = |x, weight, bias| batch_norm_act(x, weight, bias, EPSILON, activation).output;
            let expected = run_norm(&Device::flex(), shape, stock);
            for device in devices() {
                let case = format!("{shape:?} {activation:?} on {device:?}");
                assert_close(&run_norm(&device, shape, ours), &expected, &case);
            }
        }
    }
}

#[test]
fn normalization_by_given_statistics_equals_stock_flex() {
    let shape = [4, 3, 5, 6];
    let statistics = |device: &Device| {
        let of = |values: [f32; 3]| Tensor::<1>::from_floats(values, device);
        [of([0.1, -0.2, 0.3]), of([0.5, 1.0, 2.0])]
    };
    for (activation, stock_activation) in activations() {
        let expected = run_norm(&Device::flex(), shape, |x, weight, bias| {
            let [mean, variance] = statistics(&x.device());
            stock_activation(module::batch_norm(x, weight, bias, mean, variance, EPSILON))
        });
        for device in devices() {
            let found = run_norm(&device, shape, |x, weight, bias| {
                let statistics = statistics(&x.device());
                batch_norm_inference_act(x, [weight, bias], statistics, EPSILON, activation)
            });
            assert_close(&found, &expected, &format!("{activation:?} on {device:?}"));
        }
    }
}

#[test]
fn statistics_of_the_batch_equal_stock_flex() {
    let statistics = |device: &Device, ours: bool| {
        let x = Tensor::<4>::from_data(data([6, 4, 5, 7], 3), device);
        let (weight, bias) = (Tensor::ones([4], device), Tensor::zeros([4], device));
        let (mean, variance) = if ours {
            let found = batch_norm_act(x, weight, bias, EPSILON, Activation::Relu);
            (found.mean, found.variance)
        } else {
            let found = module::batch_norm_train(x, weight, bias, EPSILON);
            (found.mean, found.variance)
        };
        [mean, variance].map(Tensor::into_data)
    };
    let expected = statistics(&Device::flex(), false);
    for device in devices() {
        for (found, expected) in statistics(&device, true).iter().zip(&expected) {
            found.assert_approx_eq::<f32>(expected, burn::tensor::Tolerance::rel_abs(1e-5, 1e-6));
        }
    }
}

#[test]
fn activations_alone_equal_stock_flex() {
    for (activation, stock) in activations() {
        let (shape, unused) = ([3, 4, 9, 5], [1, 1, 1, 1]);
        let expected = run(&Device::flex(), shape, unused, |x, one| stock(x) * one);
        for device in devices() {
            let found = run(&device, shape, unused, |x, one| activate(x, activation) * one);
            assert_close(&found, &expected, &format!("{activation:?} on {device:?}"));
        }
    }
}

#[test]
fn tangents_equal_stock_flex() {
    let (shape, unused) = ([3, 4, 9, 5], [1, 1, 1, 1]);
    // In the order that a convolution leaves, and in the usual one.
    for scale in [0.01, 1.0, 20.0] {
        let expected = run(&Device::flex(), shape, unused, |x, one| (x * scale).tanh() * one);
        for device in devices() {
            let found = run(&device, shape, unused, |x, one| tanh(x * scale) * one);
            assert_close(&found, &expected, &format!("{scale} on {device:?}"));
            let found = run(&device, shape, unused, |x, one| {
                let pixels = (x * scale).permute([0, 2, 3, 1]) * 1.0;
                tanh(pixels.permute([0, 3, 1, 2])) * one
            });
            assert_close(&found, &expected, &format!("{scale}, permuted, on {device:?}"));
        }
    }
}

#[test]
fn adam_equals_burns_own_operations() {
    let adam = Adam::default().with_lr(0.1).with_beta1(0.5);
    // With autodiff the update is made of Burn's own operations.
    let run = |device: &Device| {
        let start = |seed| Tensor::<4>::from_data(data([2, 3, 4, 5], seed), device);
        let (mut parameter, mut moments) = (start(1), [start(0).zeros_like(), start(0).zeros_like()]);
        for time in 1..4 {
            let grad = start(1_000 * time);
            let output = adam_step(parameter, grad, moments, adam, time.cast_signed());
            (parameter, moments) = (output.parameter, output.moments);
        }
        let [first, second] = moments;
        [parameter, first, second].map(|tensor| tensor.into_data().try_to_vec::<f32>().unwrap())
    };
    let expected = run(&Device::flex().autodiff());
    for device in devices() {
        assert_close(&run(&device), &expected, &format!("adam on {device:?}"));
    }
}

#[test]
fn weight_gradient_alone_is_that_of_the_backward_pass() {
    for device in devices() {
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let (x, weight) = ([2, 3, 8, 8], [5, 3, 4, 4]);
        let expected = run(&device, x, weight, |x, w| conv2d(x, w, None, options.clone()));
        let x = Tensor::<4>::from_data(data(x, 1), &device);
        let grad = Tensor::<4>::from_data(data([2, 5, 4, 4], 100_003), &device);
        let found = conv2d_weight_grad(x, grad, [4, 4], options).unwrap();
        assert_eq!(found.into_data().try_to_vec::<f32>().unwrap(), expected[2]);
    }
}

#[test]
fn gradients_of_an_input_without_pixels_are_zeros() {
    for device in devices() {
        let options = ConvOptions::new([1, 1], [2, 2], [1, 1], 1);
        let [output, x, weight] = run(&device, [2, 3, 0, 4], [5, 3, 3, 3], |x, w| {
            conv2d(x, w, None, options.clone())
        });
        assert_eq!(output, vec![0.0; 2 * 5 * 2 * 6]);
        assert!(x.is_empty());
        assert_eq!(weight, vec![0.0; 5 * 3 * 3 * 3]);
    }
}

#[test]
#[should_panic(expected = "a LeakyReLU factor of -0.1 is not in [0, 1]")]
fn negative_factors_are_refused() {
    let x = Tensor::<4>::zeros([1, 1, 1, 1], &Device::flex());
    let _ = activate(x, Activation::LeakyRelu(-0.1));
}
