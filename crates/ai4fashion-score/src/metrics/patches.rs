//! The sliced Wasserstein distance of image patches.

use image::RgbImage;
use nalgebra::{DMatrix, DMatrixView};
use rayon::prelude::*;

use crate::{
    draws::Draw,
    error::Error,
    images::check_images,
    metrics::bins::Bins,
    metrics::pyramid::{CHANNELS, LEAST, Planes, laplacian_pyramid},
    random::{Stream, direction, rng, within},
};

/// Side of a patch in pixels.
const PATCH: usize = 7;
/// Patches of an image on each level.
const PATCHES: usize = 128;
/// Values of a patch.
const VALUES: usize = CHANNELS * PATCH * PATCH;
/// Random directions, four times 128 as in the recipe.
const DIRECTIONS: usize = 512;
/// Directions of a task.
const CHUNK: usize = 64;
/// Tasks whose directions draws use, all of them the same.
const CHUNKS_OF_DRAWS: usize = 1;
/// Patches that are projected at once: few enough for a product on one thread, since each thread
/// has directions of its own.
const BLOCK: usize = 128;
/// Patches that a thread sums up in single precision before it goes on in double.
const SUMMED: usize = 2048;
/// The unit of the recipe.
const SCALE: f64 = 1000.0;

/// The sliced Wasserstein distance of image patches, level by level of the Laplacian pyramid: the
/// score of the Progressive GAN (T. Karras et al., Progressive Growing of GANs, 2018, section 5).
///
/// The recipe is that of MMGeneration 0.7: levels down to 16 pixels, 128 patches of 7x7 pixels of
/// each image, normalized channel by channel in each set, 512 random directions, times 1000. The
/// more images, the lower its floor. As the sets are normalized apart, it sees structure and
/// contrast, not a common shift of colour.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct PatchDistance {
    /// The side of each level in pixels, with its distance.
    pub levels: Vec<(usize, f64)>,
}

impl PatchDistance {
    /// The mean of all levels; 0 for equal patches, lower is better.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.levels.iter().map(|(_, distance)| distance).sum::<f64>() / self.levels.len() as f64
    }
}

/// Computes the sliced Wasserstein distance of the patches of two sets of images of equal size.
///
/// # Errors
/// If a set is empty, or an image is smaller than 16x16 or differs in size from the first.
pub fn patch_distance(real: &[RgbImage], fake: &[RgbImage]) -> Result<PatchDistance, Error> {
    check_images([real, fake], 1, LEAST)?;
    Ok(patch_distances([real, fake], &[]).0)
}

/// The distance of all patches; and for each draw the mean distance of its generated from its real
/// images, and of its other real images from these.
///
/// All draws use the same directions, an eighth of all.
pub(crate) fn patch_distances(
    [real, fake]: [&[RgbImage]; 2],
    draws: &[Draw],
) -> (PatchDistance, Vec<[f64; 2]>) {
    let [real, fake] = [(real, 0), (fake, 1)].map(|(images, set)| pyramids(images, set));
    let mut levels = Vec::new();
    let mut of_draws = vec![[0.0; 2]; draws.len()];
    for level in 0..real.first().map_or(0, |patches| patches.levels.len()) {
        let [real_patches, fake_patches] = [&real, &fake].map(|images| Patches::of(images, level));
        let (distance, each) = distances(level, &real_patches, &fake_patches, draws);
        levels.push((real_patches.side, distance));
        for (sum, found) in of_draws.iter_mut().zip(each) {
            (0..2).for_each(|side| sum[side] += found[side]);
        }
    }
    let count = levels.len().max(1) as f64;
    of_draws.iter_mut().flatten().for_each(|sum| *sum /= count);
    (PatchDistance { levels }, of_draws)
}

/// The pyramid of an image, and where its patches are on each level.
struct ImagePatches {
    levels: Vec<(Planes, Vec<[usize; 2]>)>,
}

