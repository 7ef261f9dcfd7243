//! The multi-scale structural similarity.

use image::RgbImage;
use pulp::Arch;

use crate::metrics::pyramid::{CHANNELS, Planes};

/// Exponents of the scales (Z. Wang et al., Multi-scale Structural Similarity for Image Quality
/// Assessment, 2003).
const WEIGHTS: [f64; 5] = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];
/// Side and standard deviation of the window.
const WINDOW: (usize, f64) = (11, 1.5);
/// `(0.01 * 255)^2` and `(0.03 * 255)^2`.
const C1: f64 = 2.55 * 2.55;
const C2: f64 = 7.65 * 7.65;

/// The multi-scale structural similarity of two images of equal size, 0 to 1, 1 for equal images.
///
/// Its mean over pairs of generated images tells how alike they are (A. Odena et al., Conditional
/// Image Synthesis with Auxiliary Classifier GANs, 2017): above that of real images, diversity is
/// missing. It is computed as in the Progressive GAN and MMGeneration: on 8-bit RGB values, with
/// smaller windows where an image is smaller than 11 pixels.
///
/// # Panics
/// If the sizes differ, or a side is smaller than 16 pixels.
#[must_use]
pub fn ms_ssim(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions(), "sizes of the images");
    assert!(a.width().min(a.height()) >= 16, "images are smaller than 16x16");
    let [mut a, mut b] = [a, b].map(Planes::of);
    let mut total = 1.0;
    for (scale, weight) in WEIGHTS.into_iter().enumerate() {
        let (similarity, contrast) = similarity(&a, &b);
        let is_last = scale + 1 == WEIGHTS.len();
        total *= (if is_last { similarity } else { contrast })
            .max(0.0)
            .powf(weight);
        if !is_last {
            [a, b] = [halved(&a), halved(&b)];
        }
    }
    total
}

/// The mean structural similarity, and the mean of its part for contrast and structure.
fn similarity(a: &Planes, b: &Planes) -> (f64, f64) {
    let size = WINDOW.0.min(a.width).min(a.height);
    let window = gaussian(size, size as f64 * WINDOW.1 / WINDOW.0 as f64);
    let (mut similarity, mut contrast, mut count) = (0.0, 0.0, 0);
    for channel in 0..CHANNELS {
        let planes = [a, b].map(|planes| planes.plane(channel));
        let sums = Arch::new().dispatch(
            #[inline(always)]
            || of_channel(planes, a.width, &window),
        );
        similarity += sums.0;
        contrast += sums.1;
        count += (a.width - size + 1) * (a.height - size + 1);
    }
    (similarity / count as f64, contrast / count as f64)
}

/// The sums of both, in one channel.
#[inline(always)]
fn of_channel(planes: [&[f32]; 2], width: usize, window: &[f64]) -> (f64, f64) {
    let [x, y] = planes.map(|plane| plane.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>());
    let pairs = x.iter().zip(&y);
    let squares: Vec<f64> = pairs.clone().map(|(x, y)| x * x + y * y).collect();
    let products: Vec<f64> = pairs.map(|(x, y)| x * y).collect();
    let (mx, my, squares, products) = (
        convolved(&x, width, window),
        convolved(&y, width, window),
        convolved(&squares, width, window),
        convolved(&products, width, window),
    );
    let (mut similarity, mut contrast) = (0.0, 0.0);
    for at in 0..mx.len() {
        let (of_squares, of_product) = (mx[at] * mx[at] + my[at] * my[at], mx[at] * my[at]);
        let part = (2.0 * (products[at] - of_product) + C2) / (squares[at] - of_squares + C2);
        contrast += part;
        similarity += (2.0 * of_product + C1) / (of_squares + C1) * part;
    }
    (similarity, contrast)
}

/// A window of weights that sum to 1.
fn gaussian(size: usize, deviation: f64) -> Vec<f64> {
    let middle = (size as f64 - 1.0) / 2.0;
    let weight = |place: usize| (-(place as f64 - middle).powi(2) / (2.0 * deviation * deviation)).exp();
    let weights: Vec<f64> = (0..size).map(weight).collect();
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// Weighted means of all places where the window fits, of rows of `width` values.
#[inline(always)]
fn convolved(values: &[f64], width: usize, window: &[f64]) -> Vec<f64> {
    let (fits, height) = (width - window.len() + 1, values.len() / width);
    let mut across = vec![0.0; fits * height];
    for (sums, row) in across.chunks_exact_mut(fits).zip(values.chunks_exact(width)) {
        for (tap, weight) in window.iter().enumerate() {
            add(sums, &row[tap..tap + fits], *weight);
        }
    }
    let mut means = vec![0.0; fits * (height - window.len() + 1)];
    for (y, means) in means.chunks_exact_mut(fits).enumerate() {
        for (tap, weight) in window.iter().enumerate() {
            add(means, &across[(y + tap) * fits..][..fits], *weight);
        }
    }
    means
}

/// Adds values times a weight.
#[inline(always)]
fn add(sums: &mut [f64], values: &[f64], weight: f64) {
    let pairs = sums.iter_mut().zip(values);
    pairs.for_each(|(sum, value)| *sum += weight * value);
}

/// The means of 2x2 pixels.
fn halved(planes: &Planes) -> Planes {
    let (width, height) = (planes.width / 2, planes.height / 2);
    let mut values = Vec::with_capacity(CHANNELS * width * height);
    for channel in 0..CHANNELS {
        let plane = planes.plane(channel);
        for y in 0..height {
            let rows = [0, 1].map(|row| &plane[(2 * y + row) * planes.width..]);
            values.extend((0..width).map(|x| {
                let sum: f32 = rows.iter().map(|row| row[2 * x] + row[2 * x + 1]).sum();
                sum * 0.25
            }));
        }
    }
    Planes {
        width,
        height,
        values,
    }
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn equal_images_are_1_apart_from_nothing_and_others_less() {
        let stripes = RgbImage::from_fn(64, 64, |x, _| Rgb([(x * 4) as u8, 90, (x % 8 * 30) as u8]));
        assert!((ms_ssim(&stripes, &stripes) - 1.0).abs() < 1e-9);
        let mut other = stripes.clone();
        image::imageops::flip_horizontal_in_place(&mut other);
        let found = ms_ssim(&stripes, &other);
        assert!((0.0..0.7).contains(&found), "{found}");
    }
}
