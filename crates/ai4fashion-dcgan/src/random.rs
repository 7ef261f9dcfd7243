//! Random numbers, keyed by seed, purpose and place: none depends on those before it, and a run can
//! be resumed anywhere.

use rand::SeedableRng;
use rand_chacha::ChaCha12Rng;
use rand_distr::{Distribution, StandardNormal};

/// The purpose of random numbers. Its values are part of the format: the same seed must give the
/// same run.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stream {
    GeneratorWeights = 1,
    DiscriminatorWeights = 2,
    Order = 3,
    Noise = 4,
    FixedNoise = 5,
    Generate = 6,
    AugmentReal = 7,
    AugmentFake = 8,
    AugmentAgain = 9,
    Penalty = 10,
    Distance = 11,
    PenaltyFake = 12,
    AugmentRealAgain = 13,
}

/// The random number generator of `seed` for one purpose at one place (a layer, an epoch, a step,
/// an image).
pub(crate) fn rng(seed: u64, stream: Stream, place: u64) -> ChaCha12Rng {
    let mut key = [0; 32];
    key[..8].copy_from_slice(&seed.to_le_bytes());
    key[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
    key[16..24].copy_from_slice(&place.to_le_bytes());
    ChaCha12Rng::from_seed(key)
}

/// `len` values of N(`mean`, `deviation`).
pub(crate) fn normal(rng: &mut ChaCha12Rng, len: usize, mean: f32, deviation: f32) -> Vec<f32> {
    let values = StandardNormal.sample_iter(rng).take(len);
    values.map(|value: f32| mean + deviation * value).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_depend_on_seed_stream_and_place_only() {
        let numbers = |seed, stream, place| normal(&mut rng(seed, stream, place), 4, 0.0, 1.0);
        let first = numbers(1, Stream::Noise, 7);
        assert_eq!(first, numbers(1, Stream::Noise, 7));
        assert_ne!(first, numbers(2, Stream::Noise, 7));
        assert_ne!(first, numbers(1, Stream::Order, 7));
        assert_ne!(first, numbers(1, Stream::Noise, 8));
    }

    #[test]
    fn normal_values_have_the_mean_and_deviation_asked_for() {
        let values = normal(&mut rng(3, Stream::GeneratorWeights, 0), 100_000, 1.0, 0.02);
        let mean = values.iter().sum::<f32>() / 1e5;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / 1e5;
        assert!((mean - 1.0).abs() < 3e-4, "{mean}");
        assert!((variance.sqrt() - 0.02).abs() < 3e-4, "{}", variance.sqrt());
    }
}
