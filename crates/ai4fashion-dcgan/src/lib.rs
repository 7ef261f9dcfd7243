#![doc = include_str!("../README.md")]

mod adam;
mod config;
mod error;
mod generate;
mod grid;
mod layers;
mod loader;
mod loss;
mod loss_plot;
mod networks;
mod observer;
mod pictures;
mod random;
mod run_folder;
mod step;
mod trainer;
mod weights;

pub use ai4fashion_dataset as dataset;
pub use ai4fashion_kernels as kernels;
pub use burn;
pub use config::{DcganConfig, IMAGE_SIZES};
pub use error::{Error, ErrorKind, WeightsProblem};
pub use generate::{MAX_COUNT, generate};
pub use grid::grid;
pub use image;
pub use networks::{Discriminator, Generator};
pub use observer::{EpochEnd, Observer, Plan, StepLog};
pub use pictures::{PictureSource, to_picture, to_pictures, to_tensor};
pub use run_folder::{CheckpointState, RunFolder, SavedRun};
pub use step::{StepLosses, TrainState};
pub use trainer::Trainer;
pub use weights::{load_discriminator, load_generator, save_discriminator, save_generator};
