//! Random numbers, keyed by seed, purpose and place.

use rand::{RngExt as _, SeedableRng, seq::SliceRandom as _};
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, StandardNormal};

/// The purpose of random numbers. Its values are fixed: the same seed must give the same scores.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    Patches = 1,
    PatchDirections = 2,
    Directions = 3,
    Draws = 4,
    Pairs = 5,
    Novelty = 6,
    Chosen = 7,
}

/// The random number generator of `seed` for one purpose at one place.
pub(crate) fn rng(seed: u64, stream: Stream, place: u64) -> ChaCha12Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
    key[16..24].copy_from_slice(&place.to_le_bytes());
    ChaCha12Rng::from_seed(key)
}

/// A direction of length 1, uniform on the sphere.
pub(crate) fn direction(rng: &mut ChaCha12Rng, dimensions: usize) -> Vec<f64> {
    let mut values: Vec<f64> = StandardNormal.sample_iter(rng).take(dimensions).collect();
    let length = values.iter().map(|value| value * value).sum::<f64>().sqrt();
    values.iter_mut().for_each(|value| *value /= length);
    values
}

/// The numbers below `len` in a random order.
pub(crate) fn shuffled(rng: &mut ChaCha12Rng, len: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..len).collect();
    order.shuffle(rng);
    order
}

/// A random number in `range`.
pub(crate) fn within(rng: &mut ChaCha12Rng, range: std::ops::Range<usize>) -> usize {
    rng.random_range(range)
}

/// Chooses at most `most` of `len` members at random, in ascending order.
///
/// ```
/// use ai4fashion_score::choose;
///
/// assert_eq!(choose(3, 10, 0), [0, 1, 2]);
/// assert_eq!(choose(1000, 10, 0).len(), 10);
/// ```
#[must_use]
pub fn choose(len: usize, most: usize, seed: u64) -> Vec<usize> {
    if len <= most {
        return (0..len).collect();
    }
    let mut chosen = shuffled(&mut rng(seed, Stream::Chosen, len as u64), len);
    chosen.truncate(most);
    chosen.sort_unstable();
    chosen
}
