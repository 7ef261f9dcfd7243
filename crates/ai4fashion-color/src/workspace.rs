//! Memory that is used again.

use crate::counts::Counts;
use crate::mask::Scratch;
use crate::names::BITS;
use crate::sample::Sample;
use crate::vote::Votes;

/// Memory for [`ColorClassifier::classify_with`](crate::ColorClassifier::classify_with), about 400 KiB: one for each thread, used
/// for picture after picture. It carries nothing from one picture to the next.
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(crate) sample: Sample,
    pub(crate) mask: Scratch,
    pub(crate) counts: Counts<BITS>,
    pub(crate) votes: Votes,
}

impl Workspace {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sample: Sample::new(),
            mask: Scratch::new(),
            counts: Counts::new(),
            votes: Votes::new(),
        }
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}
