//! The checkpoint with the best score is kept.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::run::{
    score_name::ScoreName,
    strategy::{CheckpointStrategy, StoredCheckpoint, best},
};

/// The value of one score after each number of steps.
pub(in crate::run) type Values = Arc<Mutex<BTreeMap<usize, f64>>>;

/// Keeps the checkpoint that is best by a score of its generated images.
///
/// [`ScoreLog::keep_best`](crate::run::ScoreLog::keep_best) makes it. Only checkpoints on the same
/// images as the newest one are compared. Beside it, the newest checkpoint should be kept to resume
/// from: `(KeepLast(1), scores.keep_best(ScoreName::KidOwn))`.
#[derive(Clone, Debug)]
pub struct KeepBestScore {
    score: ScoreName,
    values: Values,
}

impl KeepBestScore {
    /// Keeps the best of `values` by `score`.
    pub(in crate::run) fn new(score: ScoreName, values: Values) -> Self {
        Self { score, values }
    }
}

impl CheckpointStrategy for KeepBestScore {
    fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool {
        let values = self.values.lock().unwrap_or_else(PoisonError::into_inner);
        let loss = |it: &StoredCheckpoint| Some(self.score.loss(*values.get(&it.steps_done)?));
        best(all, |it, _| loss(it)) == Some(place)
    }
}
