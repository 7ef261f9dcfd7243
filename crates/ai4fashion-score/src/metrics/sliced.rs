//! Sliced Wasserstein distances.

use nalgebra::DMatrix;
use rayon::prelude::*;

use crate::{
    error::Error,
    features::{Features, check_count, check_dimensions},
    random::{Stream, direction, rng},
};

/// Random directions of [`sliced_distance`].
const DIRECTIONS: usize = 512;
/// Directions of a task.
const CHUNK: usize = 64;

/// The sliced Wasserstein distance of two sets of features: the mean over 512 random directions of
/// the distance between the projections (N. Bonneel et al., Sliced and Radon Wasserstein
/// Barycenters of Measures, 2015).
///
/// 0 for equal sets, in units of the features; lower is better.
///
/// # Errors
/// If a set is empty, or the rows have different lengths.
pub fn sliced_distance(real: &Features, fake: &Features) -> Result<f64, Error> {
    check_dimensions(real, fake)?;
    check_count("real features", real.len(), 1)?;
    check_count("generated features", fake.len(), 1)?;
    let chunks = (0..DIRECTIONS.div_ceil(CHUNK)).into_par_iter().map(|chunk| {
        let rows = directions(chunk, real.dimensions());
        let [real, fake] = [real, fake].map(|features| sorted(&rows, features));
        let pairs = real.iter().zip(&fake);
        pairs.map(|(real, fake)| between_sorted(real, fake)).sum::<f64>()
    });
    // Summed in order, so that the number of threads changes nothing.
    let chunks: Vec<f64> = chunks.collect();
    Ok(chunks.iter().sum::<f64>() / DIRECTIONS as f64)
}

/// Random directions, as rows.
fn directions(chunk: usize, dimensions: usize) -> DMatrix<f64> {
    let rows = (0..CHUNK).flat_map(|place| {
        let rng = &mut rng(0, Stream::Directions, (chunk * CHUNK + place) as u64);
        direction(rng, dimensions)
    });
    DMatrix::from_row_iterator(CHUNK, dimensions, rows)
}

/// The projections on each direction, sorted.
fn sorted(rows: &DMatrix<f64>, features: &Features) -> Vec<Vec<f64>> {
    let projections = rows * features.columns();
    let sorted = projections.row_iter().map(|row| {
        let mut values: Vec<f64> = row.iter().copied().collect();
        values.sort_unstable_by(f64::total_cmp);
        values
    });
    sorted.collect()
}

/// The Wasserstein distance of two sorted sets of numbers: the area between their distribution
/// functions. For sets of equal size it is the mean distance of the sorted numbers.
pub(crate) fn between_sorted<T: Copy + Into<f64>>(a: &[T], b: &[T]) -> f64 {
    let apart = |a: T, b: T| (a.into() - b.into()).abs();
    if a.len() == b.len() {
        return a.iter().zip(b).map(|(a, b)| apart(*a, *b)).sum::<f64>() / a.len() as f64;
    }
    // Quantiles are constant between multiples of 1 / a.len() and 1 / b.len().
    let (mut place, mut other, mut done, mut total) = (0, 0, 0.0, 0.0);
    while place < a.len() && other < b.len() {
        let next = [(place + 1) * b.len(), (other + 1) * a.len()];
        let until = next[0].min(next[1]) as f64 / (a.len() * b.len()) as f64;
        total += (until - done) * apart(a[place], b[other]);
        done = until;
        place += usize::from(next[0] <= next[1]);
        other += usize::from(next[1] <= next[0]);
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_unequal_count_are_compared_by_quantiles() {
        assert_eq!(between_sorted(&[0.0, 1.0], &[2.0, 4.0]), 2.5);
        // Each number twice changes nothing.
        let twice = [2.0, 2.0, 4.0, 4.0];
        assert!((between_sorted(&[0.0, 1.0], &twice) - 2.5).abs() < 1e-12);
        // A third each: 0-0, 0-3 and 3-3 in halves of it: 1/6 of the mass moves by 3.
        assert!((between_sorted(&[0.0, 3.0], &[0.0, 0.0, 3.0]) - 0.5).abs() < 1e-12);
    }

    #[test]
    fn distance_is_that_of_a_shift_and_0_for_equal_sets() {
        let rows = |shift: f64| {
            let values = (0..200).map(|place| (f64::from(place) * 0.9).sin() + shift);
            Features::new(1, values.collect()).unwrap()
        };
        assert_eq!(sliced_distance(&rows(0.0), &rows(0.0)).unwrap(), 0.0);
        assert!((sliced_distance(&rows(0.0), &rows(3.0)).unwrap() - 3.0).abs() < 1e-9);
    }
}
