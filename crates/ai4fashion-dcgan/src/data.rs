//! Where pictures come from, and what is known of them.

#[cfg(feature = "burn-dataset")]
pub(crate) mod burn_data;
pub(crate) mod cache;
pub(crate) mod class_count;
pub(crate) mod condition;
pub(crate) mod image_source;
pub(crate) mod labels;
pub(crate) mod loader;
pub(crate) mod subset;
pub(crate) mod tensors;
