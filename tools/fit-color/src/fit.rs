//! Multinomial logistic regression on all photos at once. Everything is summed in a fixed order: the same photos give the same
//! model.

use ai4fashion_color::__private::{self as fitting, FEATURES, Sparse};
use fit_common::{AdamW, STEPS};

use crate::{NAMES, anchors::Anchor, cloth::Photo};

const RATE: f32 = 0.05;

/// What counts how much.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options {
    pub(crate) others: f32,
    pub(crate) greys: f32,
    pub(crate) asked: f32,
    pub(crate) drawn: f32,
    pub(crate) decay: f32,
}

/// What the model sees beside photos.
#[derive(Debug)]
pub(crate) struct Others {
    pub(crate) drawn: Vec<Photo>,
    pub(crate) greys: Vec<Anchor>,
    pub(crate) asked: Vec<Anchor>,
}

type Row = [f32; NAMES.len()];

/// A row of weights of each feature, and one that is always added.
#[derive(Debug)]
pub(crate) struct Model(Vec<Row>);

struct Example {
    features: Sparse,
    names: Row,
    weight: f32,
}

/// The model that gives the photos and all others their names.
pub(crate) fn fit<'a>(photos: impl Iterator<Item = &'a Photo>, others: &Others, options: &Options) -> Model {
    let of_drawn = options.drawn / others.drawn.len().max(1) as f32;
    let photos = photos.map(|photo| (photo, if photo.alone { 1.0 } else { options.others }));
    let mut examples: Vec<Example> = photos
        .chain(others.drawn.iter().map(|photo| (photo, of_drawn)))
        .flat_map(|(photo, weight)| {
            let mut names = Row::default();
            names[photo.color.index()] = 1.0;
            let weight = weight / photo.features.len() as f32;
            photo.features.iter().map(move |features| Example {
                features: features.clone(),
                names,
                weight,
            })
        })
        .collect();
    for (anchors, together) in [(&others.greys, options.greys), (&others.asked, options.asked)] {
        examples.extend(anchors.iter().map(|anchor| Example {
            features: anchor.features.clone(),
            names: anchor.names,
            weight: together * anchor.share,
        }));
    }
    descend(&examples, options.decay)
}

fn descend(examples: &[Example], decay: f32) -> Model {
    let mut model = Model(vec![Row::default(); FEATURES + 1]);
    let mut adam = AdamW::new(model.0.as_flattened().len(), RATE, decay);
    for _ in 0..STEPS {
        let slopes = model.slopes(examples);
        adam.step(model.0.as_flattened_mut(), slopes.as_flattened());
    }
    model
}

impl Model {
    /// How likely each name is for these features.
    pub(crate) fn probabilities(&self, features: &Sparse) -> Row {
        let mut scores = Row::default();
        for (place, value) in with_one(features) {
            for (score, weight) in scores.iter_mut().zip(self.0[place]) {
                *score += value * weight;
            }
        }
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers = scores.map(|score| (score - highest).exp());
        let total: f32 = powers.iter().sum();
        powers.map(|power| power / total)
    }

    /// Of the mean of the loss.
    fn slopes(&self, examples: &[Example]) -> Vec<Row> {
        let total: f32 = examples.iter().map(|example| example.weight).sum();
        let mut slopes = vec![Row::default(); FEATURES + 1];
        for example in examples {
            let found = self.probabilities(&example.features);
            let error: Row =
                std::array::from_fn(|name| (found[name] - example.names[name]) * example.weight / total);
            for (place, value) in with_one(&example.features) {
                for (slope, error) in slopes[place].iter_mut().zip(error) {
                    *slope += value * error;
                }
            }
        }
        slopes
    }

    /// How likely each name is for a garment that is all of a cell's colour, 1 to 255, cell by cell.
    pub(crate) fn plain(&self) -> Vec<u8> {
        let likely = fitting::cells().flat_map(|rgb| self.probabilities(&fitting::single_color(rgb)));
        likely
            .map(|likely| (likely * 255.0).round().max(1.0) as u8)
            .collect()
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        self.0
            .as_flattened()
            .iter()
            .flat_map(|weight| weight.to_le_bytes())
            .collect()
    }
}

/// The features, and the one that is always there.
fn with_one(features: &Sparse) -> impl Iterator<Item = (usize, f32)> {
    features.iter().copied().chain([(FEATURES, 1.0)])
}
