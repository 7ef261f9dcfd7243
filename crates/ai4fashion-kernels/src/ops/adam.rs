//! One update of Adam on tensors.

use burn::tensor::{DType, Tensor};

use super::dispatch;
use crate::{adam::Adam, device::has_kernels};

/// Parameter and moments after [`adam_step`].
#[derive(Clone, Debug)]
pub struct AdamOutput<const D: usize> {
    /// The parameter after the update.
    pub parameter: Tensor<D>,
    /// The first and the second moment.
    pub moments: [Tensor<D>; 2],
}

/// Makes one update of Adam with PyTorch's formula; not differentiated.
///
/// With the gradient `g` and the update's number `time` (Kingma and Ba 2015, algorithm 1):
///
/// ```text
/// first = beta1 * first + (1 - beta1) * g
/// second = beta2 * second + (1 - beta2) * g^2
/// parameter = parameter - lr / (1 - beta1^time) * first
///                       / (sqrt(second / (1 - beta2^time)) + epsilon)
/// ```
///
/// Tensors that nobody else holds are changed in place. Burn's own operations are used on devices
/// without kernels, with autodiff, and for other types than `f32`.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu, optim::{Adam, adam_step}};
///
/// let zeros = || Tensor::<1>::zeros([3], &cpu());
/// let grad = Tensor::<1>::from_floats([1.0, -2.0, 0.5], &cpu());
/// let output = adam_step(zeros(), grad, [zeros(), zeros()], Adam::default().with_lr(0.1), 1);
/// // The first update moves each value by the learning rate, against its gradient.
/// let found = output.parameter.into_data().try_to_vec::<f32>().unwrap();
/// for (found, expected) in found.iter().zip([-0.1, 0.1, -0.1]) {
///     assert!((found - expected).abs() < 1e-6);
/// }
/// ```
///
/// # Arguments
/// - `moments`: the first and the second, zeros before the first update
/// - `time`: the number of this update, 1 for the first
///
/// # Shapes
/// - all tensors: any shape, the same for all
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
        let [parameter, first, second] = dispatch::adam_step(parameter, grad, moments, adam, time);
        return AdamOutput {
            parameter,
            moments: [first, second],
        };
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
