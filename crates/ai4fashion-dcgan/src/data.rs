//! Training images and what is known of them.
//!
//! An [`ImageSource`](crate::ImageSource) gives images by index: a slice of images, an
//! [`ImageFolder`], or with the feature `dataset` a data set of `ai4fashion-dataset`. An
//! [`ImageCache`] keeps decoded images in a file, a [`Subset`] leaves some out.

pub(crate) mod attribute;
#[cfg(feature = "burn-dataset")]
pub(crate) mod burn_data;
pub(crate) mod cache;
pub(crate) mod class_count;
pub(crate) mod condition;
#[cfg(feature = "dataset")]
mod dataset;
pub(crate) mod image_folder;
pub(crate) mod image_source;
pub(crate) mod labels;
pub(crate) mod loader;
pub(crate) mod subset;
pub(crate) mod tensors;

#[cfg(feature = "burn-dataset")]
pub use ::burn_dataset;
#[cfg(feature = "burn-dataset")]
pub use burn_data::{FromBurnDataset, IntoBurnDataset, LabeledImage};
pub use cache::ImageCache;
pub use class_count::ClassCount;
pub use image_folder::ImageFolder;
pub use subset::Subset;
pub use tensors::{to_image, to_images, to_tensor};
