//! The one place that turns a device's name into a [`Device`].

use std::{fmt, str::FromStr};

use burn::tensor::Device;
#[cfg(feature = "wgpu")]
use burn::tensor::DeviceKind;
use serde::{Deserialize, Serialize};

#[cfg(not(any(feature = "ndarray", feature = "flex", feature = "wgpu", feature = "cuda")))]
compile_error!("training needs a device: build with the feature `ndarray`, `flex`, `wgpu` or `cuda`");

/// A compute backend that is compiled in. The first of them is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub(crate) enum DeviceName {
    /// Burn's ndarray backend, on the CPU.
    #[cfg(feature = "ndarray")]
    Ndarray,
    /// Burn's flex backend, on the CPU.
    #[cfg(feature = "flex")]
    Flex,
    /// Burn's wgpu backend, on the best GPU by Vulkan, Metal or DirectX.
    #[cfg(feature = "wgpu")]
    Wgpu,
    /// Burn's cuda backend, on the first card of Nvidia.
    #[cfg(feature = "cuda")]
    Cuda,
}

impl Default for DeviceName {
    fn default() -> Self {
        Self::ALL[0]
    }
}

impl DeviceName {
    /// All devices of this build.
    pub(crate) const ALL: &[Self] = &[
        #[cfg(feature = "ndarray")]
        Self::Ndarray,
        #[cfg(feature = "flex")]
        Self::Flex,
        #[cfg(feature = "wgpu")]
        Self::Wgpu,
        #[cfg(feature = "cuda")]
        Self::Cuda,
    ];

    /// The name on the command line.
    pub(crate) fn as_str(self) -> &'static str {
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
    pub(crate) fn open(self) -> Device {
        match self {
            #[cfg(feature = "ndarray")]
            Self::Ndarray => ai4fashion_dcgan::cpu(),
            #[cfg(feature = "flex")]
            Self::Flex => Device::flex(),
            #[cfg(feature = "wgpu")]
            Self::Wgpu => Device::wgpu(DeviceKind::DefaultDevice),
            #[cfg(feature = "cuda")]
            Self::Cuda => Device::cuda(0),
        }
    }
}

impl fmt::Display for DeviceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for DeviceName {
    type Err = UnknownDevice;

    fn from_str(name: &str) -> Result<Self, UnknownDevice> {
        let known = Self::ALL.iter().find(|device| device.as_str() == name);
        known.copied().ok_or(UnknownDevice)
    }
}

/// A text that names no device of this build.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnknownDevice;

impl fmt::Display for UnknownDevice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("this build has no such device")
    }
}

impl std::error::Error for UnknownDevice {}
