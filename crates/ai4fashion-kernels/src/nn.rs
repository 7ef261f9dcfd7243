//! Burn's layers with this crate's kernels.
//!
//! Each is made from Burn's own layer, has the same parameters under the same names, so that records of one load into the
//! other, and the same `forward`. As from Burn's own, a record is to be taken after `valid()`.
//!
//! ```
//! use ai4fashion_kernels::nn::Conv2d;
//! use burn::{nn::conv::Conv2dConfig, tensor::{Device, Tensor}};
//!
//! let device = Device::flex();
//! let layer: Conv2d = Conv2dConfig::new([3, 8], [4, 4]).with_stride([2, 2]).init(&device).into();
//! assert_eq!(layer.forward(Tensor::ones([1, 3, 10, 10], &device)).dims(), [1, 8, 4, 4]);
//! ```

mod batch_norm;
mod conv;

pub use batch_norm::BatchNorm;
pub use conv::{Conv2d, ConvTranspose2d};
