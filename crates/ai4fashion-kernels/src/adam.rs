//! The settings of Adam.

use burn::tensor::DType;

/// Settings of Adam (D. Kingma, J. Ba, Adam: A Method for Stochastic Optimization, 2015).
///
/// ```
/// use ai4fashion_kernels::optim::Adam;
///
/// let adam = Adam::default().with_lr(0.0002).with_beta1(0.5);
/// assert_eq!((adam.beta2, adam.epsilon), (0.999, 1e-8));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct Adam {
    /// The learning rate; finite. Default 0.001.
    pub lr: f64,
    /// Decay of the first moment, in `[0, 1)`. Default 0.9.
    pub beta1: f64,
    /// Decay of the second moment, in `[0, 1)`. Default 0.999.
    pub beta2: f64,
    /// Added to the root of the second moment, in `(0, 1]`. Default 1e-8.
    ///
    /// For other tensors than of `f64` it is at least 1e-45, since smaller numbers are 0 there.
    pub epsilon: f64,
}

impl Default for Adam {
    /// PyTorch's; Burn's epsilon is 1e-5.
    fn default() -> Self {
        Self {
            lr: 1e-3,
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
        }
    }
}

impl Adam {
    /// Sets the learning rate.
    #[must_use]
    pub fn with_lr(self, lr: f64) -> Self {
        Self { lr, ..self }
    }

    /// Sets the decay of the first moment.
    #[must_use]
    pub fn with_beta1(self, beta1: f64) -> Self {
        Self { beta1, ..self }
    }

    /// Sets the decay of the second moment.
    #[must_use]
    pub fn with_beta2(self, beta2: f64) -> Self {
        Self { beta2, ..self }
    }

    /// Sets the number that is added to the root of the second moment.
    #[must_use]
    pub fn with_epsilon(self, epsilon: f64) -> Self {
        Self { epsilon, ..self }
    }

    /// Checks the settings for tensors of the type `dtype`.
    ///
    /// # Panics
    /// If a setting is outside its interval: weights would silently become NaN.
    #[track_caller]
    pub(crate) fn check(self, dtype: DType) {
        let Self {
            lr,
            beta1,
            beta2,
            epsilon,
        } = self;
        assert!(lr.is_finite(), "a learning rate of {lr} is not finite");
        for beta in [beta1, beta2] {
            assert!((0.0..1.0).contains(&beta), "a decay of {beta} is not in [0, 1)");
        }
        assert!(
            epsilon > 0.0 && epsilon <= 1.0,
            "an epsilon of {epsilon} is not in (0, 1]"
        );
        assert!(
            dtype == DType::F64 || epsilon as f32 > 0.0,
            "an epsilon of {epsilon} is 0 as f32; the smallest above it is {}",
            f32::from_bits(1)
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ADAM: Adam = Adam {
        lr: 0.1,
        beta1: 0.5,
        beta2: 0.999,
        epsilon: 1e-8,
    };

    fn refusal(adam: Adam, dtype: DType) -> Option<String> {
        let panic = std::panic::catch_unwind(|| adam.check(dtype)).err()?;
        panic.downcast_ref::<String>().cloned()
    }

    #[test]
    fn settings_outside_their_intervals_are_told_with_their_values() {
        for (adam, expected) in [
            (ADAM.with_lr(f64::NAN), "a learning rate of NaN is not finite"),
            (ADAM.with_beta1(1.0), "a decay of 1 is not in [0, 1)"),
            (ADAM.with_beta2(-0.5), "a decay of -0.5 is not in [0, 1)"),
            (ADAM.with_epsilon(0.0), "an epsilon of 0 is not in (0, 1]"),
            (ADAM.with_epsilon(1.5), "an epsilon of 1.5 is not in (0, 1]"),
        ] {
            for dtype in [DType::F32, DType::F64] {
                assert_eq!(refusal(adam, dtype).as_deref(), Some(expected));
            }
        }
        let small = ADAM.with_epsilon(1e-50);
        assert!(refusal(small, DType::F32).unwrap().contains("is 0 as f32"));
        for (adam, dtype) in [
            (small, DType::F64),
            (ADAM.with_epsilon(2e-45), DType::F32),
            (ADAM.with_epsilon(1.0), DType::F32),
        ] {
            assert_eq!(refusal(adam, dtype), None);
        }
    }
}
