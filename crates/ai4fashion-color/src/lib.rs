#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __private;
mod classification;
mod classifier;
mod error;
mod explanation;
mod mask;
mod naming;
pub mod notebook;
mod oklab;
mod options;
mod pixels;
mod workspace;

pub use classification::Classification;
pub use classifier::ColorClassifier;
pub use error::{Error, ErrorKind};
pub use explanation::{Explanation, Part};
pub use naming::basic_color::BasicColor;
pub use options::{ClassifyOptions, DEFAULT_MIXED_SHARE, DEFAULT_SHADOW, DEFAULT_TOLERANCE};
pub use pixels::view::PictureView;
pub use workspace::Workspace;

// Types of these crates are part of our signatures.
pub use {image, palette};
