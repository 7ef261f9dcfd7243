#![doc = include_str!("../README.md")]

#[doc(hidden)]
pub mod __private;
mod classification;
mod classifier;
mod counting;
mod error;
mod explanation;
mod frame;
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
pub use explanation::{Explanation, PixelClass};
pub use naming::basic_color::BasicColor;
pub use options::ClassifyOptions;
pub use pixels::view::ImageView;
pub use workspace::Workspace;

// Its `RgbImage`, `RgbaImage` and `DynamicImage` are part of our signatures.
pub use image;
