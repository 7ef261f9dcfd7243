#![doc = include_str!("../README.md")]

mod basic_color;
mod classification;
mod classifier;
mod counts;
mod error;
mod explanation;
mod features;
#[cfg(feature = "_fitting")]
#[doc(hidden)]
pub mod fitting;
mod mask;
mod model;
mod names;
mod oklab;
mod options;
mod parts;
mod picture;
mod plain;
mod quantize;
pub mod rules;
mod sample;
mod vote;
mod workspace;

pub use basic_color::BasicColor;
pub use classification::Classification;
pub use classifier::ColorClassifier;
pub use error::{Error, ErrorKind};
pub use explanation::{Explanation, Part};
pub use options::{ClassifyOptions, DEFAULT_MIXED_SHARE, DEFAULT_SHADOW, DEFAULT_TOLERANCE};
pub use picture::PictureView;
pub use workspace::Workspace;

// Types of these crates are part of our signatures.
pub use {image, palette};
