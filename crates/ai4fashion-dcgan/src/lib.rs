#![doc = include_str!("../README.md")]

mod config;
pub mod data;
#[cfg(any(feature = "ndarray", feature = "flex"))]
mod device;
mod difference;
mod error;
#[cfg(all(
    any(test, fuzzing),
    any(feature = "ndarray", feature = "flex"),
    feature = "pytorch"
))]
#[doc(hidden)]
pub mod fuzzing;
pub mod model;
mod objective;
mod random;
pub mod run;
pub mod sample;
#[cfg(test)]
mod testing;
pub mod train;

pub use config::DcganConfig;
pub use data::{condition::Condition, image_source::ImageSource, labels::Labels};
#[cfg(any(feature = "ndarray", feature = "flex"))]
pub use device::cpu;
pub use error::{Error, ErrorKind};
pub use model::{discriminator::Discriminator, generator::Generator};
pub use objective::{augment::Augment, loss::Loss};
pub use run::{folder::RunFolder, saved::SavedRun};
pub use sample::{SampleOptions, generate};
pub use train::{observer::Observer, state::TrainState, trainer::Trainer};

// Their types are part of our signatures.
pub use burn;
pub use image;
