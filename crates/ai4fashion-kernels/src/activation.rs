//! Activations, fused into a normalization or on their own.

/// What is done to each value after a normalization or convolution.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum Activation {
    /// Nothing.
    #[default]
    Identity,
    /// Negative values become 0.
    Relu,
    /// Negative values are multiplied by this slope, in `[0, 1]`.
    LeakyRelu(f64),
}

impl Activation {
    /// # Panics
    /// If the slope is not in `[0, 1]`: only then have values before and after it one sign.
    #[track_caller]
    pub(crate) fn check(self) {
        if let Self::LeakyRelu(slope) = self {
            assert!(
                (0.0..=1.0).contains(&slope),
                "a slope of {slope} is not in [0, 1]"
            );
        }
    }

    /// What negative values are multiplied by.
    pub(crate) fn slope(self) -> f32 {
        match self {
            Self::Identity => 1.0,
            Self::Relu => 0.0,
            Self::LeakyRelu(slope) => slope as f32,
        }
    }
}
