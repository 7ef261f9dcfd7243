//! The layers against Burn's own, which they are made from.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{
    Activation, Precision, activate,
    nn::{BatchNorm, Conv2d, ConvTranspose2d},
    optim::{Adam, AdamState},
    upsample_conv2d,
};
use burn::{
    module::Module,
    nn::{
        BatchNormConfig, Linear, LinearConfig, PaddingConfig2d,
        conv::{Conv2dConfig, ConvTranspose2dConfig},
    },
    optim::{AdamConfig, GradientsParams, ModuleOptimizer},
    store::{ModuleSnapshot, SafetensorsStore},
    tensor::{DType, Device, Distribution, Tensor, Tolerance, activation, module, ops::ConvOptions},
};

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn input(device: &Device) -> Tensor<4> {
    Tensor::random([3, 4, 9, 7], Distribution::Uniform(-1.0, 1.0), device)
}

#[track_caller]
fn assert_same(found: Tensor<4>, expected: Tensor<4>) {
    assert_within(found, expected, 1e-5);
}

#[track_caller]
fn assert_within(found: Tensor<4>, expected: Tensor<4>, bound: f32) {
    found
        .into_data()
        .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(bound));
}

#[test]
fn convolutions_are_burns() {
    for device in devices() {
        for padding in [
            PaddingConfig2d::Valid,
            PaddingConfig2d::Same,
            PaddingConfig2d::Explicit(1, 2, 1, 2),
            PaddingConfig2d::Explicit(0, 1, 2, 1),
        ] {
            for (kernel, stride) in [(3, 1), (3, 2), (1, 1), (4, 2)] {
                let burns = Conv2dConfig::new([4, 6], [kernel; 2])
                    .with_stride([stride; 2])
                    .with_padding(padding.clone())
                    .init(&device);
                let x = input(&device);
                assert_same(Conv2d::from(burns.clone()).forward(x.clone()), burns.forward(x));
            }
        }
        let burns = ConvTranspose2dConfig::new([4, 6], [4, 4])
            .with_stride([2, 2])
            .with_padding([1, 1])
            .init(&device);
        let x = input(&device);
        assert_same(
            ConvTranspose2d::from(burns.clone()).forward(x.clone()),
            burns.forward(x),
        );
    }
}

#[test]
fn batch_norm_is_burns_in_training_and_after_it() {
    for device in devices() {
        let training = device.clone().autodiff();
        let burns = BatchNormConfig::new(4).init(&training);
        // Made anew, because clones share their running statistics.
        let ours = BatchNorm::from(BatchNormConfig::new(4).init(&training));
        let ours = ours.with_activation(Activation::LeakyRelu(0.2));
        for _ in 0..3 {
            let x = Tensor::from_inner(input(&device));
            let expected = activation::leaky_relu(burns.forward(x.clone()), 0.2);
            assert_same(ours.forward(x).inner(), expected.inner());
        }
        let x = input(&device);
        let expected = activation::leaky_relu(burns.valid().forward(x.clone()), 0.2);
        assert_same(ours.valid().forward(x), expected);
    }
}

#[test]
fn batch_norm_and_activations_take_any_rank() {
    for device in devices() {
        let training = device.clone().autodiff();
        let layer = || BatchNormConfig::new(4).init(&training);
        let ours = BatchNorm::from(layer()).with_activation(Activation::Relu);
        let x = input(&training);
        let table = x.clone().reshape([27, 28]).narrow(1, 3, 4);
        let expected = activation::relu(layer().forward(table.clone()));
        let found = ours.forward(table.clone());
        let tolerance = Tolerance::absolute(1e-5);
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), tolerance);
        let signal = x.reshape([3, 4, 63]);
        let expected = activation::relu(layer().forward(signal.clone()));
        let found = BatchNorm::from(layer())
            .with_activation(Activation::Relu)
            .forward(signal);
        found
            .into_data()
            .assert_approx_eq::<f32>(&expected.into_data(), tolerance);
        let found = activate(table.clone(), Activation::LeakyRelu(0.2)).into_data();
        found.assert_approx_eq::<f32>(&activation::leaky_relu(table, 0.2).into_data(), tolerance);
    }
}

#[test]
fn adam_is_one_of_burns_optimizers() {
    for device in devices() {
        let device = device.autodiff();
        let start = LinearConfig::new(5, 3).init(&device);
        let x = Tensor::<2>::random([4, 5], Distribution::Uniform(-1.0, 1.0), &device);
        let mut burns = AdamConfig::new().with_epsilon(1e-8).init();
        let mut ours = ModuleOptimizer::from(Adam::default());
        let (mut expected, mut found) = (start.clone(), start);
        for _ in 0..5 {
            let grads = |model: &Linear| {
                let loss = model.forward(x.clone()).square().sum();
                GradientsParams::from_grads(loss.backward(), model)
            };
            let (of_burns, of_ours) = (grads(&expected), grads(&found));
            expected = burns.step(0.01, expected, of_burns);
            found = ours.step(0.01, found, of_ours);
        }
        let expected = expected.weight.val().into_data();
        let found = found.weight.val().into_data();
        found.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-5));
    }
}

