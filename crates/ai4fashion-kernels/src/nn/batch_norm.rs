//! Batch normalization.

use burn::{
    module::{Flag, Module, Param, RunningState},
    nn,
    tensor::Tensor,
};

use crate::{
    activation::Activation,
    ops::{batch_norm_act, batch_norm_inference_act},
};

/// A batch normalization layer with an activation, made from Burn's
/// [`BatchNorm`](burn::nn::BatchNorm).
///
/// It normalizes feature maps and activates them in the same pass over memory.
///
/// ```
/// use ai4fashion_kernels::{
///     Activation, cpu,
///     burn::{module::Module, nn::BatchNormConfig, tensor::Tensor},
///     nn::BatchNorm,
/// };
///
/// let layer = BatchNorm::from(BatchNormConfig::new(8).init(&cpu().autodiff()));
/// let layer = layer.with_activation(Activation::Relu);
/// let x = Tensor::<4>::ones([4, 8, 5, 5], &cpu());
/// let trained = layer.forward(x.clone().autodiff()); // statistics of the batch
/// let used = layer.valid().forward(x); // running statistics
/// assert_eq!(trained.dims(), used.dims());
/// ```
#[derive(Module, Debug)]
pub struct BatchNorm {
    /// Scale of the normalized values, `[channels]`.
    pub gamma: Param<Tensor<1>>,
    /// Shift of the normalized values, `[channels]`.
    pub beta: Param<Tensor<1>>,
    training: Param<Flag>,
    running_mean: RunningState<Tensor<1>>,
    running_var: RunningState<Tensor<1>>,
    momentum: f64,
    epsilon: f64,
    #[module(skip)]
    activation: Activation,
}

impl From<nn::BatchNorm> for BatchNorm {
    fn from(layer: nn::BatchNorm) -> Self {
        Self {
            gamma: layer.gamma,
            beta: layer.beta,
            training: layer.training,
            running_mean: layer.running_mean,
            running_var: layer.running_var,
            momentum: layer.momentum,
            epsilon: layer.epsilon,
            activation: Activation::Identity,
        }
    }
}

impl BatchNorm {
    /// Sets the activation. Default [`Activation::Identity`].
    #[must_use]
    pub fn with_activation(self, activation: Activation) -> Self {
        Self { activation, ..self }
    }

    /// Returns the factor and the summand of each channel outside training, `[channels]` each,
    /// before the activation.
    ///
    /// They are `gamma / sqrt(running_var + epsilon)` and `beta - factor * running_mean`, by which
    /// the layer can be folded into the convolution before it.
    #[must_use]
    pub fn running_affine(&self) -> [Tensor<1>; 2] {
        let [mean, var] = [&self.running_mean, &self.running_var].map(|running| running.value());
        let factor = self.gamma.val().inner() / (var + self.epsilon).sqrt();
        let summand = self.beta.val().inner() - factor.clone() * mean;
        [factor, summand]
    }

    /// Normalizes each channel and activates it.
    ///
    /// On an autodiff device it uses the statistics of `x`, which also update the running ones;
    /// otherwise, or where the layer is frozen, the running ones. As in Burn's layer, the running
    /// variance is the biased one.
    ///
    /// # Shapes
    /// - `x`: `[batch, channels, ...]`; returns the same
    ///
    /// # Panics
    /// If there is no axis of channels, or the channels do not fit.
    #[must_use]
    #[track_caller]
    pub fn forward<const D: usize>(&self, x: Tensor<D>) -> Tensor<D> {
        if D == 4 {
            // The same tensor: `reshape` would copy one whose channels lie last in memory.
            let feature_map = Tensor::from_dispatch(x.into_dispatch());
            return Tensor::from_dispatch(self.forward_feature_map(feature_map).into_dispatch());
        }
        let dims = x.dims();
        let [batch, channels, rest @ ..] = &dims[..] else {
            panic!("a tensor of the shape {dims:?} has no axis of channels")
        };
        let feature_map = x.reshape([*batch, *channels, rest.iter().product(), 1]);
        self.forward_feature_map(feature_map).reshape(dims)
    }

    #[track_caller]
    fn forward_feature_map(&self, x: Tensor<4>) -> Tensor<4> {
        let (weight, bias, device) = (self.gamma.val(), self.beta.val(), x.device());
        if !(device.is_autodiff() && self.training.is_enabled()) {
            let running =
                [&self.running_mean, &self.running_var].map(|running| running.value().to_device(&device));
            return batch_norm_inference_act(x, [weight, bias], running, self.epsilon, self.activation);
        }
        let normalized = batch_norm_act(x, weight, bias, self.epsilon, self.activation);
        for (running, batch) in [
            (&self.running_mean, normalized.mean),
            (&self.running_var, normalized.variance),
        ] {
            let kept = running
                .value_sync()
                .to_device(&device)
                .mul_scalar(1.0 - self.momentum);
            running.update((kept + batch.detach().mul_scalar(self.momentum)).detach());
        }
        normalized.output
    }
}
