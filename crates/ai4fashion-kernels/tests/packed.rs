//! Convolutions by packed weights against those by the weights themselves.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{
    Activation, Precision, WithPrecision, batch_norm_inference_act, conv_transpose2d, conv2d,
    nn::{Conv2d, ConvTranspose2d, PackedConv},
    upsample_conv2d,
};
use burn::{
    nn::{
        PaddingConfig2d,
        conv::{Conv2dConfig, ConvTranspose2dConfig},
    },
    tensor::{
        DType, Device, Distribution, Tensor,
        ops::{ConvOptions, ConvTransposeOptions},
    },
};

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn random<const D: usize>(shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::random(shape, Distribution::Uniform(-1.0, 1.0), device)
}

fn weight_of(device: &Device) -> Tensor<4> {
    random([32, 32, 4, 4], device)
}

#[track_caller]
fn assert_same_bytes(found: Tensor<4>, expected: Tensor<4>) {
    assert_eq!(found.into_data(), expected.into_data());
}

/// Channels, kernel and stride: by minimal filtering, by im2col, and from one pixel to one.
const SHAPES: [([usize; 2], usize, usize); 6] = [
    ([32, 64], 4, 2),
    ([96, 32], 4, 2),
    ([70, 32], 4, 1),
    ([3, 40], 3, 1),
    ([5, 2], 1, 1),
    ([1, 1], 3, 2),
];

/// Sides of an image, and images in a batch: few tiles, many, and none.
const BATCHES: [([usize; 2], usize); 5] =
    [([4, 4], 1), ([8, 4], 3), ([16, 16], 1), ([8, 8], 40), ([8, 8], 0)];

#[test]
fn packed_weights_give_the_same_bytes() {
    for device in devices() {
        for ([input, output], kernel, stride) in SHAPES {
            let bias = (kernel == 3).then(|| random([output], &device));
            for ([height, width], batch) in BATCHES {
                let x = random([batch, input, height, width], &device);
                let weight = random([output, input, kernel, kernel], &device);
                let options = ConvOptions::new([stride; 2], [1, 1], [1, 1], 1);
                let packed =
                    PackedConv::conv2d(weight.clone(), bias.clone(), options.clone(), [height, width]);
                let expected = conv2d(x.clone(), weight, bias.clone(), options);
                assert_same_bytes(packed.forward(x.clone()), expected);

                let weight = random([input, output, kernel, kernel], &device);
                let options = ConvTransposeOptions::new([stride; 2], [0, 0], [0, 0], [1, 1], 1);
                let packed = PackedConv::conv_transpose2d(
                    weight.clone(),
                    bias.clone(),
                    options.clone(),
                    [height, width],
                );
                let expected = conv_transpose2d(x.clone(), weight, bias.clone(), options);
                assert_same_bytes(packed.forward(x.clone()), expected);

                let weight = random([output, input, 3, 3], &device);
                let packed = PackedConv::upsample_conv2d(weight.clone(), Precision::F32, [height, width]);
                let expected = upsample_conv2d(x.clone(), weight, Precision::F32);
                assert_same_bytes(packed.forward(x), expected);
            }
        }
    }
}

#[test]
fn what_is_not_packed_is_the_function_itself() {
    for device in devices() {
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let weight = random([32, 32, 4, 4], &device);
        let packed = PackedConv::conv2d(weight.clone(), None, options.clone(), [8, 8]);
        let other = random([2, 32, 12, 16], &device);
        let expected = conv2d(other.clone(), weight.clone(), None, options.clone());
        assert_same_bytes(packed.forward(other), expected);

        let groups = ConvOptions::new([2, 2], [1, 1], [1, 1], 2);
        let x = random([2, 64, 8, 8], &device);
        let packed = PackedConv::conv2d(weight.clone(), None, groups.clone(), [8, 8]);
        assert_same_bytes(packed.forward(x.clone()), conv2d(x, weight, None, groups));

        // An image that is differentiated, with and without a norm.
        let packed = PackedConv::conv2d(weight_of(&device), None, options.clone(), [8, 8]);
        let parameters = || [random([32], &device), random([32], &device).abs()];
        let normalized = packed
            .clone()
            .with_batch_norm(parameters(), parameters(), 1e-5, Activation::Relu);
        let x = random([2, 32, 8, 8], &device);
        for packed in [packed, normalized] {
            let tracked = Tensor::from_inner(x.clone()).require_grad();
            let y = packed.forward(tracked.clone());
            assert_same_bytes(y.clone().inner(), packed.forward(x.clone()));
            assert!(tracked.grad(&y.sum().backward()).is_some());
        }

        for device in [device.clone().autodiff(), device] {
            let dtype = if device.is_autodiff() {
                DType::F32
            } else {
                DType::F64
            };
            let [x, weight] = [[2, 32, 8, 8], [32, 32, 4, 4]].map(|shape| random(shape, &device).cast(dtype));
            let packed = PackedConv::conv2d(weight.clone(), None, options.clone(), [8, 8]);
            let expected = conv2d(x.clone(), weight, None, options.clone());
            assert_same_bytes(packed.forward(x), expected);
        }
    }
}

