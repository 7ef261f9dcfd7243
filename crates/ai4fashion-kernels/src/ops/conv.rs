//! Drop-in replacements for `burn::tensor::module`'s functions.

use burn::tensor::{
    Tensor, module,
    ops::{ConvOptions, ConvTransposeOptions},
};

use super::{
    dispatch,
    fallback::{Fallback, has_kernel, is_served},
};
use crate::kernel::geometry::{Geometry, Window};

/// Convolves pictures; differentiable once.
///
/// Burn's own operation is used where there is no kernel: on other devices, for other types than `f32`, with dilation or
/// groups, and on flex from one channel to one. The log says so, once for each of these reasons.
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `weight`: `[out_channels, in_channels / groups, kernel_height, kernel_width]`
/// - `bias`: `[out_channels]`
/// - returns: `[batch, out_channels, out_height, out_width]` with
///   `out = (size + 2 * padding - kernel) / stride + 1`, rounded down
///
/// # Panics
/// If the channels of `x`, `weight` and `bias` do not fit each other, the kernel is empty, or the padded picture is smaller
/// than the kernel.
#[must_use]
#[track_caller]
pub fn conv2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvOptions<2>,
) -> Tensor<4> {
    let reason =
        Fallback::of(options.groups, options.dilation).or_else(|| Fallback::of_channels(&x, &weight));
    if !is_served(&x, &weight, reason) {
        return module::conv2d(x, weight, bias, options);
    }
    let ([_, channels, height, width], [_, weight_channels, kernel_height, kernel_width]) =
        (x.dims(), weight.dims());
    assert_eq!(
        channels, weight_channels,
        "channels of the pictures and of the weight"
    );
    assert!(kernel_height > 0 && kernel_width > 0, "an empty kernel");
    let window = window(&options);
    let padded = window.padded([height, width]);
    assert!(
        padded[0] >= kernel_height && padded[1] >= kernel_width,
        "a kernel of {kernel_height}x{kernel_width} is larger than the padded picture of {}x{}",
        padded[0],
        padded[1],
    );
    with_bias(dispatch::conv2d(x, weight, window), bias)
}

/// Convolves pictures the other way round, from fewer pixels to more; differentiable once.
///
/// Burn's own operation is used where there is no kernel: see [`conv2d`]; and for an empty picture or a `padding_out` that
/// is not below the stride.
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `weight`: `[in_channels, out_channels / groups, kernel_height, kernel_width]`
/// - `bias`: `[out_channels]`
/// - returns: `[batch, out_channels, out_height, out_width]` with
///   `out = (size - 1) * stride - 2 * padding + kernel + padding_out`
///
/// # Panics
/// If the channels of `x`, `weight` and `bias` do not fit each other, the kernel is empty, or nothing is left of the output.
#[must_use]
#[track_caller]
pub fn conv_transpose2d(
    x: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    options: ConvTransposeOptions<2>,
) -> Tensor<4> {
    let ([_, channels, height, width], [weight_channels, _, kernel_height, kernel_width]) =
        (x.dims(), weight.dims());
    let (stride, padding, extra) = (options.stride, options.padding, options.padding_out);
    let mirrored = extra[0] < stride[0] && extra[1] < stride[1] && height > 0 && width > 0;
    let reason = Fallback::of(options.groups, options.dilation)
        .or_else(|| (!mirrored).then_some(Fallback::Output))
        .or_else(|| Fallback::of_channels(&x, &weight));
    if !is_served(&x, &weight, reason) {
        return module::conv_transpose2d(x, weight, bias, options);
    }
    assert_eq!(
        channels, weight_channels,
        "channels of the pictures and of the weight"
    );
    assert!(kernel_height > 0 && kernel_width > 0, "an empty kernel");
    let size = |size: usize, kernel: usize, axis: usize| {
        ((size - 1) * stride[axis] + kernel + extra[axis])
            .checked_sub(2 * padding[axis])
            .filter(|size| *size > 0)
            .unwrap_or_else(|| panic!("a padding of {} leaves no output", padding[axis]))
    };
    let size = [size(height, kernel_height, 0), size(width, kernel_width, 1)];
    with_bias(
        dispatch::conv_transpose2d(x, weight, size, Window::new(stride, padding)),
        bias,
    )
}

/// The gradient to the weight of [`conv2d`], for those who write their own backward pass; not differentiated.
///
/// Other than the other operations it has no fallback: see [`has_kernels`](crate::has_kernels).
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `grad`: the shape of the convolution's output
/// - `kernel`: `[kernel_height, kernel_width]`
/// - returns: `[out_channels, in_channels, kernel_height, kernel_width]`
///
/// # Panics
/// If there is no kernel for the device, type or options, the device is one with autodiff, or the shapes do not fit each
/// other.
#[must_use]
#[track_caller]
pub fn conv2d_weight_grad(
    x: Tensor<4>,
    grad: Tensor<4>,
    kernel: [usize; 2],
    options: ConvOptions<2>,
) -> Tensor<4> {
    let reason = Fallback::of(options.groups, options.dilation);
    assert!(
        has_kernel(&x, &grad, reason)
            && ![&x, &grad]
                .into_iter()
                .any(|tensor| tensor.device().is_autodiff()),
        "no kernel for pictures of {:?} on {:?} and a gradient of {:?} on {:?} with {options:?}",
        x.dtype(),
        x.device(),
        grad.dtype(),
        grad.device(),
    );
    let ([_, channels, _, _], [_, out_channels, _, _]) = (x.dims(), grad.dims());
    let window = window(&options);
    let g = Geometry::forward(x.dims(), [out_channels, channels, kernel[0], kernel[1]], window);
    assert_eq!(grad.dims(), g.output_shape(), "shape of the output's gradient");
    dispatch::conv2d_weight_grad(x, grad, g)
}

fn window(options: &ConvOptions<2>) -> Window {
    Window::new(options.stride, options.padding_begin()).with_padding_after(options.padding_end())
}

#[track_caller]
fn with_bias(output: Tensor<4>, bias: Option<Tensor<1>>) -> Tensor<4> {
    match bias {
        Some(bias) => {
            let channels = output.dims()[1];
            assert_eq!(bias.dims()[0], channels, "channels of the bias");
            // So that channels stay last in memory.
            let pixels = output.permute([0, 2, 3, 1]) + bias.reshape([1, 1, 1, channels]);
            pixels.permute([0, 3, 1, 2])
        }
        None => output,
    }
}
