//! Internals for other crates of this workspace; not covered by semver.

use image::RgbImage;

use crate::classification::Classification;
use crate::classifier::ColorClassifier;
use crate::counting;
use crate::error::Error;
use crate::explanation::Explanation;
use crate::frame;
use crate::mask::Mask;
use crate::naming::basic_color::BasicColor;
use crate::naming::features::{self, Features};
use crate::naming::histogram::{self, Histogram};
use crate::naming::model;
use crate::naming::posterior::Posterior;
use crate::naming::table::{self, NAMES};
use crate::options::ClassifyOptions;
use crate::pixels::view::ImageView;
use crate::workspace::Workspace;

/// Number of features.
pub const FEATURES: usize = features::FEATURES;

/// Temperature that calibrates the model's probabilities.
pub const TEMPERATURE: f32 = model::TEMPERATURE;

/// Features that are not 0, with their places.
pub type Sparse = Vec<(usize, f32)>;

/// Computes the features of the garment in an image; empty without a garment.
///
/// # Errors
/// If an option is outside its interval.
pub fn features(image: &RgbImage, options: ClassifyOptions) -> Result<Sparse, Error> {
    let mut workspace = Workspace::new();
    let mask = ColorClassifier::new(options)?.find_garment(image.into(), &mut workspace);
    if mask.count() == 0 {
        return Ok(Sparse::new());
    }
    Ok(Features::new(&workspace.histogram).present().collect())
}

/// Computes the features of a garment that has one colour everywhere.
#[must_use]
pub fn single_color(rgb: [u8; 3]) -> Sparse {
    Features::new(&Histogram::of([rgb])).present().collect()
}

/// Returns a colour of each cell of the tables, in order.
pub fn cells() -> impl Iterator<Item = [u8; 3]> {
    (0..table::CELLS).map(table::middle)
}

/// Returns the sharpened memberships of a colour in the published table.
#[must_use]
pub fn sharpened(rgb: [u8; 3]) -> [f32; NAMES] {
    histogram::sharpened(table::cell(rgb))
}

/// Returns the memberships of a colour in the published table, 0 to 255, in the order of
/// `BasicColor`.
#[must_use]
pub fn memberships(rgb: [u8; 3]) -> [u8; NAMES] {
    *table::memberships(table::cell(rgb))
}

/// Returns the name of a colour in the published table; the first of equally likely ones.
#[must_use]
pub fn published(rgb: [u8; 3]) -> BasicColor {
    BasicColor::ALL[table::highest(table::memberships(table::cell(rgb)))]
}

/// What this crate's model sees of a garment.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// Calibrated probabilities of the names.
    pub likely: [f32; NAMES],
    /// The fraction of the image border that the garment fills, if it is at least a fifth; else 0.
    pub cropped: f32,
}

/// The answer of another model.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    /// Probabilities of the names.
    pub likely: [f32; NAMES],
    /// Nothing can be known: the confidence is below 0.2.
    pub is_in_doubt: bool,
    /// The image shows cloth alone: the confidence is below 0.2 if little of it has the name.
    pub is_close_up: bool,
}

/// Returns the photo in an image, without a line, bars, a border or a page around it.
#[must_use]
pub fn photo<'a>(workspace: &mut Workspace, image: ImageView<'a>) -> ImageView<'a> {
    let Workspace { sample, frame, .. } = workspace;
    frame::take_within_lines(image, sample, frame)
}

/// Names an image with the help of another model. Frames are not looked for: see [`photo`].
///
/// `is_inside` says whether a place of the image, from 0 to 1 across and down, is part of the
/// article; `name` gets what this crate's model sees, `None` without a garment, and returns the
/// answer. Fractions and the dominant colour are those of the
/// garment mask inside; of the whole mask if that is empty.
#[must_use]
pub fn classify_within<'a>(
    classifier: &ColorClassifier,
    workspace: &mut Workspace,
    image: impl Into<ImageView<'a>>,
    is_inside: impl Fn(f32, f32) -> bool,
    name: impl FnOnce(Option<Seen>) -> Named,
) -> Classification {
    workspace.sample.take(image.into());
    let mask = classifier.find_garment_in_sample(workspace);
    answer_within(classifier, workspace, &mask, is_inside, name).0
}

/// Names an image like [`classify_within`] and classifies each pixel; those outside are background.
#[must_use]
pub fn explain_within<'a>(
    classifier: &ColorClassifier,
    workspace: &mut Workspace,
    image: impl Into<ImageView<'a>>,
    is_inside: impl Fn(f32, f32) -> bool,
    name: impl FnOnce(Option<Seen>) -> Named,
) -> Explanation {
    workspace.sample.take(image.into());
    let mask = classifier.find_garment_in_sample(workspace);
    let (found, likely) = answer_within(classifier, workspace, &mask, &is_inside, name);
    Explanation::new(found, &workspace.sample, &mask, &likely).within(is_inside)
}

fn answer_within(
    classifier: &ColorClassifier,
    workspace: &mut Workspace,
    mask: &Mask,
    is_inside: impl Fn(f32, f32) -> bool,
    name: impl FnOnce(Option<Seen>) -> Named,
) -> (Classification, [f32; NAMES]) {
    let cropped = mask.cropped(&workspace.sample);
    let has_garment = mask.count() > 0;
    let seen = has_garment.then(|| Seen {
        likely: model::calibrated(&model::probabilities(&Features::new(&workspace.histogram))),
        cropped,
    });
    let Named {
        likely,
        is_in_doubt,
        is_close_up,
    } = name(seen);
    if has_garment {
        counting::count_within(mask, workspace, is_inside);
    }
    let posterior = Posterior::new(&workspace.histogram, &likely);
    let threshold = classifier.options().mixed_threshold;
    let found = Classification::of_probabilities(likely, &posterior, mask.fraction(), threshold);
    let found = if is_in_doubt {
        found.in_doubt()
    } else if is_close_up {
        found.cropped()
    } else {
        found
    };
    (found, likely)
}

/// A classification, step by step.
#[derive(Debug)]
pub struct Phases {
    classifier: ColorClassifier,
    workspace: Workspace,
    mask: Mask,
}

impl Phases {
    /// Creates a classifier with default options.
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

    /// Samples the pixels.
    pub fn sample(&mut self, image: &RgbImage) {
        self.workspace.sample.take(image.into());
    }

    /// Finds the garment in the sample.
    pub fn mask(&mut self) {
        let Workspace { sample, mask, .. } = &mut self.workspace;
        self.mask = Mask::new(sample, &self.classifier.options(), mask);
    }

    /// Counts the colours of the garment.
    pub fn count(&mut self) {
        counting::count(&self.mask, &mut self.workspace);
    }

    /// Names the colours.
    #[must_use]
    pub fn name(&self) -> Classification {
        self.classifier.answer(&self.mask, &self.workspace).0
    }
}

impl Default for Phases {
    fn default() -> Self {
        Self::new()
    }
}
