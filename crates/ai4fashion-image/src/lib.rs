#![doc = include_str!("../README.md")]

mod center_crop;
mod decode;
mod eight_bits;
mod encode;
mod error;
mod flatten;
#[cfg(any(test, fuzzing))]
#[doc(hidden)]
pub mod fuzzing;
mod letterbox;
mod memory_budget;
mod near_index;
mod perceptual_hash;
mod quality;
mod scale;

pub use center_crop::center_crop;
pub use decode::{
    ColorProfile, DecodedImage, Limits, decode, decode_admitted, decode_at_least, decode_file, read_file,
};
pub use encode::{encode_jpeg, encode_png};
pub use error::{Error, ErrorKind};
pub use flatten::flatten_on_white;
pub use letterbox::{fit, letterbox, pad};
pub use memory_budget::{MemoryBudget, MemoryPermit};
pub use near_index::NearIndex;
pub use perceptual_hash::PerceptualHash;
pub use quality::{QualityFlag, quality_flags};

// Its types are part of our signatures.
pub use image;
