//! The drop-in layers against Burn's own, of which they are made.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]
#![cfg(all(feature = "ndarray", feature = "flex"))]

use ai4fashion_kernels::{
    Activation,
    nn::{BatchNorm, Conv2d, ConvTranspose2d},
};
use burn::{
    module::Module,
    nn::{
        BatchNormConfig, PaddingConfig2d,
        conv::{Conv2dConfig, ConvTranspose2dConfig},
    },
    store::{ModuleSnapshot, SafetensorsStore},
    tensor::{Device, Distribution, Tensor, Tolerance, activation},
};

#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
fn devices() -> [Device; 2] {
    [Device::ndarray(), Device::flex()]
}

fn picture(device: &Device) -> Tensor<4> {
    Tensor::random([3, 4, 9, 7], Distribution::Uniform(-1.0, 1.0), device)
}

#[track_caller]
fn assert_same(found: Tensor<4>, expected: Tensor<4>) {
    found
        .into_data()
        .assert_approx_eq::<f32>(&expected.into_data(), Tolerance::absolute(1e-5));
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
            let stride = if padding == PaddingConfig2d::Same { 1 } else { 2 };
            let burns = Conv2dConfig::new([4, 6], [3, 3])
                .with_stride([stride; 2])
                .with_padding(padding)
                .init(&device);
            let x = picture(&device);
            assert_same(Conv2d::from(burns.clone()).forward(x.clone()), burns.forward(x));
        }
        let burns = ConvTranspose2dConfig::new([4, 6], [4, 4])
            .with_stride([2, 2])
            .with_padding([1, 1])
            .init(&device);
        let x = picture(&device);
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
            let x = Tensor::from_inner(picture(&device));
            let expected = activation::leaky_relu(burns.forward(x.clone()), 0.2);
            assert_same(ours.forward(x).inner(), expected.inner());
        }
        let x = picture(&device);
        let expected = activation::leaky_relu(burns.valid().forward(x.clone()), 0.2);
        assert_same(ours.valid().forward(x), expected);
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
    let x = picture(&device);
    assert_same(ours.forward(x.clone()), burns.forward(x));
}
