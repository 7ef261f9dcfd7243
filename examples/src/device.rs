//! The one place that turns a device's name into a [`Device`].

use burn::tensor::Device;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[cfg(not(any(feature = "ndarray", feature = "flex")))]
compile_error!("the programs need a device: build with the feature `ndarray` or `flex`");

/// The devices that this build can compute on. The first is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DeviceName {
    /// Burn's ndarray backend, on the processor
    #[cfg(feature = "ndarray")]
    Ndarray,
    /// Burn's flex backend, on the processor
    #[cfg(feature = "flex")]
    Flex,
}

impl Default for DeviceName {
    fn default() -> Self {
        Self::value_variants()[0]
    }
}

impl DeviceName {
    /// The name as it is written on the command line.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            #[cfg(feature = "ndarray")]
            Self::Ndarray => "ndarray",
            #[cfg(feature = "flex")]
            Self::Flex => "flex",
        }
    }

    /// Opens the device.
    #[must_use]
    pub fn open(self) -> Device {
        match self {
            #[cfg(feature = "ndarray")]
            #[allow(
                deprecated,
                reason = "ndarray is the default until Burn removes it; flex passes the same tests"
            )]
            Self::Ndarray => Device::ndarray(),
            #[cfg(feature = "flex")]
            Self::Flex => Device::flex(),
        }
    }
}
