//! The moving average of a network's weights.

use std::collections::VecDeque;

use burn::{
    module::{Module, ModuleMapper, ModuleVisitor, Param},
    tensor::Tensor,
};

use crate::ops::move_towards;

/// Moves `average` towards `current`: `decay * average + (1 - decay) * current` for every tensor
/// (Y. Yazici et al., The Unusual Effectiveness of Averaging in GAN Training, 2019), running
/// statistics of batch norm included.
///
/// Both are modules of the same shape on a plain device.
///
/// ```
/// use ai4fashion_kernels::{
///     burn::nn::{Linear, LinearConfig},
///     cpu,
///     optim::moving_average,
/// };
///
/// let device = cpu();
/// let [mean, current]: [Linear; 2] = [0; 2].map(|_| LinearConfig::new(3, 2).init(&device));
/// let mean = moving_average(mean, &current, 0.999);
/// # let _ = mean;
/// ```
#[must_use]
pub fn moving_average<M: Module>(average: M, current: &M, decay: f64) -> M {
    let mut tensors = Tensors(VecDeque::new());
    current.visit(&mut tensors);
    average.map(&mut Towards {
        current: tensors.0,
        weight: (1.0 - decay) as f32,
    })
}

/// The values of a module's tensors, flat, in the order of its fields.
struct Tensors(VecDeque<Tensor<1>>);

impl ModuleVisitor for Tensors {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let value = param.val();
        let len = value.shape().num_elements();
        self.0.push_back(value.reshape([len]));
    }
}

struct Towards {
    current: VecDeque<Tensor<1>>,
    weight: f32,
}

impl ModuleMapper for Towards {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let Some(current) = self.current.pop_front() else {
            return Param::from_mapped_value(id, value, mapper);
        };
        let current = current.reshape(value.dims());
        Param::from_mapped_value(id, move_towards(value, current, self.weight), mapper)
    }
}

#[cfg(test)]
#[cfg(any(feature = "ndarray", feature = "flex"))]
mod tests {
    use burn::nn::{Linear, LinearConfig};

    use super::*;

    fn values(layer: &Linear) -> Vec<f32> {
        let mut tensors = Tensors(VecDeque::new());
        layer.visit(&mut tensors);
        let values = tensors
            .0
            .into_iter()
            .map(|tensor| tensor.into_data().try_to_vec().unwrap());
        values.collect::<Vec<Vec<f32>>>().concat()
    }

    #[test]
    fn every_tensor_moves_by_one_minus_the_decay() {
        let device = crate::cpu();
        let [before, current] = [0; 2].map(|_| LinearConfig::new(3, 2).init(&device));
        let after = values(&moving_average(before.clone(), &current, 0.75));
        let expected = values(&before).into_iter().zip(values(&current));
        assert_ne!(values(&before), values(&current));
        for (found, (before, current)) in after.iter().zip(expected) {
            assert!((found - (0.75 * before + 0.25 * current)).abs() < 1e-6);
        }
    }
}
