//! The activation functions.

/// Activation function, fused into a normalization or on its own.
///
/// ```
/// use ai4fashion_kernels::{Activation, activate, burn::tensor::Tensor, cpu};
///
/// let x = Tensor::<1>::from_floats([-2.0, 3.0], &cpu());
/// let y = activate(x, Activation::LeakyRelu(0.1)).into_data();
/// assert_eq!(y.try_to_vec::<f32>().unwrap(), [-0.2, 3.0]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Activation {
    /// Leaves each value as it is.
    #[default]
    Identity,
    /// Sets negative values to 0.
    Relu,
    /// Multiplies negative values by this factor, in `[0, 1]`.
    LeakyRelu(f64),
}

impl Activation {
    /// # Panics
    /// If the factor is not in `[0, 1]`: only then has a value the same sign before and after it.
    #[track_caller]
    pub(crate) fn check(self) {
        if let Self::LeakyRelu(leak) = self {
            assert!(
                (0.0..=1.0).contains(&leak),
                "a LeakyReLU factor of {leak} is not in [0, 1]"
            );
        }
    }

    /// The factor of negative values.
    pub(crate) fn leak(self) -> f32 {
        match self {
            Self::Identity => 1.0,
            Self::Relu => 0.0,
            Self::LeakyRelu(leak) => leak as f32,
        }
    }
}
