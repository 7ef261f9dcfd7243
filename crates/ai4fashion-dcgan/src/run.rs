//! Runs on disk: observers that write them, and how they are found again.
//!
//! [`RunFolder`] writes all files of a run with the observers of this module; each can be used
//! alone. [`SavedRun`] reads a run, for example to resume it or to generate images.
//!
//! # What is on the disk when
//!
//! A run that is killed, or whose machine loses power, resumes from its newest checkpoint; before
//! the first one it is begun anew. This holds because of the order of the writes. Each file is
//! written beside its place, synced, and renamed into it, and logs are appended to.
//!
//! 1. The folder, its name in the folder above, and in it the lock, which marks the folder as one
//!    of a run.
//! 2. `metadata.json`, then `config.json`: a run with settings has all that it needs.
//! 3. At the end of an epoch the lines of all logs are synced, then samples and charts.
//! 4. Each file of the checkpoint is synced, then the folder that holds them; it is renamed into
//!    its place, and the folder `checkpoints` is synced. From here on the checkpoint is durable.
//! 5. Only then older checkpoints are removed. A power cut may bring one back; the next checkpoint
//!    removes it again.
//! 6. A run that is resumed from an earlier checkpoint removes the later ones, syncs `checkpoints`,
//!    and only then cuts its logs off: no checkpoint is left without its lines.
//!
//! What a process leaves half-written (`.partial-*`, `checkpoints/.step-*`) is removed by the next
//! one that trains in the folder.

pub(crate) mod apng;
mod begun;
#[cfg(feature = "report")]
mod charts;
mod checkpoint_files;
pub(crate) mod checkpointer;
mod durable;
pub(crate) mod folder;
pub(crate) mod grid;
mod interval;
mod layout;
mod log_hashes;
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
#[cfg(feature = "score")]
mod score_log;
#[cfg(feature = "score")]
mod score_name;
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
#[cfg(feature = "score")]
pub use score_log::ScoreLog;
#[cfg(feature = "score")]
pub use score_name::ScoreName;
#[cfg(feature = "score")]
pub use strategy::keep_best_score::KeepBestScore;
pub use strategy::{CheckpointStrategy, StoredCheckpoint, keep_best::KeepBest, keep_last::KeepLast};
pub use warnings::Warning;
