#![doc = include_str!("../README.md")]

mod corpus;
mod files;
pub mod golden;
mod hostile;
mod images;
mod phone_photos;
mod shared;
#[cfg(feature = "proptest")]
mod strategies;
mod zips;

pub use corpus::corpus;
pub use files::{files_below, write};
pub use hostile::{ChunkPlace, Hostile, hostile_files, png_with_chunk, png_with_profile};
pub use images::{encoded, garment, jpeg, jpeg_with_orientation, png, red_garment, textured};
pub use phone_photos::{PhonePhoto, phone_photos};
pub use shared::{interpreter, printed, shared_path};
#[cfg(feature = "proptest")]
pub use strategies::arbitrary_image;
pub use zips::{Zip, ZipFile, zip};
