//! Strategies that choose the checkpoints to keep.

pub(crate) mod any;
pub(crate) mod keep_best;
#[cfg(feature = "score")]
pub(crate) mod keep_best_score;
pub(crate) mod keep_last;

use crate::{error::Error, train::checkpoint::CheckpointState};

/// A checkpoint on disk, as a strategy sees it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct StoredCheckpoint {
    /// The number of steps done.
    pub steps_done: usize,
    /// The state; `None` if it cannot be read.
    pub state: Option<CheckpointState>,
}

impl StoredCheckpoint {
    /// Describes a checkpoint, for example to test a [`CheckpointStrategy`].
    #[must_use]
    pub fn new(steps_done: usize, state: Option<CheckpointState>) -> Self {
        Self { steps_done, state }
    }
}

/// Finds the checkpoint with the smallest loss among those on the same images as the newest one;
/// those without a loss are passed over.
fn best(
    all: &[StoredCheckpoint],
    loss: impl Fn(&StoredCheckpoint, &CheckpointState) -> Option<f64>,
) -> Option<usize> {
    let known = || {
        let all = all.iter().enumerate();
        all.filter_map(|(place, it)| Some((place, it, it.state.as_ref()?)))
    };
    let (_, _, newest) = known().next_back()?;
    let comparable = known().filter(|(_, _, state)| state.has_images_of(newest));
    let losses = comparable.filter_map(|(place, it, state)| Some((loss(it, state)?, place)));
    let least = losses.min_by(|a, b| a.0.total_cmp(&b.0));
    least.map(|(_, place)| place)
}

/// Chooses the checkpoints that a [`Checkpointer`](crate::run::Checkpointer) keeps; the others are
/// removed.
///
/// [`KeepLast`](crate::run::KeepLast) and [`KeepBest`](crate::run::KeepBest) are strategies; a pair
/// of strategies keeps what either keeps. The trait may gain methods with a default.
///
/// ```
/// use ai4fashion_dcgan::run::{CheckpointStrategy, StoredCheckpoint};
///
/// /// Keeps a checkpoint every thousand steps.
/// #[derive(Debug)]
/// struct Thousands;
///
/// impl CheckpointStrategy for Thousands {
///     fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool {
///         all[place].steps_done % 1000 == 0
///     }
/// }
///
/// let all = [500, 1000].map(|steps| StoredCheckpoint::new(steps, None));
/// assert_eq!([0, 1].map(|place| Thousands.keeps(place, &all)), [false, true]);
/// ```
pub trait CheckpointStrategy: std::fmt::Debug + Send {
    /// Refuses options that are outside their intervals, before a run starts.
    ///
    /// # Errors
    /// Any error that should keep the run from starting.
    fn check(&self) -> Result<(), Error> {
        Ok(())
    }

    /// Whether the checkpoint at `place` of `all` is kept; `all` are in the order of their steps.
    fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool;
}
