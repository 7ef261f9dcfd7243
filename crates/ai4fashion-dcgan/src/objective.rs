//! The objective: loss functions, the gradient penalty, and augmentation.

pub(crate) mod augment;
pub(crate) mod loss;
pub(crate) mod penalty;
