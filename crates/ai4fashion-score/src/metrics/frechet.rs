//! The Fréchet distance.

use nalgebra::{DMatrix, DVector, SymmetricEigen};

use crate::{
    error::Error,
    features::{Features, check_count, check_dimensions},
};

/// The Fréchet distance of two normal distributions fitted to the features: `|m - m'|^2 + tr(C + C'
/// - 2 (C C')^(1/2))`.
///
/// With the features of Inception it is known as FID (M. Heusel et al., GANs Trained by a Two
/// Time-Scale Update Rule, 2017). 0 for equal sets; lower is better. It is biased: fewer rows give
/// a higher value, so it is compared with its floor at the same number of rows only.
///
/// # Errors
/// If the sets have fewer than two rows, or rows of different lengths.
pub fn frechet_distance(real: &Features, fake: &Features) -> Result<f64, Error> {
    check_dimensions(real, fake)?;
    check_count("real features", real.len(), 2)?;
    check_count("generated features", fake.len(), 2)?;
    let (mean, covariance) = moments(real);
    let (other_mean, other_covariance) = moments(fake);
    // The trace of the root of a product is that of the root of the symmetric R C' R, with R R = C.
    let root = root(covariance.clone());
    let inner = SymmetricEigen::new(symmetric(&root * &other_covariance * &root));
    let trace: f64 = inner.eigenvalues.iter().map(|value| value.max(0.0).sqrt()).sum();
    let apart = (mean - other_mean).norm_squared();
    Ok((apart + covariance.trace() + other_covariance.trace() - 2.0 * trace).max(0.0))
}

/// Mean and covariance (divided by `n - 1`).
fn moments(features: &Features) -> (DVector<f64>, DMatrix<f64>) {
    let rows = features.columns();
    let mean = rows.column_mean();
    let mut centered = rows.clone();
    centered.column_iter_mut().for_each(|mut row| row -= &mean);
    let covariance = &centered * centered.transpose() / (rows.ncols() as f64 - 1.0);
    (mean, covariance)
}

/// The root of a symmetric matrix without negative eigenvalues.
fn root(matrix: DMatrix<f64>) -> DMatrix<f64> {
    let eigen = SymmetricEigen::new(symmetric(matrix));
    let roots = eigen.eigenvalues.map(|value| value.max(0.0).sqrt());
    let vectors = &eigen.eigenvectors;
    vectors * DMatrix::from_diagonal(&roots) * vectors.transpose()
}

/// Rounding makes a product of matrices a little asymmetric.
fn symmetric(matrix: DMatrix<f64>) -> DMatrix<f64> {
    (&matrix + matrix.transpose()) * 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moved_and_scaled_normal_distributions_have_the_distance_of_the_formula() {
        // Four points with variances 4/3 and 12 (n - 1 = 3).
        let real = [[1.0, 3.0], [-1.0, 3.0], [1.0, -3.0], [-1.0, -3.0]];
        let rows = |scale: f64, shift: f64| {
            let values = real.iter().flatten().map(|value| scale * value + shift);
            Features::new(2, values.collect()).unwrap()
        };
        let distance = |scale, shift| frechet_distance(&rows(1.0, 0.0), &rows(scale, shift)).unwrap();
        assert!(distance(1.0, 0.0) < 1e-9);
        assert!((distance(1.0, 2.0) - 8.0).abs() < 1e-9);
        // tr(C + 4 C - 2 * 2 C) = tr C.
        assert!((distance(2.0, 0.0) - (4.0 / 3.0 + 12.0)).abs() < 1e-9);
    }
}
