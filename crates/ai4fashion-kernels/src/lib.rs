#![doc = include_str!("../README.md")]
#![cfg_attr(
    not(any(feature = "ndarray", feature = "flex")),
    allow(unused, reason = "no backend to serve: all calls are Burn's own")
)]

mod activation;
mod adam;
mod device;
#[allow(deprecated, reason = "ndarray is served until Burn removes it")]
mod extension;
mod kernel;
pub mod nn;
mod ops;
mod optim;
mod precision;

pub use activation::Activation;
pub use adam::Adam;
pub use burn;
#[cfg(any(feature = "ndarray", feature = "flex"))]
pub use device::cpu;
pub use device::has_kernels;
pub use ops::{
    AdamOutput, BatchNormOutput, activate, adam_step, batch_norm_act, batch_norm_inference_act,
    conv_transpose2d, conv2d, conv2d_weight_grad, tanh, upsample_conv2d,
};
pub use optim::{AdamState, moving_average};
pub use precision::{ParsePrecisionError, Precision, WithPrecision};
