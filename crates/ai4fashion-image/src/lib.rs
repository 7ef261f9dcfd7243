#![doc = include_str!("../README.md")]

mod center_crop;
mod decode;
mod eight_bits;
mod encode;
mod error;
mod grid;
mod letterbox;
mod perceptual_hash;
mod quality;
mod scale;

pub use center_crop::center_crop;
pub use decode::{DecodedImage, Limits, decode, decode_file, flatten_on_white, read_file};
pub use encode::{encode_jpeg, encode_png};
pub use error::{Error, ErrorKind};
pub use grid::cell_means;
pub use letterbox::{fit, letterbox, pad};
pub use perceptual_hash::PerceptualHash;
pub use quality::{QualityFlag, quality_flags};

// Its types are part of our signatures.
pub use image;
