//! The device of the CPU.

use burn::tensor::Device;

/// Opens the CPU as a device: `ndarray` if the feature of that name is on, else `flex`.
///
/// Burn marks `Device::ndarray()` as deprecated; both backends use the same fast kernels, and the
/// last digits of their results differ.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Generator, cpu};
///
/// let generator = Generator::new(&DcganConfig::tutorial().with_image_size(8).with_ngf(4), &cpu())?;
/// assert_eq!(generator.device(), cpu());
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[must_use]
pub fn cpu() -> Device {
    ai4fashion_kernels::cpu()
}
