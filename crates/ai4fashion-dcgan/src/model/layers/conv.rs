//! The discriminator's convolutions: 4x4, without bias.

use ai4fashion_kernels::nn::Conv2d;
use burn::{
    module::Param,
    nn::{PaddingConfig2d, conv::Conv2dConfig},
    tensor::{Device, Tensor, TensorData},
};

use crate::model::layers::init::Init;

/// Side length of every convolution kernel, in pixels.
const KERNEL: usize = 4;

/// A convolution that halves the side: stride 2, padding 1.
pub(crate) fn halving(input: usize, output: usize, init: &mut Init, device: &Device) -> Conv2d {
    conv([input, output], 2, 1, init, device)
}

/// A convolution from 4x4 to a single pixel: stride 1, no padding.
pub(crate) fn closing(input: usize, output: usize, init: &mut Init, device: &Device) -> Conv2d {
    conv([input, output], 1, 0, init, device)
}

fn conv(channels: [usize; 2], stride: usize, padding: usize, init: &mut Init, device: &Device) -> Conv2d {
    let config = Conv2dConfig::new(channels, [KERNEL; 2])
        .with_stride([stride; 2])
        .with_padding(PaddingConfig2d::Explicit(padding, padding, padding, padding))
        .with_bias(false);
    let mut layer = Conv2d::from(config.init(device));
    layer.weight = weight([channels[1], channels[0]], init, device);
    layer
}

fn weight(channels: [usize; 2], init: &mut Init, device: &Device) -> Param<Tensor<4>> {
    let shape = [channels[0], channels[1], KERNEL, KERNEL];
    let values = init.values(shape.iter().product(), 0.0);
    Param::from_data(TensorData::new(values, shape), device)
}
