//! Batch normalization of tensors, with its activation.

use burn::tensor::{DType, Tensor, module};

use super::{
    activate::{activated, is_served},
    dispatch,
};
use crate::{activation::Activation, kernel::batch_norm::Norm};

/// Output and statistics of [`batch_norm_act`].
#[derive(Clone, Debug)]
pub struct BatchNormOutput {
    /// The normalized, scaled, shifted and activated values, `[batch, channels, height, width]`.
    pub output: Tensor<4>,
    /// The mean of each channel, `[channels]`; not differentiated.
    pub mean: Tensor<1>,
    /// The biased variance of each channel, `[channels]`; not differentiated.
    pub variance: Tensor<1>,
}

/// Applies batch normalization by the batch's own statistics, then an activation.
///
/// Each channel is normalized by its mean and its biased variance over batch, height and width,
/// scaled and shifted (S. Ioffe, C. Szegedy, Batch Normalization, 2015, algorithm 1):
///
/// `output = activation((x - mean) / sqrt(variance + epsilon) * weight + bias)`
///
/// Differentiable once, through the statistics too. Burn's own operations are used on devices
/// without kernels and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{Activation, batch_norm_act, burn::tensor::Tensor, cpu};
///
/// let x = Tensor::<4>::from_floats([[[[1.0, 3.0]]]], &cpu());
/// let (weight, bias) = (Tensor::<1>::ones([1], &cpu()), Tensor::zeros([1], &cpu()));
/// let normalized = batch_norm_act(x, weight, bias, 1e-5, Activation::Identity);
/// assert_eq!(normalized.mean.into_scalar::<f32>(), 2.0);
/// assert_eq!(normalized.variance.into_scalar::<f32>(), 1.0);
/// assert!((normalized.output.max().into_scalar::<f32>() - 1.0).abs() < 1e-4);
/// ```
///
/// # Arguments
/// - `epsilon`: is added to the variance, so that a channel of equal values is not divided by 0;
///   1e-5 in PyTorch and Burn
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`, no size 0
/// - `weight`, `bias`: `[channels]`
///
/// # Panics
/// If the channels do not fit each other, or the factor of a LeakyReLU is not in `[0, 1]`.
#[must_use]
#[track_caller]
pub fn batch_norm_act(
    x: Tensor<4>,
    weight: Tensor<1>,
    bias: Tensor<1>,
    epsilon: f64,
    activation: Activation,
) -> BatchNormOutput {
    check_channels(&x, [("weight", &weight), ("bias", &bias)]);
    activation.check();
    if !(is_served(&x) && [&weight, &bias].map(Tensor::dtype) == [DType::F32; 2]) {
        let normalized = module::batch_norm_train(x, weight, bias, epsilon);
        return BatchNormOutput {
            output: activated(normalized.output, activation),
            mean: normalized.mean,
            variance: normalized.variance,
        };
    }
    let channels = x.dims()[1];
    let moments = dispatch::channel_moments(x.clone());
    let moment = |row: usize| moments.clone().narrow(0, row, 1).reshape([channels]);
    let (mean, variance) = (moment(0), moment(1));
    BatchNormOutput {
        output: dispatch::normalize(x, weight, bias, moments, norm(epsilon, activation, true)),
        mean,
        variance,
    }
}

/// Applies batch normalization by given statistics, then an activation: batch norm in inference.
///
/// `output = activation((x - mean) / sqrt(variance + epsilon) * weight + bias)`
///
/// Differentiable once, but not in the statistics. Burn's own operations are used on devices
/// without kernels and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{Activation, batch_norm_inference_act, burn::tensor::Tensor, cpu};
///
/// let x = Tensor::<4>::from_floats([[[[0.0, 5.0]]]], &cpu());
/// let one = |value: f32| Tensor::<1>::from_floats([value], &cpu());
/// let parameters = [one(1.0), one(0.0)];
/// let running = [one(1.0), one(4.0)]; // mean and variance
/// let y = batch_norm_inference_act(x, parameters, running, 0.0, Activation::Relu);
/// assert_eq!(y.into_data().try_to_vec::<f32>().unwrap(), [0.0, 2.0]);
/// ```
///
/// # Arguments
/// - `[weight, bias]`: the scale and the shift of the normalized values
/// - `[mean, variance]`: the given statistics, such as a layer's running ones
/// - `epsilon`: is added to the variance, so that a channel of equal values is not divided by 0;
///   1e-5 in PyTorch and Burn
///
/// # Shapes
/// - `x`: `[batch, channels, height, width]`, no size 0
/// - `weight`, `bias`, `mean`, `variance`: `[channels]`
/// - returns: the shape of `x`
///
/// # Panics
/// If the channels do not fit each other, or the factor of a LeakyReLU is not in `[0, 1]`.
#[must_use]
#[track_caller]
pub fn batch_norm_inference_act(
    x: Tensor<4>,
    [weight, bias]: [Tensor<1>; 2],
    [mean, variance]: [Tensor<1>; 2],
    epsilon: f64,
    activation: Activation,
) -> Tensor<4> {
    check_channels(
        &x,
        [
            ("weight", &weight),
            ("bias", &bias),
            ("mean", &mean),
            ("variance", &variance),
        ],
    );
    activation.check();
    let (mean, variance) = (mean.detach(), variance.detach());
    if !(is_served(&x) && [&weight, &bias, &mean, &variance].map(Tensor::dtype) == [DType::F32; 4]) {
        return activated(
            module::batch_norm(x, weight, bias, mean, variance, epsilon),
            activation,
        );
    }
    let moments = Tensor::stack(vec![mean, variance], 0);
    dispatch::normalize(x, weight, bias, moments, norm(epsilon, activation, false))
}

#[track_caller]
fn check_channels<const N: usize>(x: &Tensor<4>, parameters: [(&str, &Tensor<1>); N]) {
    let [_, channels, _, _] = x.dims();
    for (name, parameter) in parameters {
        let found = parameter.dims()[0];
        assert_eq!(found, channels, "channels of the {name} and of the input");
    }
}

pub(super) fn norm(epsilon: f64, activation: Activation, of_batch: bool) -> Norm {
    Norm {
        epsilon: epsilon as f32,
        leak: activation.leak(),
        of_batch,
    }
}
