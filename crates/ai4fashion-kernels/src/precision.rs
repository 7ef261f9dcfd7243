//! The precision of a convolution's products.

use core::{fmt, str::FromStr};

/// Number format of the products in a convolution.
///
/// It belongs to a layer or to a call (see [`WithPrecision`]); the backward pass takes that of the
/// forward pass.
///
/// ```
/// use ai4fashion_kernels::Precision;
///
/// assert_eq!("mixed".parse(), Ok(Precision::Mixed));
/// assert_eq!(Precision::default().to_string(), "f32");
/// assert!(Precision::F32.is_available());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Precision {
    /// `f32` throughout.
    #[default]
    F32,
    /// Factors rounded to bfloat16 (8 significant bits), sums in `f32`.
    ///
    /// It is used for the convolutions that go by Winograd's filtering, on CPUs with
    /// AVX512-BF16; all else stays `f32`.
    Mixed,
}

impl Precision {
    /// All precisions.
    pub const ALL: [Self; 2] = [Self::F32, Self::Mixed];

    /// Returns the precision's name, as [`FromStr`] reads it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Mixed => "mixed",
        }
    }

    /// Returns whether this CPU has the instructions for the precision.
    ///
    /// Where it has not, `f32` is used instead.
    #[must_use]
    pub fn is_available(self) -> bool {
        match self {
            Self::F32 => true,
            #[cfg(target_arch = "x86_64")]
            Self::Mixed => is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512bf16"),
            #[cfg(not(target_arch = "x86_64"))]
            Self::Mixed => false,
        }
    }
}

impl fmt::Display for Precision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Precision {
    type Err = ParsePrecisionError;

    fn from_str(name: &str) -> Result<Self, ParsePrecisionError> {
        let found = Self::ALL.into_iter().find(|precision| precision.as_str() == name);
        found.ok_or_else(|| ParsePrecisionError(name.to_owned()))
    }
}

/// A name that no [`Precision`] has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParsePrecisionError(String);

impl fmt::Display for ParsePrecisionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = Precision::ALL.map(Precision::as_str);
        write!(f, "precision `{}` is neither {first} nor {second}", self.0)
    }
}

impl core::error::Error for ParsePrecisionError {}

/// Options of a convolution with the precision of its products.
///
/// Burn's own options become one of `f32` by [`From`]; so functions take them as they are.
///
/// ```
/// use ai4fashion_kernels::burn::tensor::{Tensor, ops::ConvOptions};
/// use ai4fashion_kernels::{Precision, WithPrecision, conv2d, cpu};
///
/// let x = Tensor::<4>::ones([1, 32, 8, 8], &cpu());
/// let weight = Tensor::<4>::ones([32, 32, 4, 4], &cpu());
/// let options = ConvOptions::new([2, 2], [1, 1], [1, 1], 1);
/// let exact = conv2d(x.clone(), weight.clone(), None, options.clone());
/// let mixed = conv2d(x, weight, None, WithPrecision::new(options, Precision::Mixed));
/// assert_eq!(exact.dims(), mixed.dims());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct WithPrecision<O> {
    /// Burn's options: stride, padding and the like.
    pub options: O,
    /// The precision of the products.
    pub precision: Precision,
}

impl<O> WithPrecision<O> {
    /// Joins options and a precision.
    #[must_use]
    pub const fn new(options: O, precision: Precision) -> Self {
        Self { options, precision }
    }
}

impl<O> From<O> for WithPrecision<O> {
    fn from(options: O) -> Self {
        Self::new(options, Precision::F32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_written() {
        for precision in Precision::ALL {
            assert_eq!(precision.to_string().parse(), Ok(precision));
        }
        let error = "bf16".parse::<Precision>().unwrap_err();
        assert_eq!(error.to_string(), "precision `bf16` is neither f32 nor mixed");
    }
}
