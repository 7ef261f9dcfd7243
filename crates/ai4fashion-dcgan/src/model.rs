//! The two networks, and files of their weights.
//!
//! Networks of your own implement [`NamedWeights`] and [`GeneratorModel`] or
//! [`DiscriminatorModel`].

mod classes;
pub(crate) mod discriminator;
pub(crate) mod generator;
pub(crate) mod layers;
pub(crate) mod network;
pub(crate) mod packed;
pub(crate) mod weights;

pub use ai4fashion_kernels::Precision;
pub use network::{DiscriminatorModel, GeneratorModel, NamedWeights};
pub use packed::PackedGenerator;
pub use weights::{load_discriminator, load_generator, load_weights, save_weights};

pub use crate::{
    config::{IMAGE_SIZES, upsampling::Upsampling},
    error::{Misfit, WeightsError},
};

#[cfg(test)]
mod tests;
