#![doc = include_str!("../README.md")]

mod canvas;
mod catalogue;
mod cloth;
mod error;
mod garment;
mod ground_truth;
mod shape;
mod styles;

pub use catalogue::Catalogue;
pub use error::{Error, ErrorKind};
pub use ground_truth::{GroundTruth, View};

// Types of these crates are part of our signatures; `dataset` has the colours, too.
pub use ai4fashion_dataset as dataset;
pub use image;
