//! Multinomial logistic regression on full batches. Sums are taken in a fixed order, so that the
//! same photos give the same model.

use ai4fashion_color::__private::{self as fitting, FEATURES, Sparse};
use fit_common::{AdamW, NAMES, STEPS};

use crate::{anchors::Anchor, photos::Photo};

const RATE: f32 = 0.05;

/// Weights of the kinds of examples, and of the decay.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct FitOptions {
    /// Weight of a photo that shows more than a garment; a garment-only photo has 1
    #[arg(long, default_value_t = 0.1)]
    pub(crate) others: f32,
    /// Weight of all greys of the published table
    #[arg(long, default_value_t = 6.0)]
    pub(crate) greys: f32,
    /// Weight of all colours of the survey
    #[arg(long, default_value_t = 100.0)]
    pub(crate) survey: f32,
    /// Weight of all pale colours of the survey
    #[arg(long, default_value_t = 12.0)]
    pub(crate) pale: f32,
    /// Weight of all synthetic garments
    #[arg(long, default_value_t = 60.0)]
    pub(crate) synthetic: f32,
    /// Weight decay
    #[arg(long, default_value_t = 0.03)]
    pub(crate) decay: f32,
}

/// Examples beside the photos.
#[derive(Debug)]
pub(crate) struct OtherExamples {
    pub(crate) synthetic: Vec<Photo>,
    pub(crate) greys: Vec<Anchor>,
    pub(crate) survey: Vec<Anchor>,
    pub(crate) pale: Vec<Anchor>,
}

/// Values by name.
pub(crate) type Row = [f32; NAMES.len()];

/// One row of weights per feature, and one that is always added.
#[derive(Debug)]
pub(crate) struct Model(Vec<Row>);

struct Example {
    features: Sparse,
    names: Row,
    weight: f32,
}

/// Fits a model to the photos and all other examples.
pub(crate) fn fit<'a>(
    photos: impl Iterator<Item = &'a Photo>,
    others: &OtherExamples,
    options: &FitOptions,
) -> Model {
    let synthetic = options.synthetic / others.synthetic.len().max(1) as f32;
    let weight = |photo: &Photo| {
        if photo.is_garment_only {
            1.0
        } else {
            options.others
        }
    };
    let photos = photos.map(|photo| (photo, weight(photo)));
    let mut examples: Vec<Example> = photos
        .chain(others.synthetic.iter().map(|photo| (photo, synthetic)))
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
    for (anchors, weight) in [
        (&others.greys, options.greys),
        (&others.survey, options.survey),
        (&others.pale, options.pale),
    ] {
        examples.extend(anchors.iter().map(|anchor| Example {
            features: anchor.features.clone(),
            names: anchor.names,
            weight: weight * anchor.fraction,
        }));
    }
    descend(&examples, options.decay)
}

fn descend(examples: &[Example], decay: f32) -> Model {
    let mut model = Model(vec![Row::default(); FEATURES + 1]);
    let mut adam = AdamW::new(model.0.as_flattened().len(), RATE, decay);
    for _ in 0..STEPS {
        let gradients = model.gradients(examples);
        adam.step(model.0.as_flattened_mut(), gradients.as_flattened());
    }
    model
}

impl Model {
    /// Returns the probability of each name for these features.
    pub(crate) fn probabilities(&self, features: &Sparse) -> Row {
        let mut scores = Row::default();
        for (place, value) in with_bias(features) {
            for (score, weight) in scores.iter_mut().zip(self.0[place]) {
                *score += value * weight;
            }
        }
        let highest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let powers = scores.map(|score| (score - highest).exp());
        let total: f32 = powers.iter().sum();
        powers.map(|power| power / total)
    }

    /// Returns the gradients of the mean loss.
    fn gradients(&self, examples: &[Example]) -> Vec<Row> {
        let total: f32 = examples.iter().map(|example| example.weight).sum();
        let mut gradients = vec![Row::default(); FEATURES + 1];
        for example in examples {
            let found = self.probabilities(&example.features);
            let error: Row =
                std::array::from_fn(|name| (found[name] - example.names[name]) * example.weight / total);
            for (place, value) in with_bias(&example.features) {
                for (gradient, error) in gradients[place].iter_mut().zip(error) {
                    *gradient += value * error;
                }
            }
        }
        gradients
    }

    /// Returns the probability of each name for single-colour garments, 1 to 255, cell by cell.
    pub(crate) fn single_color_table(&self) -> Vec<u8> {
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

/// Returns the features, and one that is always 1.
fn with_bias(features: &Sparse) -> impl Iterator<Item = (usize, f32)> {
    features.iter().copied().chain([(FEATURES, 1.0)])
}