#[test]
fn batch_norm_follows_the_convolution_and_its_bias() {
    for device in devices() {
        for (size, bias) in [(8, None), (8, Some(random([32], &device))), (10, None)] {
            let weight = random([32, 32, 4, 4], &device);
            let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
            let parameters = [random([32], &device), random([32], &device)];
            let statistics = [random([32], &device), random([32], &device).abs()];
            let norm = |x| {
                batch_norm_inference_act(
                    x,
                    parameters.clone(),
                    statistics.clone(),
                    1e-5,
                    Activation::LeakyRelu(0.2),
                )
            };
            let packed = PackedConv::conv_transpose2d(weight.clone(), bias.clone(), options.clone(), [8, 8])
                .with_batch_norm(
                    parameters.clone(),
                    statistics.clone(),
                    1e-5,
                    Activation::LeakyRelu(0.2),
                );
            for batch in [1, 20] {
                let x = random([batch, 32, size, size], &device);
                let expected = norm(conv_transpose2d(
                    x.clone(),
                    weight.clone(),
                    bias.clone(),
                    options.clone(),
                ));
                assert_same_bytes(packed.forward(x), expected);
            }
        }
    }
}

/// Kernels of every kind, channels that are no multiple of 16, both precisions, no images.
#[test]
fn batch_norm_follows_every_kind() {
    for device in devices() {
        for precision in Precision::ALL {
            for (channels, batch) in [([32, 64], 3), ([5, 3], 2), ([32, 32], 0)] {
                let [input, output] = channels;
                let x = random([batch, input, 8, 8], &device);
                let parameters = [random([output], &device), random([output], &device)];
                let statistics = [random([output], &device), random([output], &device).abs()];
                let check = |packed: PackedConv, convolved: Tensor<4>| {
                    let packed = packed.with_batch_norm(
                        parameters.clone(),
                        statistics.clone(),
                        1e-5,
                        Activation::Relu,
                    );
                    let found = packed.forward(x.clone());
                    if batch == 0 {
                        assert_eq!(found.dims(), convolved.dims());
                        return;
                    }
                    let (parameters, statistics) = (parameters.clone(), statistics.clone());
                    let expected =
                        batch_norm_inference_act(convolved, parameters, statistics, 1e-5, Activation::Relu);
                    assert_same_bytes(found, expected);
                };
                let weight = random([output, input, 4, 4], &device);
                let options = ConvOptions::new_with_padding([2, 2], [(1, 2), (2, 1)], [1, 1], 1);
                let options = WithPrecision::new(options, precision);
                let packed = PackedConv::conv2d(weight.clone(), None, options.clone(), [8, 8]);
                check(packed, conv2d(x.clone(), weight, None, options));

                let weight = random([input, output, 4, 3], &device);
                let options = ConvTransposeOptions::new([2, 3], [1, 0], [1, 0], [1, 1], 1);
                let options = WithPrecision::new(options, precision);
                let packed = PackedConv::conv_transpose2d(weight.clone(), None, options.clone(), [8, 8]);
                check(packed, conv_transpose2d(x.clone(), weight, None, options));

                let weight = random([output, input, 3, 3], &device);
                let packed = PackedConv::upsample_conv2d(weight.clone(), precision, [8, 8]);
                check(packed, upsample_conv2d(x.clone(), weight, precision));
            }
        }
    }
}

#[test]
fn layers_are_packed_with_their_settings() {
    for device in devices() {
        let x = random([2, 32, 9, 8], &device);
        for padding in [PaddingConfig2d::Same, PaddingConfig2d::Explicit(1, 2, 0, 1)] {
            let layer = Conv2dConfig::new([32, 6], [3, 4])
                .with_stride([2, 1])
                .with_padding(padding);
            let layer = Conv2d::from(layer.init(&device));
            assert_same_bytes(layer.packed([9, 8]).forward(x.clone()), layer.forward(x.clone()));
        }
        let layer = ConvTranspose2dConfig::new([32, 64], [4, 4])
            .with_stride([2, 2])
            .with_padding([1, 1]);
        let layer = ConvTranspose2d::from(layer.init(&device));
        assert_same_bytes(layer.packed([9, 8]).forward(x.clone()), layer.forward(x));
    }
}

#[test]
fn no_channels_give_zeros() {
    for device in devices() {
        let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
        let (x, weight) = (
            Tensor::<4>::zeros([2, 0, 8, 8], &device),
            Tensor::<4>::zeros([5, 0, 4, 4], &device),
        );
        let y = conv2d(x.clone(), weight.clone(), None, options.clone());
        assert_eq!(y.dims(), [2, 5, 4, 4]);
        assert_same_bytes(y.clone(), y.zeros_like());
        let packed = PackedConv::conv2d(weight, None, options, [8, 8]);
        assert_same_bytes(packed.forward(x), y);
    }
}

#[test]
#[should_panic(expected = "channels of the mean and of the output")]
fn statistics_of_other_channels_are_refused() {
    let [device, _] = devices();
    let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
    let packed = PackedConv::conv2d(random([4, 3, 1, 1], &device), None, options, [8, 8]);
    let of = |channels| random([channels], &device);
    let _ = packed.with_batch_norm([of(4), of(4)], [of(3), of(4)], 1e-5, Activation::Relu);
}

#[test]
#[should_panic(expected = "channels of the input and of the weight")]
fn images_of_other_channels_are_refused() {
    let [device, _] = devices();
    let options = ConvOptions::new([1, 1], [0, 0], [1, 1], 1);
    let packed = PackedConv::conv2d(random([4, 3, 1, 1], &device), None, options, [8, 8]);
    let _ = packed.forward(random([1, 4, 8, 8], &device));
}
