//! The labels of an image: product type, split and where they come from.

mod base_color;
mod labeled_name;
mod product_type;
mod split;
mod type_source;

pub use base_color::base_color_candidates;
pub use labeled_name::LabeledName;
pub use product_type::ProductType;
pub use split::{Split, SplitOptions};
pub use type_source::TypeSource;
