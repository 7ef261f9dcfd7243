//! The distance of generated from real images, as a single number.

use image::{RgbImage, imageops};

use crate::random::{Stream, normal, rng};

/// Images are compared at this side length.
const SIDE: u32 = 16;
/// Number of random directions.
const DIRECTIONS: u64 = 128;

/// The sliced Wasserstein distance of sets of generated images from one set of real ones, by their
/// pixels, scaled to 16x16.
///
/// It is the mean over random directions of the distance between the sorted projections (N. Bonneel
/// et al., Sliced and Radon Wasserstein Barycenters of Measures, 2015; for generators T. Karras et
/// al., Progressive Growing of GANs, 2018, there on patches): 0 for equal sets, in units of a
/// pixel's range of 255 levels times the root of a direction's length; lower is better. It sees
/// colours and shapes, not sharpness.
pub(crate) struct SlicedDistance {
    slices: Vec<Slice>,
    count: usize,
}

/// A direction, and the projections of the real images on it.
struct Slice {
    direction: Vec<f32>,
    /// Sorted.
    real: Vec<f32>,
}

impl SlicedDistance {
    /// The distance from `real`.
    pub(crate) fn from_real(real: &[RgbImage]) -> Self {
        let points = points(real);
        let slices = (0..if real.is_empty() { 0 } else { DIRECTIONS }).map(|place| {
            let direction = direction(place, points[0].len());
            let real = projected(&points, &direction);
            Slice { direction, real }
        });
        Self {
            slices: slices.collect(),
            count: real.len(),
        }
    }

    /// The distance of as many of `fake` as there are real images; `None` if there are none, or
    /// fewer of `fake`.
    pub(crate) fn of(&self, fake: &[RgbImage]) -> Option<f32> {
        let fake = points(fake.get(..self.count).filter(|fake| !fake.is_empty())?);
        let distances = self.slices.iter().map(|Slice { direction, real }| {
            let fake = projected(&fake, direction);
            let apart = fake.iter().zip(real).map(|(a, b)| f64::from((a - b).abs()));
            apart.sum::<f64>() / self.count as f64
        });
        Some((distances.sum::<f64>() / DIRECTIONS as f64) as f32)
    }
}

/// A direction of length 1, the same in all runs, so that distances can be compared between runs.
fn direction(place: u64, dimensions: usize) -> Vec<f32> {
    let mut direction = normal(&mut rng(0, Stream::Distance, place), dimensions, 0.0, 1.0);
    let length = direction.iter().map(|x| x * x).sum::<f32>().sqrt();
    direction.iter_mut().for_each(|x| *x /= length);
    direction
}

fn points(images: &[RgbImage]) -> Vec<Vec<f32>> {
    let small = images
        .iter()
        .map(|image| imageops::resize(image, SIDE, SIDE, imageops::FilterType::Triangle));
    small
        .map(|image| {
            image
                .as_raw()
                .iter()
                .map(|byte| f32::from(*byte) / 255.0)
                .collect()
        })
        .collect()
}

fn projected(points: &[Vec<f32>], direction: &[f32]) -> Vec<f32> {
    let dot = |point: &Vec<f32>| point.iter().zip(direction).map(|(x, d)| x * d).sum();
    let mut projected: Vec<f32> = points.iter().map(dot).collect();
    projected.sort_unstable_by(f32::total_cmp);
    projected
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(levels: impl IntoIterator<Item = u8>) -> Vec<RgbImage> {
        let image = |level| RgbImage::from_fn(32, 32, |x, _| image::Rgb([level, x as u8 * 4, 90]));
        levels.into_iter().map(image).collect()
    }

    #[test]
    fn distance_is_0_for_equal_sets_in_any_order_and_grows_with_the_difference() {
        let real = levels([10, 60, 110, 160]);
        let distance = SlicedDistance::from_real(&real);
        let of = |fake: &[RgbImage]| distance.of(fake).unwrap();
        assert_eq!(of(&levels([160, 10, 110, 60])), 0.0);
        let (near, far) = (of(&levels([20, 70, 120, 170])), of(&levels([90, 140, 190, 240])));
        assert!(near > 0.0 && (far / near - 8.0).abs() < 0.1, "{near} {far}");
        // An equal mean is not enough.
        assert!(of(&levels([85; 4])) > near, "{}", of(&levels([85; 4])));
    }

    #[test]
    fn generated_images_beyond_the_number_of_real_ones_do_not_count() {
        let one = SlicedDistance::from_real(&levels([1]));
        assert_eq!(one.of(&levels([3, 200])), one.of(&levels([3])));
        assert!(one.of(&levels([3])) > Some(0.0));
        assert_eq!(one.of(&[]), None);
        assert_eq!(SlicedDistance::from_real(&[]).of(&levels([1])), None);
    }
}
