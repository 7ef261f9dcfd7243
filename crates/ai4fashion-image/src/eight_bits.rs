//! The two pixel types that this crate works on.

use image::DynamicImage;

/// Converts an image to RGB of 8 bits, or to RGBA of 8 bits if it has alpha.
pub(crate) fn eight_bits(image: DynamicImage) -> DynamicImage {
    if image.color().has_alpha() {
        DynamicImage::ImageRgba8(image.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(image.into_rgb8())
    }
}
