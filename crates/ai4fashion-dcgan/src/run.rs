//! Runs on disk: observers that write them, and how they are found again.
//!
//! [`RunFolder`] writes all files of a run with the observers of this module; each can be used
//! alone. [`SavedRun`] reads a run, for example to resume it or to generate images.

pub(crate) mod apng;
#[cfg(feature = "report")]
mod charts;
mod checkpoint_files;
pub(crate) mod checkpointer;
pub(crate) mod folder;
pub(crate) mod grid;
mod interval;
mod layout;
mod log_lines;
pub(crate) mod metrics_log;
#[cfg(feature = "report")]
pub(crate) mod report;
#[cfg(feature = "report")]
pub(crate) mod report_writer;
mod sample_files;
pub(crate) mod sample_writer;
mod samples_over_time;
pub(crate) mod saved;
pub(crate) mod strategy;
pub(crate) mod warnings;

pub use apng::write_apng;
pub use checkpointer::Checkpointer;
pub use folder::RunFolder;
pub use grid::image_grid;
pub use metrics_log::MetricsLog;
#[cfg(feature = "report")]
pub use report::write_report;
#[cfg(feature = "report")]
pub use report_writer::ReportWriter;
pub use sample_writer::SampleWriter;
pub use saved::SavedRun;
pub use strategy::{CheckpointStrategy, StoredCheckpoint, keep_best::KeepBest, keep_last::KeepLast};
pub use warnings::Warning;
