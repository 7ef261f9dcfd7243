//! Images with alpha on white paper.

use image::{DynamicImage, RgbImage};

use crate::eight_bits::eight_bits;

/// Blends an image of any pixel type over white and drops its alpha.
///
/// More than 8 bits are rounded to 8 before.
///
/// ```
/// use ai4fashion_image::{flatten_on_white, image::{DynamicImage, Rgb}};
///
/// let transparent = DynamicImage::new_luma_a16(2, 2);
/// assert_eq!(flatten_on_white(transparent).get_pixel(0, 0), &Rgb([255; 3]));
/// ```
#[must_use]
pub fn flatten_on_white(image: DynamicImage) -> RgbImage {
    let rgba = match eight_bits(image) {
        DynamicImage::ImageRgba8(rgba) => rgba,
        opaque => return opaque.into_rgb8(),
    };
    let mut rgb = RgbImage::new(rgba.width(), rgba.height());
    for (to, from) in rgb.pixels_mut().zip(rgba.pixels()) {
        to.0 = on_white(from.0);
    }
    rgb
}

/// A pixel over white.
pub(crate) fn on_white([color @ .., alpha]: [u8; 4]) -> [u8; 3] {
    color.map(|component| blend(component, alpha))
}

/// `color` at `alpha` over white, rounded.
fn blend(color: u8, alpha: u8) -> u8 {
    let (color, alpha) = (u32::from(color), u32::from(alpha));
    ((color * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}
