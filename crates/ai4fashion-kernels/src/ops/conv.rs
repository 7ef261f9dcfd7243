//! Convolutions of tensors.

use burn::tensor::{
    DType, Tensor, module,
    ops::{ConvOptions, ConvTransposeOptions},
};

use super::{
    activate::is_served as is_plain_f32,
    dispatch,
    fallback::{Fallback, available, has_kernel, is_served},
};
use crate::{
    kernel::geometry::{Geometry, Window},
    precision::WithPrecision,
};

/// Applies a 2D convolution; differentiable once.
///
/// Burn's own operation is used where there is no kernel: on other devices, for other types than
/// `f32`, with dilation or groups, and on flex from one channel to one. The log says so, once for
/// each of these reasons.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::{Tensor, ops::ConvOptions}, conv2d, cpu};
///
/// let x = Tensor::<4>::ones([2, 3, 8, 8], &cpu());
/// let weight = Tensor::<4>::ones([5, 3, 4, 4], &cpu());
/// let y = conv2d(x, weight, None, ConvOptions::new([2, 2], [1, 1], [1, 1], 1));
/// assert_eq!(y.dims(), [2, 5, 4, 4]);
/// assert_eq!(y.max().into_scalar::<f32>(), 48.0); // 3 channels of 4x4 ones
/// ```
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `weight`: `[out_channels, in_channels / groups, kernel_height, kernel_width]`
/// - `bias`: `[out_channels]`
/// - returns: `[batch, out_channels, out_height, out_width]` with
///   `out = (size + padding_begin + padding_end - dilation * (kernel - 1) - 1) / stride + 1`,
///   rounded down
///
/// # Panics
/// If the channels of `x`, `weight` and `bias` do not fit each other, the kernel is empty, or it is
/// larger than the padded input.
#[must_use]
#[track_caller]
pub fn conv2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: impl Into<WithPrecision<ConvOptions<2>>>,
) -> Tensor<4> {
    let WithPrecision { options, precision } = options.into();
    let reason =
        Fallback::of(options.groups, options.dilation).or_else(|| Fallback::of_channels(&x, &weight));
    if !is_served(&x, &weight, reason) {
        return module::conv2d(x, weight, bias, options);
    }
    let window = geometry(x.dims(), weight.dims(), &options).window;
    with_bias(dispatch::conv2d(x, weight, window, available(precision)), bias)
}

/// Applies a 2D transposed convolution; differentiable once.
///
/// Burn's own operation is used where there is no kernel: see [`conv2d`]; and for an input without
/// pixels or a `padding_out` that is not below the stride.
///
/// ```
/// use ai4fashion_kernels::burn::tensor::{Tensor, ops::ConvTransposeOptions};
/// use ai4fashion_kernels::{conv_transpose2d, cpu};
///
/// let x = Tensor::<4>::ones([2, 5, 4, 4], &cpu());
/// let weight = Tensor::<4>::ones([5, 3, 4, 4], &cpu());
/// let options = ConvTransposeOptions::new([2, 2], [1, 1], [0, 0], [1, 1], 1);
/// assert_eq!(conv_transpose2d(x, weight, None, options).dims(), [2, 3, 8, 8]);
/// ```
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `weight`: `[in_channels, out_channels / groups, kernel_height, kernel_width]`
/// - `bias`: `[out_channels]`
/// - returns: `[batch, out_channels, out_height, out_width]` with
///   `out = (size - 1) * stride - 2 * padding + dilation * (kernel - 1) + padding_out + 1`
///
/// # Panics
/// If the channels of `x`, `weight` and `bias` do not fit each other, the kernel is empty, or
/// nothing is left of the output.
#[must_use]
#[track_caller]
pub fn conv_transpose2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: impl Into<WithPrecision<ConvTransposeOptions<2>>>,
) -> Tensor<4> {
    let WithPrecision { options, precision } = options.into();
    let reason = transposed_reason([x.dims()[2], x.dims()[3]], &options)
        .or_else(|| Fallback::of_channels(&x, &weight));
    if !is_served(&x, &weight, reason) {
        return module::conv_transpose2d(x, weight, bias, options);
    }
    let g = transposed_geometry(x.dims(), weight.dims(), &options);
    let size = [g.height, g.width];
    with_bias(
        dispatch::conv_transpose2d(x, weight, size, g.window, available(precision)),
        bias,
    )
}

