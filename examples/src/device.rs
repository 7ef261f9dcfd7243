//! The one place that turns a device's name into a [`Device`].

use burn::tensor::Device;
#[cfg(feature = "wgpu")]
use burn::tensor::DeviceKind;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};

#[cfg(not(any(feature = "ndarray", feature = "flex", feature = "wgpu", feature = "cuda")))]
compile_error!("the programs need a device: build with the feature `ndarray`, `flex`, `wgpu` or `cuda`");

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
    /// Burn's wgpu backend, on the best graphics card by Vulkan, Metal or DirectX
    #[cfg(feature = "wgpu")]
    Wgpu,
    /// Burn's cuda backend, on the first card of Nvidia
    #[cfg(feature = "cuda")]
    Cuda,
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
            #[cfg(feature = "wgpu")]
            Self::Wgpu => "wgpu",
            #[cfg(feature = "cuda")]
            Self::Cuda => "cuda",
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
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Device::wgpu(DeviceKind::DefaultDevice),
            #[cfg(feature = "cuda")]
            Self::Cuda => Device::cuda(0),
        }
    }
}
