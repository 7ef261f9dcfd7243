//! Batch normalization with its activation and PyTorch's running statistics.

use ai4fashion_kernels::{Activation, batch_norm_act, batch_norm_inference_act, nn::PackedConv};
use burn::{
    module::{Module, Param, RunningState},
    tensor::{Device, Tensor, TensorData},
};

use crate::model::layers::init::Init;

/// Added to the variance (PyTorch's default for `BatchNorm2d`).
const EPSILON: f64 = 1e-5;
/// Weight of the newest batch in the running statistics (PyTorch's default for `BatchNorm2d`).
const MOMENTUM: f64 = 0.1;

/// Normalizes each channel over batch and pixels (S. Ioffe, C. Szegedy, Batch Normalization, 2015).
///
/// On an autodiff device it uses the statistics of the batch and updates the running ones; on a
/// plain device it uses the running ones. Unlike in Burn's own layer the running variance is the
/// unbiased one, as in PyTorch, so that weights can be exchanged with it.
#[derive(Module, Debug)]
pub(crate) struct BatchNorm {
    weight: Param<Tensor<1>>,
    bias: Param<Tensor<1>>,
    running_mean: RunningState<Tensor<1>>,
    running_var: RunningState<Tensor<1>>,
}

impl BatchNorm {
    pub(crate) fn new(channels: usize, init: &mut Init, device: &Device) -> Self {
        let weight = TensorData::new(init.values(channels, 1.0), [channels]);
        Self {
            weight: Param::from_data(weight, device),
            bias: Param::from_tensor(Tensor::zeros([channels], device)),
            running_mean: RunningState::new(Tensor::zeros([channels], device)),
            running_var: RunningState::new(Tensor::ones([channels], device)),
        }
    }

    /// Normalizes a batch, and applies `activation`.
    ///
    /// # Shapes
    /// - `x`: `[batch, channels, height, width]`
    /// - returns: the same
    pub(crate) fn forward(&self, x: Tensor<4>, activation: Activation) -> Tensor<4> {
        let (weight, bias) = (self.weight.val(), self.bias.val());
        if !x.device().is_autodiff() {
            let statistics = [self.running_mean.value(), self.running_var.value()];
            return batch_norm_inference_act(x, [weight, bias], statistics, EPSILON, activation);
        }
        let [batch, _, height, width] = x.dims();
        let normalized = batch_norm_act(x, weight, bias, EPSILON, activation);
        update(&self.running_mean, normalized.mean);
        update(
            &self.running_var,
            normalized.variance.mul_scalar(unbiased(batch * height * width)),
        );
        normalized.output
    }

    /// The convolution with this normalization by running statistics and `activation` after it.
    pub(crate) fn after(&self, convolution: PackedConv, activation: Activation) -> PackedConv {
        let parameters = [self.weight.val(), self.bias.val()];
        let statistics = [self.running_mean.value(), self.running_var.value()];
        convolution.with_batch_norm(parameters, statistics, EPSILON, activation)
    }
}

/// The factor that makes the variance of `count` values unbiased; 1 for a single value.
#[allow(clippy::cast_precision_loss, reason = "a batch has fewer than 2^52 pixels")]
fn unbiased(count: usize) -> f64 {
    count as f64 / count.saturating_sub(1).max(1) as f64
}

fn update(running: &RunningState<Tensor<1>>, batch: Tensor<1>) {
    let kept = running.value_sync().mul_scalar(1.0 - MOMENTUM);
    running.update((kept + batch.detach().mul_scalar(MOMENTUM)).detach());
}

#[cfg(test)]
mod tests {
    use burn::tensor::Tolerance;

    use super::*;
    use crate::{
        random::Stream,
        testing::{device, on_each_device},
    };

    fn layer(device: &Device) -> BatchNorm {
        BatchNorm::new(2, &mut Init::new(1, Stream::GeneratorWeights), device)
    }

    #[test]
    fn training_output_has_the_channels_weight_as_its_deviation() {
        on_each_device(|| {
            let device = device().autodiff();
            let layer = layer(&device);
            let x = Tensor::<4>::from_data([[[[1.0], [3.0]], [[-4.0], [4.0]]]], &device);
            let weight = layer.weight.val().into_data().try_to_vec::<f32>().unwrap();
            let found = layer.forward(x, Activation::Identity).into_data();
            let expected = TensorData::from([[[[-weight[0]], [weight[0]]], [[-weight[1]], [weight[1]]]]]);
            found.assert_approx_eq::<f32>(&expected, Tolerance::absolute(1e-4));
        });
    }

    #[test]
    fn running_variance_is_unbiased_and_used_on_a_plain_device() {
        on_each_device(|| {
            let device = device();
            let layer = layer(&device.clone().autodiff());
            // Channel 0 holds 1 and 3: mean 2, variance 1 (biased) or 2 (unbiased).
            let x = Tensor::<4>::from_data([[[[1.0], [3.0]], [[0.0], [0.0]]]], &device);
            let _ = layer.forward(Tensor::from_inner(x), Activation::Identity);
            let layer = layer.valid();
            let mean = layer
                .running_mean
                .value()
                .into_data()
                .try_to_vec::<f32>()
                .unwrap();
            let var = layer.running_var.value().into_data().try_to_vec::<f32>().unwrap();
            assert!((mean[0] - 0.2).abs() < 1e-6, "{mean:?}");
            assert!((var[0] - (0.9 + 0.2)).abs() < 1e-6, "{var:?}");
            assert!((var[1] - 0.9).abs() < 1e-6, "{var:?}");
        });
    }
}
