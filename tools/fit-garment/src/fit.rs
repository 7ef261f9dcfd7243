//! Logistic regression on all photos at once. Sums are taken in a fixed order: the same photos give the same weights.

use std::iter;

use ai4fashion_dataset::garment::FEATURES;
use fit_common::{AdamW, STEPS};

use crate::photos::Photo;

const RATE: f32 = 0.03;
/// Of some four thousand photos in all.
const DRAWN: f32 = 60.0;

/// A weight of each feature, and one that is always added.
#[derive(Debug)]
pub(crate) struct Model(Vec<f32>);

impl Model {
    /// To photos, each of which counts 1, and to drawn pictures, which count [`DRAWN`] together.
    pub(crate) fn fit(photos: &[&Photo], drawn: &[Photo], decay: f32) -> Self {
        let of_drawn = DRAWN / drawn.len().max(1) as f32;
        let photos = photos.iter().map(|photo| (*photo, 1.0));
        let all: Vec<(&Photo, f32)> = photos
            .chain(drawn.iter().map(|photo| (photo, of_drawn)))
            .collect();
        let mut model = Self(vec![0.0; FEATURES + 1]);
        let mut adam = AdamW::new(FEATURES + 1, RATE, decay);
        for _ in 0..STEPS {
            let slopes = model.slopes(&all);
            adam.step(&mut model.0, &slopes);
        }
        model
    }

    /// Of the mean of the loss.
    fn slopes(&self, photos: &[(&Photo, f32)]) -> Vec<f32> {
        let mut slopes = vec![0.0; FEATURES + 1];
        let total: f32 = photos.iter().map(|(_, counts)| counts).sum();
        for (photo, counts) in photos {
            for features in &photo.features {
                let probability = 1.0 / (1.0 + (-self.score(features)).exp());
                let error = (probability - f32::from(u8::from(photo.alone))) * counts / (2.0 * total);
                for (slope, value) in slopes.iter_mut().zip(with_one(features)) {
                    *slope += error * value;
                }
            }
        }
        slopes
    }

    /// Above 0 if a garment alone is likelier than not.
    pub(crate) fn score(&self, features: &[f32]) -> f32 {
        let pairs = self.0.iter().zip(with_one(features));
        pairs.map(|(weight, value)| weight * value).sum()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0.iter().flat_map(|weight| weight.to_le_bytes()).collect()
    }
}

fn with_one(features: &[f32]) -> impl Iterator<Item = f32> {
    features.iter().copied().chain(iter::once(1.0))
}
