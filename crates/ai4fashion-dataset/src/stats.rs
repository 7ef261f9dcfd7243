//! Counts over many records.

mod agreement;
mod distribution;

pub use agreement::Agreement;
pub use distribution::Distribution;
