//! Burn's layers with this crate's kernels.
//!
//! Each layer is made from Burn's own and has its `forward` and its parameters under the same
//! names, so that records of one load into the other. As with Burn's own layers, take a record
//! after `valid()`. [`PackedConv`] alone is no module but for inference, with weights packed once.
//!
//! ```
//! use ai4fashion_kernels::{cpu, burn::{nn::conv::Conv2dConfig, tensor::Tensor}, nn::Conv2d};
//!
//! let layer: Conv2d = Conv2dConfig::new([3, 8], [4, 4]).with_stride([2, 2]).init(&cpu()).into();
//! assert_eq!(layer.forward(Tensor::ones([1, 3, 10, 10], &cpu())).dims(), [1, 8, 4, 4]);
//! ```

mod batch_norm;
mod conv;

pub use batch_norm::BatchNorm;
pub use conv::{Conv2d, ConvTranspose2d};

pub use crate::ops::PackedConv;
