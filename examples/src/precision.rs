//! Precisions by name.

use ai4fashion_dcgan::kernels::{Precision, set_precision};
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

/// What the products of convolutions are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PrecisionName {
    /// f32 throughout
    #[default]
    F32,
    /// Factors rounded to bfloat16, sums in f32; faster where the processor has AVX512-BF16
    Mixed,
}

impl PrecisionName {
    /// The name as it is written on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::F32 => "f32",
            Self::Mixed => "mixed",
        }
    }

    /// Chooses it for this process.
    ///
    /// # Errors
    /// If the processor has no products of bfloat16.
    pub fn choose(self) -> anyhow::Result<()> {
        let precision = match self {
            Self::F32 => Precision::F32,
            Self::Mixed => Precision::Mixed,
        };
        anyhow::ensure!(
            set_precision(precision),
            "--precision mixed: this processor has no products of bfloat16 (AVX512-BF16); f32 works everywhere"
        );
        Ok(())
    }
}
