#![doc = include_str!("../README.md")]

mod bins;
mod blocks;
mod comparison;
mod draws;
mod error;
mod features;
mod frechet;
mod image_set;
mod images;
mod kernel_distance;
mod label_network;
mod labels;
mod ms_ssim;
mod neighbors;
mod novelty;
mod npy;
mod patches;
mod pyramid;
mod random;
mod scorer;
mod sliced;
mod type_label;

pub use comparison::Comparison;
pub use draws::Score;
pub use error::{Error, ErrorKind};
pub use features::Features;
pub use frechet::frechet_distance;
pub use image_set::ImageSet;
pub use kernel_distance::kernel_distance;
pub use label_network::label_features;
pub use labels::{Fidelity, LabelScore};
pub use ms_ssim::ms_ssim;
pub use neighbors::{PrecisionRecall, precision_recall};
pub use novelty::Novelty;
pub use npy::{NpyArray, read_npy};
pub use patches::{PatchDistance, patch_distance};
pub use random::choose;
pub use scorer::{FeatureScores, ImageScores, PatchScore, Scorer};
pub use sliced::sliced_distance;

// Their types are part of our signatures.
pub use ai4fashion_garment as garment;
pub use image;
