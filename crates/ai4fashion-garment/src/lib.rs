#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __private;
mod classification;
mod classifier;
mod error;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod hint;
mod input;
mod network;
mod product_type;
mod scores;
mod shape;
mod weights;
mod workspace;

pub use classification::GarmentClassification;
pub use classifier::GarmentClassifier;
pub use error::{Error, ErrorKind};
pub use hint::TypeHint;
pub use product_type::ProductType;
pub use workspace::GarmentWorkspace;

// Its types are part of our signatures.
pub use ai4fashion_color as color;
