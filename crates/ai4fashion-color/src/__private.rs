//! What `tools/fit-color` needs to fit the model, and the benches to look inside; not for others, and without promises.

use image::RgbImage;

use crate::naming::features::{self, Features};
use crate::mask::Mask;
use crate::naming::table::{self, NAMES};
use crate::naming::histogram::{self, Histogram};
use crate::workspace::Workspace;
use crate::classification::Classification;
use crate::classifier::{self, ColorClassifier};
use crate::error::Error;
use crate::options::ClassifyOptions;

/// How many features there are.
pub const FEATURES: usize = features::FEATURES;

/// Features that are not 0, with their places.
pub type Sparse = Vec<(usize, f32)>;

/// The features of the garment on a picture; empty without a garment.
///
/// # Errors
/// If an option is outside its interval.
pub fn features(picture: &RgbImage, options: ClassifyOptions) -> Result<Sparse, Error> {
    let mut workspace = Workspace::new();
    let mask = ColorClassifier::new(options)?.look_at(picture.into(), &mut workspace);
    if mask.count() == 0 {
        return Ok(Sparse::new());
    }
    Ok(Features::new(&workspace.histogram).present().collect())
}

/// The features of a garment that has this colour everywhere.
#[must_use]
pub fn flat(rgb: [u8; 3]) -> Sparse {
    Features::new(&Histogram::of([rgb])).present().collect()
}

/// A colour of each cell of the tables, in their order.
pub fn cells() -> impl Iterator<Item = [u8; 3]> {
    (0..table::CELLS).map(table::middle)
}

/// How likely each name is for a colour in the published table, which hardly has one that is sure, with what is likely made
/// likelier.
#[must_use]
pub fn sharpened(rgb: [u8; 3]) -> [f32; NAMES] {
    histogram::sharpened(table::cell(rgb))
}

/// The memberships of a colour in the published table, 0 to 255, in the order of `BasicColor`.
#[must_use]
pub fn memberships(rgb: [u8; 3]) -> [u8; NAMES] {
    *table::memberships(table::cell(rgb))
}

/// A classification step by step.
#[derive(Debug)]
pub struct Phases {
    classifier: ColorClassifier,
    workspace: Workspace,
    mask: Mask,
}

impl Phases {
    /// With default options.
    #[must_use]
    pub fn new() -> Self {
        let (mut workspace, options) = (Workspace::new(), ClassifyOptions::default());
        let mask = Mask::new(&workspace.sample, &options, &mut workspace.mask);
        Self {
            classifier: ColorClassifier::default(),
            workspace,
            mask,
        }
    }

    /// Takes the pixels.
    pub fn sample(&mut self, picture: &RgbImage) {
        self.workspace.sample.take(picture.into());
    }

    /// Finds the garment among them.
    pub fn mask(&mut self) {
        let Workspace { sample, mask, .. } = &mut self.workspace;
        self.mask = Mask::new(sample, &self.classifier.options(), mask);
    }

    /// Counts its colours.
    pub fn count(&mut self) {
        classifier::count(&self.mask, &mut self.workspace);
    }

    /// Names them.
    #[must_use]
    pub fn name(&self) -> Classification {
        self.classifier.answer(&self.mask, &self.workspace.histogram).0
    }
}

impl Default for Phases {
    fn default() -> Self {
        Self::new()
    }
}
