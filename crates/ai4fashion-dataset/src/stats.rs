//! Counts over many records.

mod confusion_matrix;
mod distribution;

pub use confusion_matrix::ConfusionMatrix;
pub use distribution::Distribution;
