//! Adam as one of Burn's optimizers.

use burn::{
    optim::{AdaptiveMomentumState, LearningRate, Optimizer},
    tensor::{Device, Tensor},
};

use crate::{
    adam::Adam,
    ops::{AdamOutput, adam_step},
};

/// Adam as one of Burn's optimizers, for `burn::optim::ModuleOptimizer::from`.
///
/// A step takes the learning rate that it is given, not [`lr`](Adam::lr). Records have the form of
/// Burn's own Adam. A step panics as [`adam_step`] does. [`AdamState`](crate::optim::AdamState) is
/// the optimizer whose state can be saved by parameter path.
///
/// ```
/// use ai4fashion_kernels::{
///     burn::nn::{Linear, LinearConfig},
///     burn::{optim::{GradientsParams, ModuleOptimizer}, tensor::Tensor},
///     cpu, optim::Adam,
/// };
///
/// let device = cpu().autodiff();
/// let model: Linear = LinearConfig::new(3, 2).init(&device);
/// let mut optimizer = ModuleOptimizer::from(Adam::default());
/// let loss = model.forward(Tensor::<2>::ones([4, 3], &device)).sum();
/// let grads = GradientsParams::from_grads(loss.backward(), &model);
/// let model = optimizer.step(1e-3, model, grads);
/// ```
impl Optimizer for Adam {
    type State<const D: usize> = AdaptiveMomentumState<D>;

    fn step<const D: usize>(
        &self,
        lr: LearningRate,
        tensor: Tensor<D>,
        grad: Tensor<D>,
        state: Option<Self::State<D>>,
    ) -> (Tensor<D>, Option<Self::State<D>>) {
        let state = state.unwrap_or_else(|| {
            let zeros = grad.zeros_like();
            AdaptiveMomentumState::new(0, zeros.clone(), zeros)
        });
        let time = state.time + 1;
        let moments = [state.moment_1, state.moment_2];
        // More updates than this no training run makes.
        let number = i32::try_from(time).unwrap_or(i32::MAX);
        let AdamOutput {
            parameter,
            moments: [first, second],
        } = adam_step(tensor, grad, moments, Self { lr, ..*self }, number);
        (parameter, Some(AdaptiveMomentumState::new(time, first, second)))
    }

    fn to_device<const D: usize>(state: Self::State<D>, device: &Device) -> Self::State<D> {
        let [first, second] = [state.moment_1, state.moment_2].map(|moment| moment.to_device(device));
        AdaptiveMomentumState::new(state.time, first, second)
    }
}
