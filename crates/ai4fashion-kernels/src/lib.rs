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
pub mod optim;
mod precision;

pub use activation::Activation;
pub use burn;
#[cfg(any(feature = "ndarray", feature = "flex"))]
pub use device::cpu;
pub use device::has_kernels;
pub use kernel::image_map::ImageMap;
pub use ops::{
    BatchNormOutput, activate, add, batch_norm_act, batch_norm_inference_act, conv_transpose2d, conv2d,
    conv2d_weight_grad, fan_out, global_avg_pool, map_images, spectral_norm, tanh, to_data, upsample_conv2d,
};
pub use precision::{ParsePrecisionError, Precision, WithPrecision};
