//! Repeated draws: the floor of a score and its spread.

use rayon::prelude::*;
use serde::Serialize;

use crate::{
    error::Error,
    random::{Stream, rng, shuffled},
};

/// A score with what is needed to read it.
///
/// `value` is of all images. `floor` is what the same score gives for real images beside other real
/// ones: no generator can be expected to do better. It is the mean over random halves of the real
/// images, of `draw_n` images each. As many scores depend on the number of images, `draw_value` is
/// the mean over draws of as many generated images: it is what `floor` is compared with. `spread`
/// is the standard deviation over these draws.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Score {
    /// The score of all images.
    pub value: f64,
    /// The number of images on the smaller side.
    pub n: usize,
    /// The score of real beside real images, of `draw_n` images on each side.
    pub floor: f64,
    /// The standard deviation of the score over draws of `draw_n` images.
    pub spread: f64,
    /// The mean of the score over draws of `draw_n` images.
    pub draw_value: f64,
    /// The number of images of a draw, on each side.
    pub draw_n: usize,
}

impl Score {
    /// Sums up: the value of all `n` images, and for each draw its score and its floor.
    pub(crate) fn new(value: f64, n: usize, draws: &Draws, scores: &[[f64; 2]]) -> Self {
        let count = scores.len() as f64;
        let mean = |side: usize| scores.iter().map(|draw| draw[side]).sum::<f64>() / count;
        let draw_value = mean(0);
        let squares = scores.iter().map(|draw| (draw[0] - draw_value).powi(2));
        let spread = (squares.sum::<f64>() / (count - 1.0).max(1.0)).sqrt();
        Self {
            value,
            n,
            floor: mean(1),
            spread,
            draw_value,
            draw_n: draws.size,
        }
    }
}

/// Random parts of the sets.
pub(crate) struct Draws {
    /// Images of each part.
    pub(crate) size: usize,
    pub(crate) all: Vec<Draw>,
}

/// Indices of images.
pub(crate) struct Draw {
    /// Real images.
    pub(crate) real: Vec<usize>,
    /// Other real images.
    pub(crate) other: Vec<usize>,
    /// Generated images.
    pub(crate) fake: Vec<usize>,
}

impl Draws {
    /// Draws `count` times two halves of the real images and as many generated ones.
    pub(crate) fn new(real: usize, fake: usize, count: usize, seed: u64) -> Self {
        let size = (real / 2).min(fake);
        let all = (0..count as u64).map(|place| {
            let rng = &mut rng(seed, Stream::Draws, place);
            let mut order = shuffled(rng, real);
            let other = order.split_off(real - size);
            order.truncate(size);
            let mut generated = shuffled(rng, fake);
            generated.truncate(size);
            Draw {
                real: order,
                other,
                fake: generated,
            }
        });
        let all = all.collect();
        Self { size, all }
    }

    /// Computes scores of each draw, in parallel.
    pub(crate) fn map<T: Send>(
        &self,
        score: impl Fn(&Draw) -> Result<T, Error> + Send + Sync,
    ) -> Result<Vec<T>, Error> {
        self.all.par_iter().map(score).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn halves_of_the_real_images_are_disjoint() {
        for (real, fake, size) in [(9, 4, 4), (9, 3, 3), (8, 100, 4)] {
            let draws = Draws::new(real, fake, 3, 1);
            assert_eq!((draws.size, draws.all.len()), (size, 3));
            for draw in &draws.all {
                let both: BTreeSet<usize> = draw.real.iter().chain(&draw.other).copied().collect();
                assert_eq!(both.len(), 2 * size);
                assert!(both.iter().all(|index| *index < real));
                assert_eq!(draw.fake.iter().collect::<BTreeSet<_>>().len(), size);
            }
            assert_ne!(draws.all[0].real, draws.all[1].real);
        }
    }

    #[test]
    fn score_is_summed_up() {
        let draws = Draws::new(8, 4, 2, 0);
        let score = Score::new(5.0, 4, &draws, &[[4.0, 1.0], [8.0, 3.0]]);
        assert_eq!((score.value, score.draw_value, score.floor), (5.0, 6.0, 2.0));
        assert!((score.spread - 8.0_f64.sqrt()).abs() < 1e-12);
    }
}
