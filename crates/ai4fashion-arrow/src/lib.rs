#![doc = include_str!("../README.md")]

mod bytes;
mod column;
mod error;
mod fields;
mod grouping;
mod kernel;

pub use fields::fields;
pub use grouping::{are_near, groups, near_keys};
pub use kernel::LabelKernel;

// Types of these crates are part of our signatures.
pub use ai4fashion_dataset as dataset;
pub use arrow_array;
pub use arrow_schema;
