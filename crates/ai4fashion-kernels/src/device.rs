//! The devices that have kernels.

use burn::{backend::DispatchDevice, tensor::Device};

/// Whether tensors on `device` are convolved by this crate's kernels.
///
/// ```
/// assert!(ai4fashion_kernels::has_kernels(&burn::tensor::Device::flex()));
/// ```
#[must_use]
pub fn has_kernels(device: &Device) -> bool {
    match device.clone().without_autodiff().as_dispatch() {
        #[cfg(feature = "ndarray")]
        DispatchDevice::NdArray(_) => true,
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[allow(unreachable_patterns, reason = "the list depends on Burn's features")]
        _ => false,
    }
}

pub(crate) fn is_flex(device: &Device) -> bool {
    match device.clone().without_autodiff().as_dispatch() {
        #[cfg(feature = "flex")]
        DispatchDevice::Flex(_) => true,
        #[allow(unreachable_patterns, reason = "the list depends on Burn's features")]
        _ => false,
    }
}
