//! The objective: loss functions, regularization of the discriminator, and augmentation.

pub(crate) mod augment;
pub(crate) mod label;
pub(crate) mod lecam;
pub(crate) mod loss;
pub(crate) mod penalty;
