//! Whether generated images are copies of training images.

use ai4fashion_files::numbers::median;
use serde::Serialize;

use crate::{
    comparison::Comparison,
    draws::{Draws, Score},
    error::Error,
    features::{Features, check_count, check_dimensions},
    metrics::neighbors::{nearest, nearest_other},
    random::{Stream, rng, shuffled},
};

/// How near generated images are to training images, beside how near they are to real images that
/// the generator has not seen.
///
/// With held-out images `score` is the median distance of a generated image from the nearest
/// training image, divided by that from the nearest held-out image, of as many of each: about 1
/// if training images are no nearer, below 1 if the generator has memorized, 0 for copies (the idea
/// of M. Jiralerspong et al., Feature Likelihood Divergence, 2023). Without held-out images it is
/// divided by the median distance of a real image from the nearest other real image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Novelty {
    /// The quotient.
    #[serde(flatten)]
    pub score: Score,
    /// The median distance from the nearest training image, in units of the features.
    pub training: f64,
    /// The median distance that it is divided by.
    pub beside: f64,
    /// Whether that is the distance from held-out images.
    pub has_held_out: bool,
}

/// Compares with held-out images if there are any.
pub(crate) fn novelty(sets: &Comparison<'_, Features>, draws: &Draws) -> Result<Novelty, Error> {
    let fake = sets.fake;
    let training = sets.training.unwrap_or(sets.real);
    for other in [Some(training), sets.held_out].into_iter().flatten() {
        check_count("training and held-out images", other.len(), 2)?;
        check_dimensions(other, fake)?;
    }
    let all = match sets.held_out {
        Some(held_out) => against_held_out(training, held_out, fake, 0),
        None => against_others(training, fake),
    };
    let n = fake.len().min(sets.held_out.unwrap_or(training).len());
    let each = draws.all.iter().zip(1..).map(|(draw, place)| {
        let fake = fake.select(&draw.fake);
        let (here, real) = match sets.held_out {
            Some(held_out) => {
                // One half of the held-out images takes the place of generated ones.
                let [half, rest] = halves(held_out, place);
                (
                    against_held_out(training, held_out, &fake, place),
                    against_held_out(training, &rest, &half, place),
                )
            }
            None => {
                let [half, rest] = halves(training, place);
                (against_others(training, &fake), against_others(&half, &rest))
            }
        };
        [here.quotient(), real.quotient()]
    });
    let each: Vec<[f64; 2]> = each.collect();
    Ok(Novelty {
        score: Score::new(all.quotient(), n, draws, &each),
        training: all.training,
        beside: all.beside,
        has_held_out: sets.held_out.is_some(),
    })
}

struct Medians {
    training: f64,
    beside: f64,
}

impl Medians {
    fn quotient(&self) -> f64 {
        self.training / self.beside.max(f64::MIN_POSITIVE)
    }
}

/// Compares with as many training images as there are held-out ones: the more there are, the nearer
/// is the nearest.
fn against_held_out(training: &Features, held_out: &Features, fake: &Features, place: u64) -> Medians {
    let count = training.len().min(held_out.len());
    let some = |features: &Features| features.select(&drawn(features.len(), count, place));
    Medians {
        training: middle(nearest(fake, &some(training))),
        beside: middle(nearest(fake, &some(held_out))),
    }
}

fn against_others(training: &Features, fake: &Features) -> Medians {
    Medians {
        training: middle(nearest(fake, training)),
        beside: middle(nearest_other(training)),
    }
}

/// The median of at least one distance.
fn middle(mut distances: Vec<f64>) -> f64 {
    median(&mut distances).unwrap_or_default()
}

fn halves(features: &Features, place: u64) -> [Features; 2] {
    let order = drawn(features.len(), features.len(), place);
    let (one, other) = order.split_at(order.len() / 2);
    [one, other].map(|indices| features.select(indices))
}

fn drawn(len: usize, count: usize, place: u64) -> Vec<usize> {
    let mut order = shuffled(&mut rng(len as u64, Stream::Novelty, place), len);
    order.truncate(count);
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(from: f64, count: usize) -> Features {
        Features::new(1, (0..count).map(|place| from + place as f64).collect()).unwrap()
    }

    #[test]
    fn copies_are_0_and_images_like_held_out_ones_about_1() {
        let (training, held_out) = (grid(0.0, 100), grid(0.5, 100));
        let draws = Draws::new(100, 100, 5, 0);
        let of = |fake: &Features, held_out| {
            let sets = Comparison {
                real: &training,
                fake,
                training: None,
                held_out,
            };
            novelty(&sets, &draws).unwrap()
        };
        let copies = of(&training, Some(&held_out));
        assert_eq!(
            (copies.score.value, copies.beside, copies.has_held_out),
            (0.0, 0.5, true)
        );
        let between = of(&grid(0.25, 100), Some(&held_out));
        assert_eq!(between.score.value, 1.0);
        // Real images a step apart; these are half a step away.
        assert_eq!(of(&grid(0.5, 100), None).score.value, 0.5);
        assert_eq!(of(&training, None).score.value, 0.0);
    }
}
