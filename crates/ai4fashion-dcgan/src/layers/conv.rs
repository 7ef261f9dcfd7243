//! Convolutions without bias, as the tutorial's.

use ai4fashion_kernels::{conv_transpose2d, conv2d};
use burn::{
    module::{Module, Param},
    tensor::{
        Device, Tensor, TensorData,
        ops::{ConvOptions, ConvTransposeOptions},
    },
};

use super::Init;

/// Side length of every kernel, in pixels.
const KERNEL: usize = 4;

/// A 4x4 convolution.
#[derive(Module, Debug)]
pub(crate) struct Conv {
    /// `[out_channels, in_channels, 4, 4]`.
    weight: Param<Tensor<4>>,
    stride: usize,
    padding: usize,
}

impl Conv {
    /// Halves the picture: stride 2, padding 1.
    pub(crate) fn halving(input: usize, output: usize, init: &mut Init, device: &Device) -> Self {
        Self {
            weight: weight([output, input], init, device),
            stride: 2,
            padding: 1,
        }
    }

    /// From 4x4 to a single pixel: stride 1, no padding.
    pub(crate) fn closing(input: usize, output: usize, init: &mut Init, device: &Device) -> Self {
        Self {
            weight: weight([output, input], init, device),
            stride: 1,
            padding: 0,
        }
    }

    /// # Shapes
    /// - `x`: `[batch, in_channels, size, size]`
    /// - returns: `[batch, out_channels, size / 2, size / 2]`, or 4x4 to 1x1
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = ConvOptions::new([self.stride; 2], [self.padding; 2], [1, 1], 1);
        conv2d(x, self.weight.val(), None, options)
    }
}

/// A 4x4 transposed convolution.
#[derive(Module, Debug)]
pub(crate) struct ConvTranspose {
    /// `[in_channels, out_channels, 4, 4]`.
    weight: Param<Tensor<4>>,
    stride: usize,
    padding: usize,
}

impl ConvTranspose {
    /// Doubles the picture: stride 2, padding 1.
    pub(crate) fn doubling(input: usize, output: usize, init: &mut Init, device: &Device) -> Self {
        Self {
            weight: weight([input, output], init, device),
            stride: 2,
            padding: 1,
        }
    }

    /// From a single pixel to 4x4: stride 1, no padding.
    pub(crate) fn opening(input: usize, output: usize, init: &mut Init, device: &Device) -> Self {
        Self {
            weight: weight([input, output], init, device),
            stride: 1,
            padding: 0,
        }
    }

    /// Channels that it takes.
    pub(crate) fn inputs(&self) -> usize {
        self.weight.val().dims()[0]
    }

    pub(crate) fn device(&self) -> Device {
        self.weight.val().device()
    }

    /// # Shapes
    /// - `x`: `[batch, in_channels, size, size]`
    /// - returns: `[batch, out_channels, 2 * size, 2 * size]`, or 1x1 to 4x4
    pub(crate) fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let options = ConvTransposeOptions::new([self.stride; 2], [self.padding; 2], [0, 0], [1, 1], 1);
        conv_transpose2d(x, self.weight.val(), None, options)
    }
}

fn weight(channels: [usize; 2], init: &mut Init, device: &Device) -> Param<Tensor<4>> {
    let shape = [channels[0], channels[1], KERNEL, KERNEL];
    let values = init.draw(shape.iter().product(), 0.0);
    Param::from_data(TensorData::new(values, shape), device)
}
