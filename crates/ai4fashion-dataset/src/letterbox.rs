//! Pictures of any shape on a white square.

use image::{DynamicImage, Rgb, RgbImage};

use crate::{
    error::{Error, ErrorKind},
    scale::{Scaling, scale},
};

/// Puts `picture` in the middle of a white square of `size` pixels, as large as it fits without changing its
/// proportions. Smaller pictures are enlarged (Lanczos, 3 lobes, as larger ones are reduced); where an odd number of
/// pixels is left, the odd one is right or below.
///
/// # Errors
/// If the picture has no pixels, or `size` is 0.
pub fn letterbox(picture: &RgbImage, size: u32) -> Result<RgbImage, Error> {
    let fitted = fit(&DynamicImage::ImageRgb8(picture.clone()), size)?;
    Ok(pad(&fitted.into_rgb8(), size, [255; 3]))
}

/// The size that `width` x `height` has when its longer side is `size`; no side becomes 0.
pub(crate) fn fitted_size(width: u32, height: u32, size: u32) -> (u32, u32) {
    let longer = u64::from(width.max(height));
    let scaled = |side: u32| {
        let rounded = (u64::from(side) * u64::from(size) + longer / 2) / longer;
        u32::try_from(rounded).unwrap_or(size).clamp(1, size)
    };
    (scaled(width), scaled(height))
}

/// `picture` scaled so that its longer side is `size`; RGB stays RGB, RGBA stays RGBA.
pub(crate) fn fit(picture: &DynamicImage, size: u32) -> Result<DynamicImage, Error> {
    let (width, height) = (picture.width(), picture.height());
    if width == 0 || height == 0 || size == 0 {
        return Err(ErrorKind::Scale { width, height, size }.into());
    }
    let fitted = fitted_size(width, height, size);
    if fitted == (width, height) {
        Ok(picture.clone())
    } else {
        scale(picture, fitted, Scaling::Lanczos3)
    }
}

/// `picture`, no larger than `size`, in the middle of a square of colour `fill`.
pub(crate) fn pad(picture: &RgbImage, size: u32, fill: [u8; 3]) -> RgbImage {
    if picture.dimensions() == (size, size) {
        return picture.clone();
    }
    let row = |pixels: u32| pixels as usize * 3;
    let mut square = filled(size, fill);
    let left = row((size - picture.width()) / 2);
    let top = (size - picture.height()) as usize / 2;
    let rows = square.chunks_exact_mut(row(size)).skip(top);
    for (to, from) in rows.zip(picture.chunks_exact(row(picture.width()))) {
        to[left..left + from.len()].copy_from_slice(from);
    }
    square
}

/// A square of one colour; grey ones, such as white, are one run of bytes.
fn filled(size: u32, fill: [u8; 3]) -> RgbImage {
    if fill != [fill[0]; 3] {
        return RgbImage::from_pixel(size, size, Rgb(fill));
    }
    let mut square = RgbImage::new(size, size);
    square.fill(fill[0]);
    square
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{arbitrary_image, textured};
    use proptest::prelude::*;

    use super::*;

    const BLUE: Rgb<u8> = Rgb([0, 0, 200]);

    /// First and last column, first and last row that are not white.
    fn content(square: &RgbImage) -> [u32; 4] {
        let inked = || {
            square
                .enumerate_pixels()
                .filter(|(_, _, pixel)| pixel.0 != [255; 3])
        };
        let columns = || inked().map(|(x, _, _)| x);
        let rows = || inked().map(|(_, y, _)| y);
        [columns().min(), columns().max(), rows().min(), rows().max()].map(|edge| edge.unwrap())
    }

    #[test]
    fn tall_picture_has_white_left_and_right() {
        let square = letterbox(&RgbImage::from_pixel(60, 80, BLUE), 256).unwrap();
        assert_eq!(square.dimensions(), (256, 256));
        assert_eq!(content(&square), [32, 223, 0, 255]);
    }

    #[test]
    fn wide_picture_has_white_above_and_below() {
        let square = letterbox(&RgbImage::from_pixel(800, 600, BLUE), 256).unwrap();
        assert_eq!(content(&square), [0, 255, 32, 223]);
    }

    #[test]
    fn odd_pixel_of_padding_goes_right_and_below() {
        // 3 columns of 8 are left over: 1 left, 2 right.
        assert_eq!(
            content(&letterbox(&RgbImage::from_pixel(5, 8, BLUE), 8).unwrap()),
            [1, 5, 0, 7]
        );
        assert_eq!(
            content(&letterbox(&RgbImage::from_pixel(8, 5, BLUE), 8).unwrap()),
            [0, 7, 1, 5]
        );
    }

    #[test]
    fn picture_of_the_right_size_is_not_touched() {
        let picture = textured(64, 64);
        assert_eq!(letterbox(&picture, 64).unwrap(), picture);
    }

    #[test]
    fn line_of_pixels_does_not_vanish() {
        assert_eq!(fitted_size(10_000, 1, 256), (256, 1));
        assert_eq!(
            content(&letterbox(&RgbImage::from_pixel(4000, 2, BLUE), 16).unwrap())[..2],
            [0, 15]
        );
    }

    #[test]
    fn picture_without_pixels_is_refused() {
        let error = letterbox(&RgbImage::new(0, 5), 256).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Scale {
                    width: 0,
                    height: 5,
                    size: 256
                }
            ),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn content_fills_one_side_and_sits_in_the_middle(picture in arbitrary_image(1..=40, 1..=40), size in 1_u32..50) {
            let (width, height) = fitted_size(picture.width(), picture.height(), size);
            prop_assert!(width == size || height == size);
            let square = letterbox(&picture, size).unwrap();
            prop_assert_eq!(square.dimensions(), (size, size));
            let left = (size - width) / 2;
            for (x, _, pixel) in square.enumerate_pixels() {
                prop_assert!((left..left + width).contains(&x) || pixel.0 == [255; 3]);
            }
        }
    }
}
