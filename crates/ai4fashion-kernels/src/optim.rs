//! Adam on tensors.

use burn::{
    optim::{AdaptiveMomentumState, LearningRate, Optimizer},
    tensor::{DType, Device, Tensor},
};

use crate::{Adam, has_kernels};

/// What [`adam_step`] returns.
#[derive(Clone, Debug)]
pub struct AdamOutput<const D: usize> {
    /// The parameter after the update.
    pub parameter: Tensor<D>,
    /// The first and the second moment.
    pub moments: [Tensor<D>; 2],
}

/// One update of Adam with PyTorch's formula; not differentiated. Tensors that nobody else holds are changed in place.
///
/// Burn's own operations are used on devices without kernels, with autodiff, and for other types than `f32`.
///
/// # Shapes
/// - all tensors: any, but one
/// - `moments`: the first and the second, zeros before the first update
/// - `time`: 1 for the first update
///
/// # Panics
/// If the shapes differ, `time` is below 1, or a setting of `adam` is outside its interval.
#[must_use]
#[track_caller]
pub fn adam_step<const D: usize>(
    parameter: Tensor<D>,
    grad: Tensor<D>,
    moments: [Tensor<D>; 2],
    adam: Adam,
    time: i32,
) -> AdamOutput<D> {
    for tensor in [&grad, &moments[0], &moments[1]] {
        assert_eq!(
            tensor.dims(),
            parameter.dims(),
            "shapes of parameter, gradient and moments"
        );
    }
    assert!(time >= 1, "the first update has the time 1, not {time}");
    adam.check(parameter.dtype());
    let served = |tensor: &Tensor<D>| {
        let device = tensor.device();
        tensor.dtype() == DType::F32 && has_kernels(&device) && !device.is_autodiff()
    };
    if [&parameter, &grad, &moments[0], &moments[1]]
        .into_iter()
        .all(served)
    {
        return fast::adam_step(parameter, grad, moments, adam, time);
    }
    let (parameter, grad) = (parameter.detach(), grad.detach());
    let [first, second] = moments.map(Tensor::detach);
    let first = first.mul_scalar(adam.beta1) + grad.clone().mul_scalar(1.0 - adam.beta1);
    let second = second.mul_scalar(adam.beta2) + grad.square().mul_scalar(1.0 - adam.beta2);
    let root = (1.0 - adam.beta2.powi(time)).sqrt();
    let rate = adam.lr / (1.0 - adam.beta1.powi(time));
    let divisor = second.clone().sqrt().div_scalar(root).add_scalar(adam.epsilon);
    AdamOutput {
        parameter: parameter - first.clone().mul_scalar(rate) / divisor,
        moments: [first, second],
    }
}

/// One of Burn's optimizers, for `burn::optim::ModuleOptimizer::from`; its steps take the learning rate that they are
/// given, not [`lr`](Adam::lr). Records are those of Burn's own Adam. Steps panic as [`adam_step`] does.
///
/// ```
/// use ai4fashion_kernels::Adam;
/// use burn::{nn::{Linear, LinearConfig}, optim::{GradientsParams, ModuleOptimizer}, tensor::{Device, Tensor}};
///
/// let device = Device::flex().autodiff();
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
        // So many updates no training makes.
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

#[cfg(any(feature = "ndarray", feature = "flex"))]
mod fast {
    use burn::{backend::Dispatch, tensor::Tensor};

    use super::{Adam, AdamOutput};
    use crate::extension::AdamBackend;

    pub(super) fn adam_step<const D: usize>(
        parameter: Tensor<D>,
        grad: Tensor<D>,
        [first, second]: [Tensor<D>; 2],
        adam: Adam,
        time: i32,
    ) -> AdamOutput<D> {
        let (parameter, first, second) = <Dispatch as AdamBackend>::adam_step(
            parameter.into_dispatch(),
            grad.into_dispatch(),
            first.into_dispatch(),
            second.into_dispatch(),
            adam,
            time,
        );
        AdamOutput {
            parameter: Tensor::from_dispatch(parameter),
            moments: [first, second].map(Tensor::from_dispatch),
        }
    }
}

#[cfg(not(any(feature = "ndarray", feature = "flex")))]
mod fast {
    use burn::tensor::Tensor;

    use super::{Adam, AdamOutput};

    pub(super) fn adam_step<const D: usize>(
        _: Tensor<D>,
        _: Tensor<D>,
        _: [Tensor<D>; 2],
        _: Adam,
        _: i32,
    ) -> AdamOutput<D> {
        unreachable!("no device has kernels in this build")
    }
}
