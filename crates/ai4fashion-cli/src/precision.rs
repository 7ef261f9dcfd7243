//! Precisions by name.

use std::{fmt, str::FromStr};

use ai4fashion_kernels::{Precision, set_precision};
use serde::{Deserialize, Serialize};

/// Precision of convolutions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PrecisionName {
    /// f32 throughout
    #[default]
    F32,
    /// Factors rounded to bfloat16, sums in f32; faster where the processor has AVX512-BF16
    Mixed,
}

impl PrecisionName {
    pub(crate) const ALL: [Self; 2] = [Self::F32, Self::Mixed];

    /// The name as it is written on the command line.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Mixed => "mixed",
        }
    }

    /// Chooses it for this process.
    ///
    /// # Errors
    /// If the processor has no products of bfloat16.
    pub(crate) fn choose(self) -> anyhow::Result<()> {
        let precision = match self {
            Self::F32 => Precision::F32,
            Self::Mixed => Precision::Mixed,
        };
        anyhow::ensure!(
            set_precision(precision),
            "--precision mixed: this processor has no bfloat16 instructions (AVX512-BF16); f32 works everywhere"
        );
        Ok(())
    }
}

impl fmt::Display for PrecisionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for PrecisionName {
    type Err = std::io::Error;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|precision| precision.as_str() == name);
        known.ok_or_else(|| std::io::Error::other("legal are f32 and mixed"))
    }
}
