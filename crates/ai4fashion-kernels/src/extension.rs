//! The kernels as operations of Burn's backends, with their gradients.

mod activation;
mod conv;
mod graph;
mod host;
mod image_map;
mod norm;
mod spectral;
mod sum;
mod update;
mod upsample;

pub(crate) use activation::ActivationBackend;
pub(crate) use conv::{ConvBackend, WeightGradient};
pub(crate) use image_map::ImageMapBackend;
pub(crate) use norm::NormBackend;
pub(crate) use spectral::SpectralBackend;
pub(crate) use sum::{Arrived, SumBackend};
pub(crate) use update::UpdateBackend;
pub(crate) use upsample::UpsampleBackend;
