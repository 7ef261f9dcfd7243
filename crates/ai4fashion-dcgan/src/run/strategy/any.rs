//! Combinations of strategies.

use crate::{
    error::Error,
    run::strategy::{CheckpointStrategy, StoredCheckpoint},
};

/// Keeps what either strategy keeps.
impl<A: CheckpointStrategy, B: CheckpointStrategy> CheckpointStrategy for (A, B) {
    fn check(&self) -> Result<(), Error> {
        self.0.check()?;
        self.1.check()
    }

    fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool {
        self.0.keeps(place, all) || self.1.keeps(place, all)
    }
}

/// Keeps what the strategy in the box keeps.
impl CheckpointStrategy for Box<dyn CheckpointStrategy> {
    fn check(&self) -> Result<(), Error> {
        self.as_ref().check()
    }

    fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool {
        self.as_ref().keeps(place, all)
    }
}
