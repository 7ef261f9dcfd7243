//! The kernel distance.

use crate::{
    error::Error,
    features::{Features, check_count, check_dimensions},
    metrics::blocks::products,
};

/// The unbiased estimate of the squared maximum mean discrepancy with the kernel `(x·y / d + 1)^3`:
/// the kernel Inception distance (M. Bińkowski et al., Demystifying MMD GANs, 2018), on any
/// features.
///
/// It is about 0 for samples of the same distribution, and may be a little below; lower is better.
/// It is the value for all rows, which `torch-fidelity` gives with subsets of that size; it does
/// not depend on the number of rows, apart from its noise.
///
/// # Errors
/// If the sets have fewer than two rows, or rows of different lengths.
pub fn kernel_distance(real: &Features, fake: &Features) -> Result<f64, Error> {
    check_dimensions(real, fake)?;
    check_count("real features", real.len(), 2)?;
    check_count("generated features", fake.len(), 2)?;
    Ok(within(real) + within(fake) - 2.0 * between(real, fake))
}

/// The mean kernel of all pairs of different rows.
fn within(rows: &Features) -> f64 {
    let scale = scale(rows);
    let diagonal: f64 = rows
        .columns()
        .column_iter()
        .map(|row| kernel(row.norm_squared(), scale))
        .sum();
    let count = rows.len() as f64;
    (sum(rows, rows) - diagonal) / (count * (count - 1.0))
}

/// The mean kernel of all pairs of a real and a generated row.
fn between(real: &Features, fake: &Features) -> f64 {
    sum(real, fake) / (real.len() as f64 * fake.len() as f64)
}

fn sum(a: &Features, b: &Features) -> f64 {
    let scale = scale(a);
    let of_block = products(a, b, |_, block| {
        block.iter().map(|product| kernel(*product, scale)).sum::<f64>()
    });
    of_block.into_iter().sum()
}

fn scale(rows: &Features) -> f64 {
    1.0 / rows.dimensions() as f64
}

fn kernel(product: f64, scale: f64) -> f64 {
    (product * scale + 1.0).powi(3)
}
