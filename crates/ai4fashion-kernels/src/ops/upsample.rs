//! Upsampling and a convolution in one.

use burn::tensor::{Tensor, TensorData, ops::ConvTransposeOptions};

use super::{activate::is_served, conv::conv_transpose2d, dispatch};
use crate::precision::{Precision, WithPrecision};

/// Doubles both sides of feature maps by nearest-neighbour upsampling and applies a 3x3 convolution
/// of padding 1, in one; differentiable once.
///
/// It is a transposed convolution with the kernel's sums: nothing is enlarged in memory, and an
/// output takes four products in place of nine. Burn's own operations are used where
/// [`conv_transpose2d`] uses them.
///
/// ```
/// use ai4fashion_kernels::{Precision, burn::tensor::Tensor, cpu, upsample_conv2d};
///
/// let x = Tensor::<4>::ones([2, 5, 4, 4], &cpu());
/// let y = upsample_conv2d(x, Tensor::ones([3, 5, 3, 3], &cpu()), Precision::F32);
/// assert_eq!(y.dims(), [2, 3, 8, 8]);
/// assert_eq!(y.max().into_scalar::<f32>(), 45.0); // 5 channels of 3x3 ones
/// ```
///
/// # Shapes
/// - `x`: `[batch, in_channels, height, width]`
/// - `weight`: `[out_channels, in_channels, 3, 3]`
/// - returns: `[batch, out_channels, 2 * height, 2 * width]`
///
/// # Panics
/// If the kernel is not 3x3, or the channels of `x` and `weight` do not fit each other.
#[must_use]
#[track_caller]
pub fn upsample_conv2d(x: Tensor<4>, weight: Tensor<4>, precision: Precision) -> Tensor<4> {
    let options = WithPrecision::new(transposed_options(), precision);
    conv_transpose2d(x, transposed_kernel(weight), None, options)
}

/// The kernel of the transposed convolution that is upsampling and a convolution with `weight`.
///
/// # Panics
/// If the kernel is not 3x3.
#[track_caller]
pub(super) fn transposed_kernel(weight: Tensor<4>) -> Tensor<4> {
    let [_, _, height, width] = weight.dims();
    assert_eq!([height, width], [3, 3], "size of the kernel");
    if is_served(&weight) {
        dispatch::spread_kernel(weight)
    } else {
        spread(weight)
    }
}

/// The options of that transposed convolution.
pub(super) fn transposed_options() -> ConvTransposeOptions<2> {
    ConvTransposeOptions::new([2; 2], [1; 2], [0; 2], [1; 2], 1)
}

/// Which of three taps act through each of the four of the transposed convolution.
const TAPS: [[f32; 3]; 4] = [[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, 0.0]];

/// The kernel of the transposed convolution by Burn's own operations.
fn spread(weight: Tensor<4>) -> Tensor<4> {
    let [output, input, ..] = weight.dims();
    let mut taps = Vec::new();
    for (row, column) in (0..9).map(|tap| (tap / 3, tap % 3)) {
        for across in TAPS {
            taps.extend(TAPS.map(|down| across[row] * down[column]));
        }
    }
    let taps = Tensor::<2>::from_data(TensorData::new(taps, [9, 16]), &weight.device());
    let taps = taps.cast(weight.dtype());
    let spread = weight.reshape([output * input, 9]).matmul(taps);
    let spread: Tensor<4> = spread.reshape([output, input, 4, 4]);
    spread.swap_dims(0, 1)
}
