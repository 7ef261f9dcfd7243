//! The checkpoint nearest to the real images is kept.

use crate::run::strategy::{CheckpointStrategy, StoredCheckpoint, best};

/// Keeps the checkpoint whose generated images were nearest to the real images.
///
/// Only checkpoints on the same images as the newest one are compared, by
/// [`CheckpointState::distance`](crate::train::CheckpointState::distance). Beside it, the newest
/// checkpoint should be kept to resume from: `(KeepLast(1), KeepBest)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepBest;

impl CheckpointStrategy for KeepBest {
    fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool {
        best(all, |_, state| state.distance.map(f64::from)) == Some(place)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{config::tiny, run::strategy::keep_last::KeepLast, train::checkpoint::CheckpointState};

    fn stored(steps_done: usize, distance: Option<f32>, images: usize) -> StoredCheckpoint {
        let state = CheckpointState {
            format: CheckpointState::FORMAT,
            steps_done,
            epochs_done: 1,
            images,
            fingerprint: String::new(),
            distance,
            logit_averages: None,
            class_counts: Vec::new(),
            config: tiny(),
            files: BTreeMap::new(),
            logs: BTreeMap::new(),
        };
        StoredCheckpoint::new(steps_done, Some(state))
    }

    fn kept(strategy: &dyn CheckpointStrategy, all: &[StoredCheckpoint]) -> Vec<usize> {
        let places = (0..all.len()).filter(|place| strategy.keeps(*place, all));
        places.map(|place| all[place].steps_done).collect()
    }

    #[test]
    fn nearest_of_comparable_checkpoints_is_kept_beside_the_newest() {
        let all = [
            // Nearer, but to other images.
            stored(2, Some(0.01), 7),
            stored(4, Some(0.2), 9),
            stored(6, Some(0.1), 9),
            StoredCheckpoint::new(8, None),
            stored(10, Some(0.1), 9),
            stored(11, None, 9),
        ];
        assert_eq!(kept(&KeepBest, &all), [6]);
        assert_eq!(kept(&(KeepLast(2), KeepBest), &all), [6, 10, 11]);
        assert_eq!(kept(&KeepBest, &all[3..4]), Vec::<usize>::new());
    }
}
