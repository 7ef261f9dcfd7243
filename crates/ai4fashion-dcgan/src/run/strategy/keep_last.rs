//! The newest checkpoints are kept.

use crate::{
    error::Error,
    run::strategy::{CheckpointStrategy, StoredCheckpoint},
};

/// Keeps the newest checkpoints, at least one.
///
/// ```
/// use ai4fashion_dcgan::run::{CheckpointStrategy, KeepLast, StoredCheckpoint};
///
/// let all = [10, 20, 30].map(|steps| StoredCheckpoint::new(steps, None));
/// assert_eq!([0, 1, 2].map(|place| KeepLast(2).keeps(place, &all)), [false, true, true]);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeepLast(pub usize);

impl CheckpointStrategy for KeepLast {
    /// # Errors
    /// [`ErrorKind::Setting`](crate::ErrorKind::Setting) for 0.
    fn check(&self) -> Result<(), Error> {
        match self.0 {
            0 => Err(Error::setting("keep", 0, "1 or more")),
            _ => Ok(()),
        }
    }

    fn keeps(&self, place: usize, all: &[StoredCheckpoint]) -> bool {
        place + self.0 >= all.len()
    }
}
