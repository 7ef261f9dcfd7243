//! Many images on one page.

use image::{RgbImage, imageops};

/// Images in a row of a page, as in the tutorial.
pub(super) const COLUMNS: usize = 8;
/// Pixels between images, as in torchvision's `make_grid`.
const GAP: u32 = 2;
/// Grey, so that white images keep their edge.
const PAPER: u8 = 208;
/// Images with fewer pixels on a side are enlarged for a page.
const LEAST: u32 = 64;

/// Lays images out in rows of `columns`, with a margin; all are taken to be as large as the first.
///
/// ```
/// use ai4fashion_dcgan::{image::RgbImage, run::image_grid};
///
/// let page = image_grid(&vec![RgbImage::new(10, 10); 5], 3);
/// assert_eq!(page.dimensions(), (2 + 3 * 12, 2 + 2 * 12));
/// ```
///
/// # Panics
/// If `columns` is 0.
#[must_use]
#[track_caller]
pub fn image_grid(images: &[RgbImage], columns: usize) -> RgbImage {
    assert!(columns > 0, "a grid has at least one column");
    let (width, height) = images.first().map_or((0, 0), RgbImage::dimensions);
    let across = columns.min(images.len()) as u32;
    let down = images.len().div_ceil(columns) as u32;
    let mut page = RgbImage::new(across * (width + GAP) + GAP, down * (height + GAP) + GAP);
    page.fill(PAPER);
    for (place, image) in images.iter().enumerate() {
        let column = (place % columns) as u32;
        let row = (place / columns) as u32;
        let (x, y) = (GAP + column * (width + GAP), GAP + row * (height + GAP));
        imageops::replace(&mut page, image, x.into(), y.into());
    }
    page
}

/// Lays images out on one page, large enough to look at.
pub(super) fn image_page(images: &[RgbImage]) -> RgbImage {
    let enlarged: Vec<RgbImage> = images.iter().map(enlarged).collect();
    image_grid(&enlarged, COLUMNS)
}

/// `image` enlarged by a whole factor if it is small; pixels stay sharp squares.
fn enlarged(image: &RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let factor = LEAST / width.max(height).clamp(1, LEAST);
    RgbImage::from_fn(width * factor, height * factor, |x, y| {
        *image.get_pixel(x / factor, y / factor)
    })
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;

    #[test]
    fn images_are_laid_out_in_rows_with_gaps() {
        let images: Vec<_> = (1..=5_u8)
            .map(|i| RgbImage::from_pixel(4, 3, Rgb([i; 3])))
            .collect();
        let page = image_grid(&images, 3);
        assert_eq!(page.dimensions(), (2 + 3 * 6, 2 + 2 * 5));
        assert_eq!(page.get_pixel(2, 2).0, [1; 3]);
        assert_eq!(page.get_pixel(2 + 6, 2 + 5).0, [5; 3]);
        assert_eq!(page.get_pixel(2 + 12, 2 + 5).0, [PAPER; 3]);
    }

    #[test]
    fn small_images_are_enlarged_by_whole_factors() {
        for (size, expected) in [(8, 64), (20, 60), (64, 64), (128, 128)] {
            let image = RgbImage::from_pixel(size, size, Rgb([7; 3]));
            assert_eq!(
                enlarged(&image),
                RgbImage::from_pixel(expected, expected, Rgb([7; 3]))
            );
        }
    }

    #[test]
    fn grid_of_nothing_is_a_margin() {
        assert_eq!(image_grid(&[], 8).dimensions(), (2, 2));
    }
}
