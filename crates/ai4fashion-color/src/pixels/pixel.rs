//! A pixel of a sample.

/// Smallest alpha that counts as opaque: colorthief's, about a half.
const OPAQUE: u8 = 125;

/// Red, green, blue, and 255; all 0 where the image is transparent.
pub(crate) type Pixel = [u8; 4];

pub(crate) const TRANSPARENT: Pixel = [0; 4];

/// Returns a pixel of an image with alpha.
pub(crate) fn with_alpha([r, g, b, alpha]: [u8; 4]) -> Pixel {
    if alpha >= OPAQUE {
        [r, g, b, u8::MAX]
    } else {
        TRANSPARENT
    }
}

/// Returns `true` unless a pixel is transparent.
pub(crate) fn is_opaque(pixel: Pixel) -> bool {
    pixel[3] != 0
}

/// Returns a pixel's colour.
pub(crate) fn rgb([r, g, b, _]: Pixel) -> [u8; 3] {
    [r, g, b]
}
