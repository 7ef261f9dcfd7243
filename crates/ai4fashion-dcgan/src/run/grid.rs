//! Many pictures on one page.

use image::{Rgb, RgbImage};

/// Pictures in a row of a grid, as in the tutorial.
pub(crate) const COLUMNS: usize = 8;

/// Pixels between pictures, as in torchvision's `make_grid`.
const GAP: u32 = 2;
/// Grey, so that white pictures keep their edge.
const PAPER: Rgb<u8> = Rgb([208, 208, 208]);

/// Lays pictures out in rows of `columns`; all are taken to be as large as the first.
///
/// # Panics
/// If `columns` is 0.
#[must_use]
#[track_caller]
pub fn grid(pictures: &[RgbImage], columns: usize) -> RgbImage {
    assert!(columns > 0, "a grid has at least one column");
    let (width, height) = pictures.first().map_or((0, 0), RgbImage::dimensions);
    let across = columns.min(pictures.len()) as u32;
    let down = pictures.len().div_ceil(columns) as u32;
    let mut page = RgbImage::from_pixel(across * (width + GAP) + GAP, down * (height + GAP) + GAP, PAPER);
    for (place, picture) in pictures.iter().enumerate() {
        let column = (place % columns) as u32;
        let row = (place / columns) as u32;
        let (x, y) = (GAP + column * (width + GAP), GAP + row * (height + GAP));
        image::imageops::replace(&mut page, picture, x.into(), y.into());
    }
    page
}

/// Pictures with fewer pixels on a side than this are enlarged to be looked at.
const LEAST: u32 = 64;

/// `picture` enlarged by a whole factor if it is small; pixels stay sharp squares.
#[must_use]
pub(crate) fn visible(picture: &RgbImage) -> RgbImage {
    let (width, height) = picture.dimensions();
    let factor = LEAST / width.max(height).clamp(1, LEAST);
    image::imageops::resize(
        picture,
        width * factor,
        height * factor,
        image::imageops::FilterType::Nearest,
    )
}

/// The pictures on one page, large enough to be looked at.
pub(crate) fn page(pictures: &[RgbImage]) -> RgbImage {
    let visible: Vec<RgbImage> = pictures.iter().map(visible).collect();
    grid(&visible, COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_in_rows_with_gaps() {
        let pictures: Vec<_> = (1..=5_u8)
            .map(|i| RgbImage::from_pixel(4, 3, Rgb([i; 3])))
            .collect();
        let page = grid(&pictures, 3);
        assert_eq!(page.dimensions(), (2 + 3 * 6, 2 + 2 * 5));
        assert_eq!(page.get_pixel(2, 2).0, [1; 3]);
        assert_eq!(page.get_pixel(2 + 6, 2 + 5).0, [5; 3]);
        assert_eq!(page.get_pixel(2 + 12, 2 + 5), &PAPER);
    }

    #[test]
    fn small_pictures_are_enlarged_by_whole_factors() {
        for (size, expected) in [(8, 64), (20, 60), (64, 64), (128, 128)] {
            let picture = RgbImage::from_pixel(size, size, Rgb([7; 3]));
            assert_eq!(
                visible(&picture),
                RgbImage::from_pixel(expected, expected, Rgb([7; 3]))
            );
        }
    }

    #[test]
    fn grid_of_nothing_is_a_margin() {
        assert_eq!(grid(&[], 8).dimensions(), (2, 2));
    }
}
