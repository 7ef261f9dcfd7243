//! How often an observer writes.

use crate::{error::Error, train::epoch_end::EpochEnd};

/// A number of epochs from one time to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Interval(pub(super) usize);

impl Interval {
    /// Refuses 0.
    pub(super) fn check(self) -> Result<(), Error> {
        match self.0 {
            0 => Err(Error::setting("interval", 0, "1 or more")),
            _ => Ok(()),
        }
    }

    /// Returns whether it is time at the end of this epoch; always after the last one.
    pub(super) fn is_due<G>(self, end: &EpochEnd<'_, G>) -> bool {
        end.epochs_done.is_multiple_of(self.0) || end.is_last()
    }
}