/// Computes the gradient to the weight of [`conv2d`]; not differentiated.
///
/// It is for those who write a backward pass of their own. Returns `None` where there is no kernel:
/// on other devices, on one with autodiff, for other types than `f32`, with dilation or groups.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::{Tensor, ops::ConvOptions}, conv2d_weight_grad, cpu};
///
/// let x = Tensor::<4>::ones([2, 3, 8, 8], &cpu());
/// let grad = Tensor::<4>::ones([2, 5, 4, 4], &cpu());
/// let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
/// let found = conv2d_weight_grad(x.clone(), grad.clone(), [4, 4], options.clone());
/// assert_eq!(found.map(|found| found.dims()), Some([5, 3, 4, 4]));
/// assert!(conv2d_weight_grad(x.autodiff(), grad.autodiff(), [4, 4], options).is_none());
/// ```
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `grad`: the shape of the convolution's output
/// - `kernel`: `[kernel_height, kernel_width]`
/// - returns: `[out_channels, in_channels, kernel_height, kernel_width]`
///
/// # Panics
/// If `grad` has not the shape of the convolution's output.
#[must_use]
#[track_caller]
pub fn conv2d_weight_grad(
    x: Tensor<4>,
    grad: Tensor<4>,
    kernel: [usize; 2],
    options: impl Into<WithPrecision<ConvOptions<2>>>,
) -> Option<Tensor<4>> {
    let WithPrecision { options, precision } = options.into();
    let reason = Fallback::of(options.groups, options.dilation);
    let is_differentiated = [&x, &grad].iter().any(|tensor| tensor.device().is_autodiff());
    if is_differentiated || !has_kernel(&x, &grad, reason) {
        return None;
    }
    let ([_, channels, _, _], [_, out_channels, _, _]) = (x.dims(), grad.dims());
    let window = window(&options);
    let g = Geometry::forward(x.dims(), [out_channels, channels, kernel[0], kernel[1]], window);
    assert_eq!(grad.dims(), g.output_shape(), "shape of the output's gradient");
    Some(dispatch::conv2d_weight_grad(x, grad, g, available(precision)))
}

/// The sizes of a convolution.
///
/// # Panics
/// As [`conv2d`].
#[track_caller]
pub(super) fn geometry(x: [usize; 4], weight: [usize; 4], options: &ConvOptions<2>) -> Geometry {
    let ([_, channels, height, width], [_, weight_channels, kernel_height, kernel_width]) = (x, weight);
    check_weight([channels, weight_channels], [kernel_height, kernel_width]);
    let window = window(options);
    let padded = window.padded([height, width]);
    assert!(
        padded[0] >= kernel_height && padded[1] >= kernel_width,
        "a kernel of {kernel_height}x{kernel_width} is larger than the padded input of {}x{}",
        padded[0],
        padded[1],
    );
    Geometry::forward(x, weight, window)
}

/// Why a transposed convolution of an input of this size is Burn's own, whatever its channels.
pub(super) fn transposed_reason(
    [height, width]: [usize; 2],
    options: &ConvTransposeOptions<2>,
) -> Option<Fallback> {
    let (stride, extra) = (options.stride, options.padding_out);
    let mirrored = extra[0] < stride[0] && extra[1] < stride[1] && height > 0 && width > 0;
    Fallback::of(options.groups, options.dilation).or_else(|| (!mirrored).then_some(Fallback::Output))
}

/// The sizes of the convolution that a transposed one is the gradient of.
///
/// # Panics
/// As [`conv_transpose2d`].
#[track_caller]
pub(super) fn transposed_geometry(
    x: [usize; 4],
    weight: [usize; 4],
    options: &ConvTransposeOptions<2>,
) -> Geometry {
    let ([batch, channels, height, width], [weight_channels, out_channels, kernel_height, kernel_width]) =
        (x, weight);
    check_weight([channels, weight_channels], [kernel_height, kernel_width]);
    let (stride, padding, extra) = (options.stride, options.padding, options.padding_out);
    let size = |size: usize, kernel: usize, axis: usize| {
        ((size - 1) * stride[axis] + kernel + extra[axis])
            .checked_sub(2 * padding[axis])
            .filter(|size| *size > 0)
            .unwrap_or_else(|| panic!("a padding of {} leaves no output", padding[axis]))
    };
    let [height, width] = [size(height, kernel_height, 0), size(width, kernel_width, 1)];
    Geometry::forward(
        [batch, out_channels, height, width],
        weight,
        Window::new(stride, padding),
    )
}

#[track_caller]
fn check_weight([channels, weight_channels]: [usize; 2], [height, width]: [usize; 2]) {
    assert_eq!(
        channels, weight_channels,
        "channels of the input and of the weight"
    );
    assert!(height > 0 && width > 0, "an empty kernel");
}

fn window(options: &ConvOptions<2>) -> Window {
    Window::new(options.stride, options.padding_begin()).with_padding_after(options.padding_end())
}

#[track_caller]
pub(super) fn with_bias(output: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => {
            assert_eq!(bias.dims()[0], output.dims()[1], "channels of the bias");
            if is_plain_f32(&output) && bias.dtype() == DType::F32 {
                return dispatch::add_bias(output, bias);
            }
            let channels = bias.dims()[0];
            output + bias.reshape([1, channels, 1, 1])
        }
        None => output,
    }
}
