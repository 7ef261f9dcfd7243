#![doc = include_str!("../README.md")]

mod adam;
mod augment;
#[cfg(feature = "burn-dataset")]
mod burn_data;
mod cache;
mod checkpoint;
mod condition;
mod config;
mod distance;
mod ema;
mod error;
mod film;
mod generate;
mod grid;
mod labels;
mod layers;
mod loader;
mod loss;
mod loss_plot;
mod networks;
mod observer;
mod penalty;
mod pictures;
mod random;
mod report;
mod run_folder;
mod seen;
mod selection;
mod step;
mod stop;
mod trainer;
mod warnings;
mod weights;

pub use ai4fashion_dataset as dataset;
pub use ai4fashion_kernels as kernels;
pub use augment::Augment;
pub use burn;
#[cfg(feature = "burn-dataset")]
pub use burn_data::{AsBurn, FromBurn, LabeledPicture};
#[cfg(feature = "burn-dataset")]
pub use burn_dataset;
pub use cache::PictureCache;
pub use checkpoint::{Checkpoint, CheckpointState};
pub use condition::Condition;
pub use config::{DcganConfig, Difference, IMAGE_SIZES};
pub use error::{Error, ErrorKind, WeightsProblem};
pub use film::write_film;
pub use generate::{Drawing, MAX_COUNT, generate, interpolate};
pub use grid::grid;
pub use image;
pub use labels::Labels;
pub use loss::Loss;
pub use networks::{Discriminator, Generator};
pub use observer::{Observer, Plan, Standing, StepLog, StepTime};
pub use pictures::{PictureSource, to_picture, to_pictures, to_tensor};
pub use report::write_report;
pub use run_folder::{RunFolder, SavedRun};
pub use seen::LabelCount;
pub use selection::Selection;
pub use step::{Draw, Judge, StepLosses, TrainState};
pub use stop::Stop;
pub use trainer::{Ended, Trained, Trainer};
pub use warnings::Warning;
pub use weights::{Network, load_discriminator, load_generator, load_weights, save_weights};
