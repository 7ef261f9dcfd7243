//! The kernels: the operations' computations on plain slices.

pub(crate) mod activation;
pub(crate) mod adam;
pub(crate) mod batch_norm;
mod bf16;
mod blocks;
pub(crate) mod channels_last;
pub(crate) mod conv;
pub(crate) mod elementwise;
pub(crate) mod geometry;
mod im2col;
pub(crate) mod image_map;
mod panel;
mod product;
mod scratch;
pub(crate) mod spectral;
pub(crate) mod tanh;
pub(crate) mod upsample;
