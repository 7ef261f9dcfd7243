//! Labels of many shards: a shard in, a shard out, in any order, resumable.
//!
//! Each input file, Parquet or a WebDataset tar, becomes one Parquet file of its rows with their
//! labels. No image goes through a shuffle. A shard counts as done when its file under `_done/` is
//! there: it is written last, after the rows of the output were counted against those of the input.

mod columns;
mod done;
mod options;
mod output;
mod report;
mod run;
mod shard;
mod shards;

pub use done::Counts;
pub use options::JobOptions;
pub use report::{Report, ShardOutcome, ShardReport};
pub use run::Job;
