#![doc = include_str!("../README.md")]

mod conv;
#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
mod extension;
mod geometry;
mod host;
mod im2col;
mod matmul;
mod ops;

pub use burn;
pub use ops::{conv_transpose2d, conv2d, has_kernels};
