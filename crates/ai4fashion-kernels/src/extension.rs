//! The kernels as operations of Burn's backends, with their gradients.

mod activation;
mod adam;
mod conv;
mod graph;
mod host;
mod norm;

pub(crate) use activation::ActivationBackend;
pub(crate) use adam::AdamBackend;
pub(crate) use conv::{ConvBackend, WeightGradient};
pub(crate) use norm::NormBackend;
