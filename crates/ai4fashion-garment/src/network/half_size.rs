//! An image as one of half the size shows it.

use crate::network::feature_map::FeatureMap;

/// Values of a pixel.
const VALUES: usize = 4;

/// Makes `image` smaller by the mean of each four pixels, and larger again by linear interpolation;
/// `half` is a buffer of half its height and width.
pub(crate) fn coarsen(image: &mut FeatureMap, half: &mut FeatureMap) {
    let [height, width] = [half.height(), half.width()];
    for y in 0..height {
        let [upper, lower] = [image.row(2 * y), image.row(2 * y + 1)];
        let [upper, lower] = [upper, lower].map(|row| row.as_chunks::<{ 2 * VALUES }>().0);
        let pixels = half.row_mut(y).as_chunks_mut::<VALUES>().0;
        for ((pixel, upper), lower) in pixels.iter_mut().zip(upper).zip(lower) {
            for (at, value) in pixel.iter_mut().enumerate() {
                let sum = upper[at] + upper[at + VALUES] + lower[at] + lower[at + VALUES];
                *value = (sum + 2) / 4;
            }
        }
    }
    for y in 0..2 * height {
        let rows = nearest(y, height).map(|row| half.row(row).as_chunks::<VALUES>().0);
        let pixels = image.row_mut(y).as_chunks_mut::<VALUES>().0;
        for (x, pixel) in pixels.iter_mut().enumerate() {
            let [near, far] = nearest(x, width);
            for (at, value) in pixel.iter_mut().enumerate() {
                let row = |row: usize| 3 * rows[row][near][at] + rows[row][far][at];
                *value = (3 * row(0) + row(1) + 8) / 16;
            }
        }
    }
}

/// The two places of the half that are nearest to a place, the nearest first, of which there are
/// `count`.
fn nearest(place: usize, count: usize) -> [usize; 2] {
    let nearest = place / 2;
    let other = if place.is_multiple_of(2) {
        nearest.saturating_sub(1)
    } else {
        (nearest + 1).min(count - 1)
    };
    [nearest, other]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An image of one value of each pixel, and the other values zero.
    fn image(values: &[[i16; 4]; 4]) -> FeatureMap {
        let mut image = FeatureMap::new([4, 4], 3);
        for (y, row) in values.iter().enumerate() {
            for (pixel, value) in image.row_mut(y).chunks_exact_mut(VALUES).zip(row) {
                pixel[1] = *value;
            }
        }
        image
    }

    fn coarse(values: &[[i16; 4]; 4]) -> Vec<i16> {
        let (mut image, mut half) = (image(values), FeatureMap::new([2, 2], 3));
        coarsen(&mut image, &mut half);
        let rows = (0..4).flat_map(|y| image.row(y).chunks_exact(VALUES));
        let pixels: Vec<&[i16]> = rows.collect();
        assert!(pixels.iter().all(|it| [it[0], it[2], it[3]] == [0; 3]));
        pixels.iter().map(|pixel| pixel[1]).collect()
    }

    #[test]
    fn means_are_interpolated() {
        assert_eq!(coarse(&[[200; 4]; 4]), [200; 16]);
        // Means 0 and 160, and half of each below.
        let values = [[0, 0, 160, 160], [0, 0, 160, 160], [0, 0, 80, 80], [0, 0, 80, 80]];
        let row = |right: i16| [0, right / 4, 3 * right / 4, right];
        assert_eq!(coarse(&values), [row(160), row(140), row(100), row(80)].concat());
        // Four pixels are told from their mean alone.
        let dots = [[255, 0, 0, 0], [0, 1, 0, 0], [0; 4], [0; 4]];
        assert_eq!(coarse(&dots)[0], 64);
    }
}
