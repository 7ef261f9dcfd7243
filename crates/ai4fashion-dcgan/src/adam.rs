//! PyTorch's Adam for Burn's optimizer, by the fused update.

use ai4fashion_kernels::{AdamOutput, adam_step};
use burn::{
    optim::{AdamState, AdaptiveMomentumState, Optimizer},
    tensor::{Device, Tensor},
};

/// Adam's decay of the second moment (PyTorch's default).
const BETA_2: f64 = 0.999;
/// Added to the root of Adam's second moment (PyTorch's default; Burn's is 1e-5).
const EPSILON: f64 = 1e-8;

/// Adam (D. Kingma, J. Ba, 2015) with PyTorch's defaults but for the decay of the first moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Adam {
    pub(crate) beta_1: f64,
}

impl Optimizer for Adam {
    type State<const D: usize> = AdamState<D>;

    fn step<const D: usize>(
        &self,
        lr: f64,
        parameter: Tensor<D>,
        grad: Tensor<D>,
        state: Option<AdamState<D>>,
    ) -> (Tensor<D>, Option<AdamState<D>>) {
        let momentum = state.map_or_else(
            || AdaptiveMomentumState::new(0, grad.zeros_like(), grad.zeros_like()),
            |state| state.momentum,
        );
        let time = momentum.time + 1;
        let adam = ai4fashion_kernels::Adam {
            lr,
            beta_1: self.beta_1,
            beta_2: BETA_2,
            epsilon: EPSILON,
        };
        let moments = [momentum.moment_1, momentum.moment_2];
        let steps = i32::try_from(time).unwrap_or(i32::MAX);
        let AdamOutput {
            parameter,
            moments: [first, second],
        } = adam_step(parameter, grad, moments, adam, steps);
        let momentum = AdaptiveMomentumState::new(time, first, second);
        (parameter, Some(AdamState::new(momentum)))
    }

    fn to_device<const D: usize>(mut state: AdamState<D>, device: &Device) -> AdamState<D> {
        state.momentum = state.momentum.to_device(device);
        state
    }
}
