//! The devices that have kernels.

use burn::{backend::DispatchDevice, tensor::Device};

/// Opens the CPU as a device: Burn's ndarray backend, or flex where only that is compiled in.
///
/// ```
/// use ai4fashion_kernels::{burn::tensor::Tensor, cpu};
///
/// let x = Tensor::<2>::ones([2, 3], &cpu());
/// assert_eq!(x.sum().into_scalar::<f32>(), 6.0);
/// ```
#[cfg(any(feature = "ndarray", feature = "flex"))]
#[must_use]
pub fn cpu() -> Device {
    #[cfg(feature = "ndarray")]
    #[allow(deprecated, reason = "ndarray is served until Burn removes it")]
    let device = Device::ndarray();
    #[cfg(not(feature = "ndarray"))]
    let device = Device::flex();
    device
}

/// Returns whether tensors on `device` are convolved by this crate's kernels.
///
/// ```
/// use ai4fashion_kernels::{cpu, has_kernels};
///
/// assert!(has_kernels(&cpu()));
/// assert!(has_kernels(&cpu().autodiff()));
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
