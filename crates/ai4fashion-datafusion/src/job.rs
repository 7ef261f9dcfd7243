//! Labels of many shards: a shard in, a shard out, in any order, resumable.
//!
//! Each input file, Parquet or a WebDataset tar, becomes one Parquet file of its rows with their
//! labels. No image goes through a shuffle. A shard counts as done when its rows were counted
//! against those of the input, and its output and its file under `_done/` are there.
//! `_settings.json` says what all of them were made with.

mod columns;
mod done;
mod footer;
mod made_with;
mod options;
mod output;
mod report;
mod run;
mod shard;
mod shards;

pub use done::Counts;
pub use options::JobOptions;
pub use output::register_labels;
pub use report::{Progress, Report, ShardOutcome, ShardReport};
pub use run::Job;