/// Builds the pyramids of a set of images; its number decides on the places of the patches.
fn pyramids(images: &[RgbImage], set: u64) -> Vec<ImagePatches> {
    let images = images.par_iter().enumerate().map(|(image, pixels)| {
        let levels = laplacian_pyramid(pixels).into_iter().enumerate();
        let levels = levels.map(|(level, planes)| {
            let rng = &mut rng(0, Stream::Patches, (image * 4 + level) as u64 * 2 + set);
            let mut place = || [planes.width, planes.height].map(|side| within(rng, 0..side - PATCH + 1));
            let places = (0..PATCHES).map(|_| place()).collect();
            (planes, places)
        });
        ImagePatches {
            levels: levels.collect(),
        }
    });
    images.collect()
}

/// The patches of all images on one level.
struct Patches {
    side: usize,
    /// `[images * patches, values]`, patch by patch.
    values: Vec<f32>,
}

impl Patches {
    /// Cuts the patches out and normalizes them.
    fn of(images: &[ImagePatches], level: usize) -> Self {
        let mut values = vec![0.0; images.len() * PATCHES * VALUES];
        let of_images = values.par_chunks_exact_mut(PATCHES * VALUES).zip(images);
        of_images.for_each(|(patches, image)| {
            let (planes, places) = &image.levels[level];
            for (patch, place) in patches.chunks_exact_mut(VALUES).zip(places) {
                cut(planes, *place, patch);
            }
        });
        normalize(&mut values);
        let side = images[0].levels[level].0.width;
        Self { side, values }
    }

    /// The projections of all patches on each direction.
    fn project(&self, directions: &DMatrix<f32>) -> Vec<Vec<f32>> {
        let count = self.values.len() / VALUES;
        let mut projections = vec![Vec::with_capacity(count); directions.ncols()];
        for values in self.values.chunks(BLOCK * VALUES) {
            let rows = DMatrixView::from_slice_with_strides(values, values.len() / VALUES, VALUES, VALUES, 1);
            let block = rows * directions;
            for (projections, column) in projections.iter_mut().zip(block.column_iter()) {
                projections.extend_from_slice(column.as_slice());
            }
        }
        projections
    }
}

/// Copies a patch: channel by channel, row by row.
fn cut(planes: &Planes, [left, top]: [usize; 2], patch: &mut [f32]) {
    for (row, values) in patch.chunks_exact_mut(PATCH).enumerate() {
        let (channel, y) = (row / PATCH, top + row % PATCH);
        let from = y * planes.width + left;
        values.copy_from_slice(&planes.plane(channel)[from..from + PATCH]);
    }
}

/// The distance on a level, and those of each draw.
fn distances(level: usize, real: &Patches, fake: &Patches, draws: &[Draw]) -> (f64, Vec<[f64; 2]>) {
    let chunks = (0..DIRECTIONS / CHUNK).into_par_iter().map(|chunk| {
        let directions = directions((chunk * 4 + level) as u64);
        let [real, fake] = [real, fake].map(|patches| patches.project(&directions));
        let draws = if chunk < CHUNKS_OF_DRAWS { draws } else { &[] };
        let mut bins = Bins::new();
        let mut sums = vec![0.0; 1 + 2 * draws.len()];
        for (real, fake) in real.iter().zip(&fake) {
            sums[0] += bins.distance(real, fake);
            for (draw, pair) in draws.iter().zip(sums[1..].chunks_exact_mut(2)) {
                let one = of_images(real, &draw.real);
                pair[0] += bins.distance(&one, &of_images(fake, &draw.fake));
                pair[1] += bins.distance(&one, &of_images(real, &draw.other));
            }
        }
        sums
    });
    // Summed in order, so that the number of threads changes nothing.
    let chunks: Vec<Vec<f64>> = chunks.collect();
    let mean = |place: usize, chunks: &[Vec<f64>]| {
        let sum: f64 = chunks.iter().map(|sums| sums[place]).sum();
        SCALE * sum / (chunks.len() * CHUNK) as f64
    };
    let some = &chunks[..CHUNKS_OF_DRAWS];
    let each = (0..draws.len()).map(|draw| [1, 2].map(|side| mean(2 * draw + side, some)));
    (mean(0, &chunks), each.collect())
}

/// The projections of the patches of some images.
fn of_images(projections: &[f32], images: &[usize]) -> Vec<f32> {
    let of_image = |image: &usize| &projections[image * PATCHES..][..PATCHES];
    images.iter().flat_map(of_image).copied().collect()
}

