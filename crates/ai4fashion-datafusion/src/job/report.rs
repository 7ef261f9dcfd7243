//! What has become of the shards.

use std::{collections::BTreeMap, fmt};

use serde::Serialize;

use super::done::Counts;

/// What a [`Job`](super::Job) has done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Each shard, in the order of their names.
    pub shards: Vec<ShardReport>,
    /// Whether the job stopped because shards failed in a row; the rest was not tried.
    pub is_stopped: bool,
}

/// What has become of a shard.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct ShardReport {
    /// The name of the output, without `.parquet`.
    pub name: String,
    /// The URL of the input.
    pub input: String,
    /// What has become of it.
    pub outcome: ShardOutcome,
    /// Seconds that it took.
    pub seconds: f64,
}

/// How far a [`Job`](super::Job) is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Shards that are done, of earlier runs too.
    pub done: usize,
    /// All shards.
    pub shards: usize,
    /// Whether the shard that has failed is tried once more.
    pub is_tried_again: bool,
}

/// What has become of a shard, in short.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ShardOutcome {
    /// It is labelled.
    Done(Counts),
    /// It was labelled by an earlier run.
    WasDone(Counts),
    /// It is not labelled, and nothing of it is left behind; the reason.
    Failed(String),
    /// It was not tried.
    NotTried,
}

impl Report {
    /// The rows of all shards that are labelled.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut all = Counts::default();
        for shard in &self.shards {
            if let ShardOutcome::Done(counts) | ShardOutcome::WasDone(counts) = &shard.outcome {
                all.add(counts);
            }
        }
        all
    }

    /// Whether each shard is labelled.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.labelled().count() == self.shards.len()
    }

    /// The names of the shards that are labelled.
    pub(super) fn labelled(&self) -> impl Iterator<Item = &str> {
        let is_labelled =
            |shard: &&ShardReport| matches!(shard.outcome, ShardOutcome::Done(_) | ShardOutcome::WasDone(_));
        self.shards.iter().filter(is_labelled).map(|shard| &*shard.name)
    }

    fn number(&self, is_one: impl Fn(&ShardOutcome) -> bool) -> usize {
        self.shards.iter().filter(|shard| is_one(&shard.outcome)).count()
    }
}

/// A few lines, for people.
impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.counts();
        writeln!(
            f,
            "{} rows: {} labelled, {} null",
            counts.rows, counts.labelled, counts.null
        )?;
        let reasons: BTreeMap<_, _> = counts.reasons.iter().collect();
        for (reason, count) in reasons {
            writeln!(f, "  {reason}: {count}")?;
        }
        let done = self.number(|it| matches!(it, ShardOutcome::Done(_)));
        let was_done = self.number(|it| matches!(it, ShardOutcome::WasDone(_)));
        let failed = self.number(|it| matches!(it, ShardOutcome::Failed(_)));
        let rest = self.number(|it| matches!(it, ShardOutcome::NotTried));
        write!(
            f,
            "{} shards: {done} labelled now, {was_done} before",
            self.shards.len()
        )?;
        if failed + rest > 0 {
            write!(f, ", {failed} failed, {rest} not tried")?;
        }
        Ok(())
    }
}
