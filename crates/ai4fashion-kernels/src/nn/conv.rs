//! Convolutions.

use burn::{
    module::{Module, Param},
    nn::{self, PaddingConfig2d},
    tensor::{
        Tensor,
        ops::{ConvOptions, ConvTransposeOptions},
    },
};

use crate::{
    ops::{PackedConv, conv_transpose2d, conv2d},
    precision::{Precision, WithPrecision},
};

/// A 2D convolution layer with this crate's kernels, made from Burn's
/// [`Conv2d`](burn::nn::conv::Conv2d).
///
/// ```
/// use ai4fashion_kernels::{
///     Precision, cpu,
///     burn::{nn::conv::Conv2dConfig, tensor::Tensor},
///     nn::Conv2d,
/// };
///
/// let layer = Conv2dConfig::new([3, 8], [4, 4]).with_stride([2, 2]).init(&cpu());
/// let layer = Conv2d::from(layer).with_precision(Precision::Mixed);
/// assert_eq!(layer.forward(Tensor::ones([1, 3, 10, 10], &cpu())).dims(), [1, 8, 4, 4]);
/// ```
#[derive(Module, Debug)]
pub struct Conv2d {
    /// The kernel, `[out_channels, in_channels / groups, kernel_height, kernel_width]`.
    pub weight: Param<Tensor<4>>,
    /// The bias, `[out_channels]`, if there is one.
    pub bias: Option<Param<Tensor<1>>>,
    stride: [usize; 2],
    dilation: [usize; 2],
    groups: usize,
    #[module(skip)]
    padding: PaddingConfig2d,
    #[module(skip)]
    precision: Precision,
}

impl From<nn::conv::Conv2d> for Conv2d {
    fn from(layer: nn::conv::Conv2d) -> Self {
        Self {
            weight: layer.weight,
            bias: layer.bias,
            stride: layer.stride,
            dilation: layer.dilation,
            groups: layer.groups,
            padding: layer.padding,
            precision: Precision::default(),
        }
    }
}

impl Conv2d {
    /// Sets the precision of the layer's products, forward and backward; default
    /// [`Precision::F32`].
    #[must_use]
    pub fn with_precision(self, precision: Precision) -> Self {
        Self { precision, ..self }
    }

    /// Applies the convolution.
    ///
    /// # Shapes
    /// - `x`: `[batch, in_channels, height, width]`
    /// - returns: `[batch, out_channels, out_height, out_width]`: see [`conv2d`]
    ///
    /// # Panics
    /// If the channels do not fit, or the kernel is larger than the padded input.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let ([_, _, height, width], weight) = (x.dims(), self.weight.val());
        let options = self.options([height, width], &weight);
        conv2d(x, weight, self.bias.as_ref().map(Param::val), options)
    }

    /// Packs the weight as it is now, for inference on images of `size`, height and width.
    ///
    /// Padding `Same` is that of this size.
    ///
    /// # Panics
    /// As [`PackedConv::conv2d`].
    #[must_use]
    #[track_caller]
    pub fn packed(&self, size: [usize; 2]) -> PackedConv {
        let (weight, bias) = (self.weight.val(), self.bias.as_ref().map(Param::val));
        let options = self.options(size, &weight);
        PackedConv::conv2d(weight, bias, options, size)
    }

    /// The options for images of this size. The weight is given, because taking a parameter's value
    /// may change it: spectral normalization moves its vector by that.
    fn options(&self, [height, width]: [usize; 2], weight: &Tensor<4>) -> WithPrecision<ConvOptions<2>> {
        let [_, _, kernel_height, kernel_width] = weight.dims();
        let [rows, columns] = match &self.padding {
            PaddingConfig2d::Valid => [(0, 0); 2],
            PaddingConfig2d::Explicit(top, left, bottom, right) => [(*top, *bottom), (*left, *right)],
            PaddingConfig2d::Same => [
                same(height, kernel_height, self.stride[0]),
                same(width, kernel_width, self.stride[1]),
            ],
        };
        let options = ConvOptions::new_with_padding(self.stride, [rows, columns], self.dilation, self.groups);
        WithPrecision::new(options, self.precision)
    }
}

