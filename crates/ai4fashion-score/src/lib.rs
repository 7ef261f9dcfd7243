#![doc = include_str!("../README.md")]

mod comparison;
mod draws;
mod error;
mod features;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod image_set;
mod images;
mod label_network;
mod labels;
pub mod metrics;
mod novelty;
mod npy;
mod random;
mod scorer;
mod type_label;

pub use comparison::Comparison;
pub use draws::Score;
pub use error::{Error, ErrorKind};
pub use features::Features;
pub use image_set::ImageSet;
pub use label_network::label_features;
pub use labels::{Fidelity, LabelScore};
pub use novelty::Novelty;
pub use npy::{NpyArray, read_npy};
pub use random::choose;
pub use scorer::{FeatureScores, ImageScores, PatchScore, Scorer};

// Their types are part of our signatures.
pub use ai4fashion_garment as garment;
pub use image;
