//! Answers of models for photos that they were not fitted to.

use ai4fashion_color::BasicColor;
use fit_common::{FOLDS, NAMES};
use rayon::prelude::*;

use crate::{
    fit::{self, FitOptions, OtherExamples, Row},
    photos::Photo,
};

/// The answer for one photo.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) id: String,
    pub(crate) fold: u8,
    pub(crate) is_garment_only: bool,
    /// The catalogue's colour.
    pub(crate) label: BasicColor,
    /// The most likely name.
    pub(crate) name: BasicColor,
    /// Probability of each name.
    pub(crate) likely: Row,
}

impl Answer {
    /// Returns `true` if the name is the catalogue's.
    pub(crate) fn is_right(&self) -> bool {
        self.name == self.label
    }

    /// Returns the lead of the name over the second.
    pub(crate) fn lead(&self) -> f32 {
        let second = (0..NAMES.len())
            .filter(|&name| name != self.name.index())
            .map(|name| self.likely[name])
            .fold(0.0, f32::max);
        self.likely[self.name.index()] - second
    }
}

/// Fits a model to all folds but one and names the photos of that fold, for each fold.
pub(crate) fn run(photos: &[Photo], others: &OtherExamples, options: &FitOptions) -> Vec<Answer> {
    let fold = |fold: u8| {
        let seen = photos.iter().filter(|photo| photo.fold() != fold);
        let model = fit::fit(seen, others, options);
        let unseen = photos.iter().filter(move |photo| photo.fold() == fold);
        unseen.map(move |photo| {
            let likely = model.probabilities(&photo.features[0]);
            let mut order = BasicColor::ALL;
            order.sort_by(|a, b| likely[b.index()].total_cmp(&likely[a.index()]));
            Answer {
                id: photo.id.clone(),
                fold,
                is_garment_only: photo.is_garment_only,
                label: photo.color,
                name: order[0],
                likely,
            }
        })
    };
    (0..FOLDS).into_par_iter().flat_map_iter(fold).collect()
}
