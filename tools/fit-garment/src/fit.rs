//! Logistic regression on full batches. Sums are taken in a fixed order, so that the same photos
//! give the same weights.

use std::iter;

use ai4fashion_dataset::__private::FEATURES;
use fit_common::{AdamW, STEPS};

use crate::photos::Photo;

const RATE: f32 = 0.03;
/// Weight of all synthetic photos, where each of some four thousand labelled ones has 1.
const SYNTHETIC: f32 = 60.0;

/// One weight per feature, and one that is always added.
#[derive(Debug)]
pub(crate) struct Model(Vec<f32>);

impl Model {
    /// Fits weights to labelled photos and synthetic ones.
    pub(crate) fn fit(photos: &[&Photo], synthetic: &[Photo], decay: f32) -> Self {
        let weight = SYNTHETIC / synthetic.len().max(1) as f32;
        let photos = photos.iter().map(|photo| (*photo, 1.0));
        let all: Vec<(&Photo, f32)> = photos
            .chain(synthetic.iter().map(|photo| (photo, weight)))
            .collect();
        let mut model = Self(vec![0.0; FEATURES + 1]);
        let mut adam = AdamW::new(FEATURES + 1, RATE, decay);
        for _ in 0..STEPS {
            let gradients = model.gradients(&all);
            adam.step(&mut model.0, &gradients);
        }
        model
    }

    /// Returns the gradients of the mean loss.
    fn gradients(&self, photos: &[(&Photo, f32)]) -> Vec<f32> {
        let mut gradients = vec![0.0; FEATURES + 1];
        let total: f32 = photos.iter().map(|(_, weight)| weight).sum();
        for (photo, weight) in photos {
            for features in &photo.features {
                let probability = 1.0 / (1.0 + (-self.score(features)).exp());
                let label = f32::from(u8::from(photo.is_garment_only));
                let error = (probability - label) * weight / (2.0 * total);
                for (gradient, value) in gradients.iter_mut().zip(with_bias(features)) {
                    *gradient += error * value;
                }
            }
        }
        gradients
    }

    /// Returns a score that is above 0 if a garment-only photo is more likely than not.
    pub(crate) fn score(&self, features: &[f32]) -> f32 {
        let pairs = self.0.iter().zip(with_bias(features));
        pairs.map(|(weight, value)| weight * value).sum()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|weight| weight.to_le_bytes()).collect()
    }
}

/// Returns the features, and one that is always 1.
fn with_bias(features: &[f32]) -> impl Iterator<Item = f32> {
    features.iter().copied().chain(iter::once(1.0))
}
