//! Images of any shape in a square.

use image::{DynamicImage, Rgb, RgbImage};

use crate::{
    eight_bits::eight_bits,
    error::{Error, ErrorKind},
    scale::{Scaling, scale},
};

/// Puts an image in the middle of a white square of `size` pixels, as large as it fits.
///
/// Proportions stay. Smaller images are enlarged, with the same Lanczos filter that reduces larger
/// ones. Where an odd number of pixels is left over, the odd one is right or below.
///
/// ```
/// use ai4fashion_image::{letterbox, image::{Rgb, RgbImage}};
///
/// let tall = RgbImage::from_pixel(60, 80, Rgb([0, 0, 200]));
/// let square = letterbox(&tall, 256)?;
/// assert_eq!(square.get_pixel(31, 128), &Rgb([255; 3])); // 32 columns of white on each side
/// assert_eq!(square.get_pixel(32, 128), &Rgb([0, 0, 200]));
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
///
/// # Errors
/// If the image has no pixels, or `size` is 0.
pub fn letterbox(image: &RgbImage, size: u32) -> Result<RgbImage, Error> {
    let fitted = fit(&DynamicImage::ImageRgb8(image.clone()), size)?;
    Ok(pad(&fitted.into_rgb8(), size, [255; 3]))
}

/// The size of a `width` x `height` image when its longer side is `size`; no side becomes 0.
fn fitted_size(width: u32, height: u32, size: u32) -> (u32, u32) {
    let longer = u64::from(width.max(height));
    let scaled = |side: u32| {
        let rounded = (u64::from(side) * u64::from(size) + longer / 2) / longer;
        u32::try_from(rounded).unwrap_or(size).clamp(1, size)
    };
    (scaled(width), scaled(height))
}

/// Scales an image so that its longer side is `size` pixels.
///
/// The result is RGBA of 8 bits if the image has alpha, else RGB of 8 bits.
///
/// ```
/// use ai4fashion_image::{fit, image::DynamicImage};
///
/// let fitted = fit(&DynamicImage::new_rgba8(600, 800), 256)?;
/// assert_eq!((fitted.width(), fitted.height()), (192, 256));
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
///
/// # Errors
/// If the image has no pixels, or `size` is 0.
pub fn fit(image: &DynamicImage, size: u32) -> Result<DynamicImage, Error> {
    let (width, height) = (image.width(), image.height());
    if width == 0 || height == 0 || size == 0 {
        return Err(ErrorKind::NoPixels { width, height, size }.into());
    }
    let fitted = fitted_size(width, height, size);
    if fitted == (width, height) {
        Ok(eight_bits(image.clone()))
    } else {
        scale(image, fitted, Scaling::Lanczos3)
    }
}

/// Puts an image, no larger than `size`, in the middle of a square of one colour, without scaling.
///
/// ```
/// use ai4fashion_image::{pad, image::{Rgb, RgbImage}};
///
/// let square = pad(&RgbImage::new(2, 4), 4, [128; 3]);
/// assert_eq!(square.get_pixel(0, 0), &Rgb([128; 3]));
/// assert_eq!(square.get_pixel(1, 0), &Rgb([0; 3]));
/// ```
///
/// # Panics
/// If a side of the image is larger than `size`.
#[must_use]
#[track_caller]
pub fn pad(image: &RgbImage, size: u32, fill: [u8; 3]) -> RgbImage {
    let (width, height) = image.dimensions();
    assert!(
        width.max(height) <= size,
        "an image of {width}x{height} does not fit into {size}x{size}"
    );
    if image.dimensions() == (size, size) {
        return image.clone();
    }
    if width == 0 {
        return filled(size, fill);
    }
    let row = |pixels: u32| pixels as usize * 3;
    let mut square = filled(size, fill);
    let left = row((size - width) / 2);
    let top = (size - height) as usize / 2;
    let rows = square.chunks_exact_mut(row(size)).skip(top);
    for (to, from) in rows.zip(image.chunks_exact(row(width))) {
        to[left..left + from.len()].copy_from_slice(from);
    }
    square
}

/// A square of one colour. A grey one, such as white, is one run of bytes.
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
    fn tall_image_has_white_left_and_right() {
        let square = letterbox(&RgbImage::from_pixel(60, 80, BLUE), 256).unwrap();
        assert_eq!(square.dimensions(), (256, 256));
        assert_eq!(content(&square), [32, 223, 0, 255]);
    }

    #[test]
    fn wide_image_has_white_above_and_below() {
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
    fn image_of_the_right_size_is_not_touched() {
        let image = textured(64, 64);
        assert_eq!(letterbox(&image, 64).unwrap(), image);
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
    fn image_of_any_pixel_type_is_fitted() {
        use image::ColorType::{Rgb8, Rgba8};
        for (image, expected) in [
            (DynamicImage::new_luma8(6, 8), Rgb8),
            (DynamicImage::new_rgb16(6, 8), Rgb8),
            (DynamicImage::new_luma_a8(6, 8), Rgba8),
            (DynamicImage::new_rgba32f(6, 8), Rgba8),
        ] {
            for (size, width) in [(4, 3), (8, 6)] {
                let fitted = fit(&image, size).unwrap();
                assert_eq!((fitted.width(), fitted.height()), (width, size));
                assert_eq!(fitted.color(), expected, "{:?}", image.color());
            }
        }
    }

    #[test]
    fn image_without_pixels_is_refused() {
        let error = letterbox(&RgbImage::new(0, 5), 256).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::NoPixels {
                    width: 0,
                    height: 5,
                    size: 256,
                    ..
                }
            ),
            "{error}"
        );
    }

    proptest! {
        #[test]
        fn content_fills_one_side_and_sits_in_the_middle(image in arbitrary_image(1..=40, 1..=40), size in 1_u32..50) {
            let (width, height) = fitted_size(image.width(), image.height(), size);
            prop_assert!(width == size || height == size);
            let square = letterbox(&image, size).unwrap();
            prop_assert_eq!(square.dimensions(), (size, size));
            let left = (size - width) / 2;
            for (x, _, pixel) in square.enumerate_pixels() {
                prop_assert!((left..left + width).contains(&x) || pixel.0 == [255; 3]);
            }
        }
    }
}
