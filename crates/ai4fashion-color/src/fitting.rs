//! What `tools/fit-color` needs to fit the model, and the benches to look inside; not for others, and without promises.

use image::RgbImage;

use crate::counts::Counts;
use crate::features::{self, Features};
use crate::mask::Mask;
use crate::names::{self, CELLS, NAMES};
use crate::vote::{Votes, sharpened};
use crate::workspace::Workspace;
use crate::{Classification, ClassifyOptions, ColorClassifier, Error};

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
    Ok(Features::new(&workspace.votes).present().collect())
}

/// A garment of one colour.
#[derive(Debug)]
pub struct Anchor {
    /// Its features.
    pub features: Sparse,
    /// The names that the published table has for the colour.
    pub names: [f32; NAMES],
    /// What it counts, as a part of all anchors.
    pub share: f32,
}

/// Garments of the colours that the published table is sure of: every third level of each component, and each neutral grey.
/// Those count more, being a line in a space: what has no hue is most of what people wear.
#[must_use]
pub fn anchors() -> Vec<Anchor> {
    const SURE: f32 = 0.9;
    const SURE_OF_GREY: f32 = 0.75;
    const GREY: f32 = 8.0;
    let weight = |cell: &usize| {
        let levels = [cell & 31, (cell >> 5) & 31, cell >> 10];
        let surest = sharpened(*cell).into_iter().fold(0.0, f32::max);
        if levels[0] == levels[1] && levels[1] == levels[2] {
            Some(GREY).filter(|_| surest > SURE_OF_GREY)
        } else {
            let on_grid = levels.iter().all(|level| level % 3 == 0);
            Some(1.0).filter(|_| on_grid && surest > SURE)
        }
    };
    let taken: Vec<(usize, f32)> = (0..CELLS)
        .filter_map(|cell| Some((cell, weight(&cell)?)))
        .collect();
    let total: f32 = taken.iter().map(|(_, weight)| weight).sum();
    let (mut counts, mut votes) = (Counts::new(), Votes::new());
    let anchor = |(cell, weight): (usize, f32)| {
        let middle = [cell & 31, (cell >> 5) & 31, cell >> 10].map(|level| (8 * level + 4) as u8);
        counts.add(middle);
        votes.take(&mut counts);
        Anchor {
            features: Features::new(&votes).present().collect(),
            names: sharpened(cell),
            share: weight / total,
        }
    };
    taken.into_iter().map(anchor).collect()
}

/// The memberships of a colour in the published table, 0 to 255, in the order of `BasicColor`.
#[must_use]
pub fn memberships(rgb: [u8; 3]) -> [u8; NAMES] {
    *names::memberships(names::cell(rgb))
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
        self.workspace.count(&self.mask);
    }

    /// Names them.
    #[must_use]
    pub fn name(&self) -> Classification {
        self.classifier.answer(&self.mask, &self.workspace.votes).0
    }
}

impl Default for Phases {
    fn default() -> Self {
        Self::new()
    }
}
