//! Memory that is used again.

use crate::counts::Counts;
use crate::mask::{Mask, Scratch};
use crate::names::BITS;
use crate::sample::Sample;
use crate::vote::Votes;

/// Memory for [`ColorClassifier::classify_with`](crate::ColorClassifier::classify_with), 340 KiB, and up to 1.3 MiB after
/// pictures of thousands of colours: one for each thread, used for picture after picture. It carries nothing from one picture to the next.
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

    /// Counts the colours of the garment on the sample; the background if there is no garment.
    pub(crate) fn count(&mut self, mask: &Mask) {
        mask.core().runs().for_each(|(y, run)| {
            let colors = self.sample.rows()[y].colors(run);
            colors.for_each(|rgb| self.counts.add(rgb));
        });
        if mask.count() == 0 {
            self.counts.add(mask.background().unwrap_or([255; 3]));
        }
        self.votes.take(&mut self.counts);
    }
}

impl Default for Workspace {
    fn default() -> Self {
        Self::new()
    }
}
