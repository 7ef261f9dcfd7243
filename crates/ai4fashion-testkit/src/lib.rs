#![doc = include_str!("../README.md")]

mod hostile;
mod pictures;
mod shared;
mod strategies;

pub use hostile::{Hostile, hostile_files, png_with_profile};
pub use pictures::{encoded, garment, jpeg, jpeg_with_orientation, png, textured};
pub use shared::{printed, python, shared};
pub use strategies::arbitrary_image;