/// The gradients of two terms, and that of their sum.
#[test]
fn a_step_of_terms_is_a_step_of_their_sum() {
    for device in devices() {
        let device = device.autodiff();
        let layer: Linear = LinearConfig::new(5, 3).init(&device);
        let [x, y] = [0; 2].map(|_| Tensor::<2>::random([4, 5], Distribution::Default, &device));
        let terms = || {
            [
                layer.forward(x.clone()).square().mean(),
                layer.forward(y.clone()).abs().mean(),
            ]
        };
        let grads = |term: Tensor<1>| GradientsParams::from_grads(term.backward(), &layer);
        let stepped = |grads| AdamState::new().step_of_sum(Adam::default(), layer.clone(), grads);
        let [first, second] = terms();
        let (apart, whole) = (terms().map(grads).into(), vec![grads(first + second)]);
        let weight = |layer: Linear| layer.weight.val().inner().unsqueeze::<4>();
        assert_same(weight(stepped(apart)), weight(stepped(whole)));
        let [first, _] = terms();
        let moved = weight(stepped(vec![grads(first)])) - weight(layer.clone());
        assert!(moved.abs().max().into_scalar::<f32>() > 1e-4);
    }
}

/// Each pixel is four equal ones, which the 3x3 convolution sees.
#[test]
fn upsampling_and_a_convolution_in_one_is_burns_both() {
    for device in devices() {
        let device = device.autodiff();
        // Few channels, and as many as Winograd's small and large filters take. The bounds are
        // of the largest value; measured in 200 runs: 7.5e-7, 2.2e-6 and 1.2e-5.
        for ([inputs, outputs, height, width], bound) in [
            ([2, 3, 5, 4], 3e-6),
            ([32, 64, 4, 4], 1e-5),
            ([32, 64, 8, 8], 4e-5),
        ] {
            let random = |shape| Tensor::<4>::random(shape, Distribution::Default, &device);
            let x = random([2, inputs, height, width]).require_grad();
            let weight = random([outputs, inputs, 3, 3]).require_grad();
            let enlarged = x.clone().reshape([2, inputs, height, 1, width, 1]);
            let enlarged: Tensor<6> = enlarged.repeat_dim(3, 2).repeat_dim(5, 2);
            let enlarged: Tensor<4> = enlarged.reshape([2, inputs, 2 * height, 2 * width]);
            let options = ConvOptions::new([1, 1], [1, 1], [1, 1], 1);
            let expected = module::conv2d(enlarged, weight.clone(), None, options);
            let found = upsample_conv2d(x.clone(), weight.clone(), Precision::F32);
            let factors = random(found.dims());
            let grads = |output: Tensor<4>| {
                let grads = (output * factors.clone()).mean().backward();
                [x.grad(&grads), weight.grad(&grads)].map(Option::unwrap)
            };
            let close = |found: Tensor<4>, expected: Tensor<4>| {
                let largest = expected.clone().abs().max().into_scalar::<f32>();
                assert_within(found / largest, expected / largest, bound);
            };
            for (found, expected) in grads(found.clone()).into_iter().zip(grads(expected.clone())) {
                close(found, expected);
            }
            close(found.inner(), expected.inner());
        }
    }
}

/// In `f64`, where Burn's own operations are used.
#[test]
fn upsampling_without_kernels_is_that_of_the_kernels() {
    for device in devices() {
        let random = |shape| Tensor::<4>::random(shape, Distribution::Default, &device);
        let (x, weight) = (random([2, 3, 5, 4]), random([6, 3, 3, 3]));
        let [exact_x, exact_weight] = [&x, &weight].map(|tensor| tensor.clone().cast(DType::F64));
        let exact = upsample_conv2d(exact_x, exact_weight, Precision::F32);
        assert_eq!(exact.dtype(), DType::F64);
        assert_same(exact.cast(DType::F32), upsample_conv2d(x, weight, Precision::F32));
    }
}

#[test]
fn weights_saved_from_burns_layer_load_into_ours() {
    let device = Device::flex();
    let config = Conv2dConfig::new([4, 6], [3, 3]);
    let burns = config.init(&device);
    let mut file = SafetensorsStore::from_bytes(None);
    burns.save_into(&mut file).unwrap();
    let mut ours = Conv2d::from(config.init(&device));
    let mut file = SafetensorsStore::from_bytes(Some(file.get_bytes().unwrap()));
    let result = ours.load_from(&mut file).unwrap();
    assert!(result.is_success() && result.unused.is_empty(), "{result}");
    let x = input(&device);
    assert_same(ours.forward(x.clone()), burns.forward(x));
}
