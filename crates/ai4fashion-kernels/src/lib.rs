#![doc = include_str!("../README.md")]

mod activation;
mod batch_norm;
mod blocks;
mod conv;
#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
mod extension;
mod geometry;
mod host;
mod im2col;
mod norm;
mod ops;
mod product;
mod scratch;

pub use activation::Activation;
pub use burn;
pub use norm::{BatchNormOutput, activate, batch_norm_act, normalize_act};
pub use ops::{conv_transpose2d, conv2d, has_kernels};
