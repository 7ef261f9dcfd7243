//! Training: the trainer, its state, checkpoints and observers.

pub(crate) mod checkpoint;
mod distance;
pub(crate) mod epoch_end;
pub(crate) mod inputs;
pub(crate) mod interrupter;
pub(crate) mod metrics;
pub(crate) mod observer;
mod optimizer_file;
pub(crate) mod run_info;
pub(crate) mod state;
pub(crate) mod state_files;
mod step;
pub(crate) mod trainer;
pub(crate) mod training;

pub use checkpoint::{Checkpoint, CheckpointState, LogHash};
pub use epoch_end::EpochEnd;
pub use interrupter::Interrupter;
pub use metrics::{Losses, StepMetrics, StepTiming};
pub use observer::Observer;
pub use run_info::RunInfo;
pub use state::TrainState;
pub use trainer::Trainer;
pub use training::{StopReason, TrainOutput, Training};

pub use crate::{config::preset::Preset, difference::Difference, objective::lecam::LogitAverages};
