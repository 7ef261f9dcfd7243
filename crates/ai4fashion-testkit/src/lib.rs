#![doc = include_str!("../README.md")]

mod hostile;
mod pictures;
mod shared;
mod strategies;

pub use hostile::{Hostile, hostile_files};
pub use pictures::{encoded, garment, jpeg, jpeg_with_orientation, png, textured};
pub use shared::shared;
pub use strategies::arbitrary_image;