/// The padding before and after, for an output of `size / stride` rounded up; an odd pixel goes
/// after.
fn same(size: usize, kernel: usize, stride: usize) -> (usize, usize) {
    let outputs = size.div_ceil(stride);
    let total = (outputs.saturating_sub(1) * stride + kernel).saturating_sub(size);
    (total / 2, total - total / 2)
}

/// A transposed 2D convolution layer with this crate's kernels, made from Burn's
/// [`ConvTranspose2d`](burn::nn::conv::ConvTranspose2d).
///
/// ```
/// use ai4fashion_kernels::{
///     cpu,
///     burn::{nn::conv::ConvTranspose2dConfig, tensor::Tensor},
///     nn::ConvTranspose2d,
/// };
///
/// let layer = ConvTranspose2dConfig::new([8, 3], [4, 4]).with_stride([2, 2]).with_padding([1, 1]);
/// let layer: ConvTranspose2d = layer.init(&cpu()).into();
/// assert_eq!(layer.forward(Tensor::ones([1, 8, 5, 5], &cpu())).dims(), [1, 3, 10, 10]);
/// ```
#[derive(Module, Debug)]
pub struct ConvTranspose2d {
    /// The kernel, `[in_channels, out_channels / groups, kernel_height, kernel_width]`.
    pub weight: Param<Tensor<4>>,
    /// The bias, `[out_channels]`, if there is one.
    pub bias: Option<Param<Tensor<1>>>,
    stride: [usize; 2],
    dilation: [usize; 2],
    groups: usize,
    padding: [usize; 2],
    padding_out: [usize; 2],
    #[module(skip)]
    precision: Precision,
}

impl From<nn::conv::ConvTranspose2d> for ConvTranspose2d {
    fn from(layer: nn::conv::ConvTranspose2d) -> Self {
        Self {
            weight: layer.weight,
            bias: layer.bias,
            stride: layer.stride,
            dilation: layer.dilation,
            groups: layer.groups,
            padding: layer.padding,
            padding_out: layer.padding_out,
            precision: Precision::default(),
        }
    }
}

impl ConvTranspose2d {
    /// Sets the precision of the layer's products, forward and backward; default
    /// [`Precision::F32`].
    #[must_use]
    pub fn with_precision(self, precision: Precision) -> Self {
        Self { precision, ..self }
    }

    /// Applies the 2D transposed convolution.
    ///
    /// # Shapes
    /// - `x`: `[batch, in_channels, height, width]`
    /// - returns: `[batch, out_channels, out_height, out_width]`: see [`conv_transpose2d`]
    ///
    /// # Panics
    /// If the channels do not fit, or nothing is left of the output.
    #[must_use]
    #[track_caller]
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        conv_transpose2d(
            x,
            self.weight.val(),
            self.bias.as_ref().map(Param::val),
            self.options(),
        )
    }

    /// Packs the weight as it is now, for inference on images of `size`, height and width.
    ///
    /// # Panics
    /// As [`PackedConv::conv_transpose2d`].
    #[must_use]
    #[track_caller]
    pub fn packed(&self, size: [usize; 2]) -> PackedConv {
        let (weight, bias) = (self.weight.val(), self.bias.as_ref().map(Param::val));
        PackedConv::conv_transpose2d(weight, bias, self.options(), size)
    }

    fn options(&self) -> WithPrecision<ConvTransposeOptions<2>> {
        let options = ConvTransposeOptions::new(
            self.stride,
            self.padding,
            self.padding_out,
            self.dilation,
            self.groups,
        );
        WithPrecision::new(options, self.precision)
    }
}
