#![doc = include_str!("../README.md")]

mod config;
mod data;
mod difference;
mod error;
mod model;
mod objective;
mod random;
mod run;
mod sample;
#[cfg(test)]
mod testing;
mod train;

pub use ai4fashion_dataset as dataset;
pub use ai4fashion_kernels as kernels;
pub use burn;
#[cfg(feature = "burn-dataset")]
pub use burn_dataset;
pub use config::{DcganConfig, IMAGE_SIZES};
#[cfg(feature = "burn-dataset")]
pub use data::burn_data::{AsBurn, FromBurn, LabeledPicture};
pub use data::{
    cache::PictureCache,
    class_count::LabelCount,
    condition::Condition,
    image_source::PictureSource,
    labels::Labels,
    subset::Selection,
    tensors::{to_picture, to_pictures, to_tensor},
};
pub use difference::Difference;
pub use error::{Error, ErrorKind, WeightsProblem};
pub use image;
pub use model::{
    discriminator::Discriminator,
    generator::Generator,
    network::{Draw, Judge, Network},
    weights::{load_discriminator, load_generator, load_weights, save_weights},
};
pub use objective::{augment::Augment, loss::Loss};
pub use run::{
    apng::write_film, folder::RunFolder, grid::grid, report::write_report, saved::SavedRun, warnings::Warning,
};
pub use sample::{Drawing, MAX_COUNT, generate, interpolate};
pub use train::{
    checkpoint::{Checkpoint, CheckpointState},
    interrupter::Stop,
    metrics::{StepLog, StepLosses, StepTime},
    observer::{Observer, Standing},
    run_info::Plan,
    step::TrainState,
    trainer::{Ended, Trained, Trainer},
};
