//! The kernels as operations of Burn's backends, with their gradients.

mod activation;
mod conv;
mod graph;
mod host;
mod norm;
mod update;
mod upsample;

pub(crate) use activation::ActivationBackend;
pub(crate) use conv::{ConvBackend, WeightGradient};
pub(crate) use norm::NormBackend;
pub(crate) use update::UpdateBackend;
pub(crate) use upsample::UpsampleBackend;
