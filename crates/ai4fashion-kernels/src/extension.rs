//! The kernels as operations of Burn's backends, with their gradients.

mod activation;
mod add;
mod bias;
mod conv;
mod graph;
mod host;
mod image_map;
mod norm;
mod packed;
mod spectral;
mod update;
mod upsample;

pub(crate) use activation::ActivationBackend;
pub(crate) use add::{AddBackend, HasGradient};
pub(crate) use bias::BiasBackend;
pub(crate) use conv::{ConvBackend, WeightGradient};
pub(crate) use image_map::ImageMapBackend;
pub(crate) use norm::NormBackend;
pub(crate) use packed::PackedConvBackend;
pub(crate) use spectral::SpectralBackend;
pub(crate) use update::UpdateBackend;
pub(crate) use upsample::UpsampleBackend;
