//! What a picture is labelled with.

mod base_color;
pub(crate) mod labeled_name;
mod product_type;
mod split;
mod type_source;

pub use base_color::meanings;
pub use labeled_name::{LabeledName, MAX_NAME, MAX_STEM, clean_stem};
pub use product_type::ProductType;
pub use split::{Split, SplitOptions};
pub use type_source::TypeSource;
