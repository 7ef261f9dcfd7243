//! Memory that is used again.

use crate::pixels::counts::Counts;
use crate::mask::Scratch;
use crate::naming::table::BITS;
use crate::pixels::sample::Sample;
use crate::naming::histogram::Histogram;

/// Memory for [`ColorClassifier::classify_with`](crate::ColorClassifier::classify_with), 340 KiB, and up to 1.3 MiB after
/// pictures of thousands of colours: one for each thread, used for picture after picture. It carries nothing from one picture to the next.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(crate) sample: Sample,
    pub(crate) mask: Scratch,
    pub(crate) counts: Counts<BITS>,
    pub(crate) histogram: Histogram,
}

impl Workspace {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sample: Sample::new(),
            mask: Scratch::new(),
            counts: Counts::new(),
            histogram: Histogram::new(),
        }
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}
