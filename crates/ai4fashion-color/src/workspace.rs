//! Reusable scratch buffers.

use crate::frame;
use crate::mask::Scratch;
use crate::naming::histogram::Histogram;
use crate::naming::table::BITS;
use crate::pixels::counts::Counts;
use crate::pixels::sample::Sample;

/// Reusable scratch buffers for
/// [`ColorClassifier::classify_with`](crate::ColorClassifier::classify_with).
///
/// Keep one per thread. It takes 340 KiB, up to 1.3 MiB after images of thousands of colours, and
/// carries nothing from one image to the next.
///
/// ```
/// use ai4fashion_color::image::{Rgb, RgbImage};
/// use ai4fashion_color::{ColorClassifier, Workspace};
///
/// let classifier = ColorClassifier::default();
/// let mut workspace = Workspace::new();
/// for level in [0, 90, 250] {
///     let image = RgbImage::from_pixel(8, 8, Rgb([level; 3]));
///     let found = classifier.classify_with(&mut workspace, &image);
///     assert_eq!(found, classifier.classify(&image));
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Workspace {
    pub(crate) sample: Sample,
    pub(crate) frame: frame::Scratch,
    pub(crate) mask: Scratch,
    pub(crate) counts: Counts<BITS>,
    pub(crate) histogram: Histogram,
}

impl Workspace {
    /// Allocates the buffers.
    #[must_use]
    pub fn new() -> Self {
        Self {
            sample: Sample::new(),
            frame: frame::Scratch::new(),
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