/// Brings each channel to mean 0 and standard deviation 1 over all patches; an even channel to 0.
fn normalize(patches: &mut [f32]) {
    let of_channel = VALUES / CHANNELS;
    let sums = patches.par_chunks(VALUES * SUMMED).map(|patches| {
        let mut sums = [[0.0; 2]; CHANNELS];
        for (values, channel) in patches.chunks_exact(of_channel).zip((0..CHANNELS).cycle()) {
            // Few enough for single precision.
            let (sum, squares) = values.iter().fold((0.0_f32, 0.0_f32), |(sum, squares), value| {
                (sum + value, squares + value * value)
            });
            sums[channel][0] += f64::from(sum);
            sums[channel][1] += f64::from(squares);
        }
        sums
    });
    // Summed in order, so that the number of threads changes nothing.
    let sums: Vec<[[f64; 2]; CHANNELS]> = sums.collect();
    let count = (patches.len() / CHANNELS) as f64;
    let moments: [[f32; 2]; CHANNELS] = std::array::from_fn(|channel| {
        let mean = |side: usize| sums.iter().map(|sums| sums[channel][side]).sum::<f64>() / count;
        let deviation = (mean(1) - mean(0) * mean(0)).max(0.0).sqrt();
        let factor = if deviation > 1e-6 { 1.0 / deviation } else { 0.0 };
        [mean(0) as f32, factor as f32]
    });
    patches.par_chunks_mut(VALUES).for_each(|patch| {
        for (values, [mean, factor]) in patch.chunks_exact_mut(of_channel).zip(moments) {
            values
                .iter_mut()
                .for_each(|value| *value = (*value - mean) * factor);
        }
    });
}

/// Random directions, as columns.
fn directions(place: u64) -> DMatrix<f32> {
    let columns = (0..CHUNK as u64)
        .flat_map(|number| direction(&mut rng(number, Stream::PatchDirections, place), VALUES));
    DMatrix::from_iterator(VALUES, CHUNK, columns.map(|value| value as f32))
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    fn noise(count: usize, contrast: i32, seed: u32) -> Vec<RgbImage> {
        let image = |image: u32| {
            RgbImage::from_fn(32, 32, |x, y| {
                let mixed = (x * 7919 + y * 104_729 + (image + seed) * 1_299_709).wrapping_mul(2_654_435_761);
                let value = 128 + (mixed >> 20) as i32 % 100 * contrast / 100;
                Rgb([value as u8, (value / 2) as u8, 90])
            })
        };
        (0..count as u32).map(image).collect()
    }

    #[test]
    fn more_different_patches_are_further_apart() {
        let real = noise(20, 60, 0);
        let of = |fake: &[RgbImage]| patch_distance(&real, fake).unwrap();
        assert_eq!(
            of(&real).levels.iter().map(|level| level.0).collect::<Vec<_>>(),
            [32, 16]
        );
        let other = of(&noise(20, 60, 1000)).mean();
        let blurred: Vec<RgbImage> = real.iter().map(|it| image::imageops::blur(it, 1.5)).collect();
        assert!(
            of(&blurred).mean() > 4.0 * other,
            "{other} {}",
            of(&blurred).mean()
        );
    }

    #[test]
    fn draws_compare_some_of_the_images() {
        let images = noise(12, 60, 0);
        let blurred: Vec<RgbImage> = images.iter().map(|it| image::imageops::blur(it, 1.5)).collect();
        let draw = |real: [usize; 3], other: [usize; 3]| Draw {
            real: real.into(),
            other: other.into(),
            fake: vec![0, 1, 2],
        };
        let draws = [draw([0, 1, 2], [0, 1, 2]), draw([3, 4, 5], [6, 7, 8])];
        let (_, each) = patch_distances([&images, &blurred], &draws);
        // The same images are no distance apart, others some, and blurred ones more.
        assert_eq!(each[0][1], 0.0);
        assert!(each[1][1] > 0.0);
        assert!(each.iter().all(|[fake, _]| *fake > 1.5 * each[1][1]), "{each:?}");
    }
}
