//! The labels of an image: product type, split and where they come from.

mod base_color;
mod labeled_name;
mod pixels_hash;
mod split;
mod split_words;
mod type_source;

pub(crate) use ai4fashion_garment::ProductType;
pub use base_color::base_color_candidates;
pub use labeled_name::LabeledName;
pub use pixels_hash::PixelsHash;
pub use split::{Split, SplitOptions};
pub use type_source::TypeSource;
