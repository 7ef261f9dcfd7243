#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(any(feature = "ndarray", feature = "flex")),
    allow(unused, reason = "no backend to serve: all calls are Burn's own")
)]

mod activation;
mod adam;
mod batch_norm;
mod blocks;
mod channels_last;
mod conv;
#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
mod extension;
mod geometry;
mod host;
mod im2col;
mod mixed;
pub mod nn;
mod norm;
mod ops;
mod optim;
mod product;
mod scratch;

pub use activation::Activation;
pub use adam::Adam;
pub use burn;
pub use mixed::{Precision, precision, set_precision};
pub use norm::{BatchNormOutput, activate, batch_norm_act, normalize_act};
pub use ops::{conv_transpose2d, conv2d, conv2d_weight_grad, has_kernels};
pub use optim::{AdamOutput, adam_step};
