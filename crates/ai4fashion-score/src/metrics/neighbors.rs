//! Nearest neighbours among features.

use crate::{
    error::Error,
    features::{Features, check_count, check_dimensions},
    metrics::blocks::distances,
};

/// How well generated features cover real ones, and vice versa.
///
/// Precision and recall: T. Kynkäänniemi et al., Improved Precision and Recall Metric for Assessing
/// Generative Models, 2019; density and coverage: M. F. Naeem et al., Reliable Fidelity and
/// Diversity Metrics for Generative Models, 2020. All are higher for better images.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct PrecisionRecall {
    /// Fraction of generated rows within the neighbourhood of a real one, 0 to 1.
    pub precision: f64,
    /// Fraction of real rows within the neighbourhood of a generated one, 0 to 1.
    pub recall: f64,
    /// Mean number of real neighbourhoods that a generated row is in, divided by `k`; about 1 for
    /// equal distributions.
    pub density: f64,
    /// Fraction of real rows with a generated one in their neighbourhood, 0 to 1.
    pub coverage: f64,
}

/// Computes precision, recall, density and coverage, with neighbourhoods that reach to the `k`-th
/// nearest row of the same set.
///
/// It gives the values of the Python package `prdc`.
///
/// # Errors
/// If a set has not more than `k` rows, or the rows have different lengths.
///
/// # Panics
/// If `k` is 0.
pub fn precision_recall(real: &Features, fake: &Features, k: usize) -> Result<PrecisionRecall, Error> {
    assert!(k > 0, "no neighbour");
    check_dimensions(real, fake)?;
    check_count("real features", real.len(), k + 1)?;
    check_count("generated features", fake.len(), k + 1)?;
    let (of_real, of_fake) = (radii(real, k), radii(fake, k));
    // A block: whether each generated row is within a neighbourhood, in how many, and for each real
    // row whether a generated one reaches it and how near the nearest is.
    let blocks = distances(real, fake, |first, block| {
        let (mut inside, mut number) = (0_usize, 0_usize);
        let mut is_reached = vec![false; real.len()];
        let mut nearest = vec![f64::INFINITY; real.len()];
        for (place, column) in block.column_iter().enumerate() {
            let reach = of_fake[first + place];
            let mut count = 0;
            for (row, distance) in column.iter().enumerate() {
                count += usize::from(*distance < of_real[row]);
                is_reached[row] |= *distance < reach;
                nearest[row] = nearest[row].min(*distance);
            }
            number += count;
            inside += usize::from(count > 0);
        }
        (inside, number, is_reached, nearest)
    });
    let inside: usize = blocks.iter().map(|block| block.0).sum();
    let number: usize = blocks.iter().map(|block| block.1).sum();
    let fraction = |is: &dyn Fn(usize) -> bool| {
        let count = (0..real.len()).filter(|row| is(*row)).count();
        count as f64 / real.len() as f64
    };
    Ok(PrecisionRecall {
        precision: inside as f64 / fake.len() as f64,
        recall: fraction(&|row| blocks.iter().any(|block| block.2[row])),
        density: number as f64 / (k * fake.len()) as f64,
        coverage: fraction(&|row| blocks.iter().any(|block| block.3[row] < of_real[row])),
    })
}

/// The distance of each row from the `k`-th nearest other row.
fn radii(rows: &Features, k: usize) -> Vec<f64> {
    let blocks = distances(rows, rows, |first, mut block| {
        let columns = block.column_iter_mut().enumerate();
        let radii = columns.map(|(place, mut column)| {
            // Rounding could make it more.
            column[first + place] = 0.0;
            let (_, radius, _) = column.as_mut_slice().select_nth_unstable_by(k, f64::total_cmp);
            *radius
        });
        radii.collect::<Vec<f64>>()
    });
    blocks.concat()
}

/// The distance of each row of `from` from the nearest row of `to`.
pub(crate) fn nearest(from: &Features, to: &Features) -> Vec<f64> {
    let blocks = distances(to, from, |_, block| {
        block
            .column_iter()
            .map(|column| column.iter().copied().fold(f64::INFINITY, f64::min))
            .collect::<Vec<f64>>()
    });
    blocks.concat()
}

/// The distance of each row from the nearest other row.
pub(crate) fn nearest_other(rows: &Features) -> Vec<f64> {
    radii(rows, 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[f64]) -> Features {
        Features::new(1, values.to_vec()).unwrap()
    }

    #[test]
    fn neighbourhoods_on_a_line() {
        // Radii of the real rows with k = 1: 1, 1, 2, 2.
        let real = line(&[0.0, 1.0, 10.0, 12.0]);
        // 0.5 is in two neighbourhoods, 11 in two, 20 and 21 in none. Radii: 10.5, 9, 1, 1.
        let fake = line(&[0.5, 11.0, 20.0, 21.0]);
        let found = precision_recall(&real, &fake, 1).unwrap();
        assert_eq!((found.precision, found.density), (0.5, 1.0));
        assert_eq!((found.recall, found.coverage), (1.0, 1.0));
        assert_eq!(nearest(&fake, &real), [0.5, 1.0, 8.0, 9.0]);
        assert_eq!(nearest_other(&real), [1.0, 1.0, 2.0, 2.0]);
        assert!(precision_recall(&real, &fake, 4).is_err());
    }
}
