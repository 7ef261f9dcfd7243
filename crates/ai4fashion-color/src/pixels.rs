//! A borrowed picture, with or without alpha.

use palette::convert::IntoColorUnclamped;
use palette::{LinSrgb, Oklab, Srgb};

/// Smallest alpha that counts as garment: the half, as in colorthief.
const OPAQUE: u8 = 125;

/// Pixels of `CHANNELS` bytes, row by row: 3 for RGB, 4 for RGBA.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pixels<'a, const CHANNELS: usize> {
    bytes: &'a [[u8; CHANNELS]],
    width: usize,
    height: usize,
}

impl<'a, const CHANNELS: usize> Pixels<'a, CHANNELS> {
    /// `bytes` holds `width * height` pixels, as the buffers of `image` guarantee.
    pub(crate) fn new(bytes: &'a [u8], width: u32, height: u32) -> Self {
        const { assert!(CHANNELS == 3 || CHANNELS == 4) };
        let (pixels, _) = bytes.as_chunks();
        let (width, height) = (width as usize, height as usize);
        // A buffer may be larger than its picture.
        Self::of(&pixels[..width * height], width, height)
    }

    /// `bytes` holds `width * height` pixels.
    pub(crate) fn of(bytes: &'a [[u8; CHANNELS]], width: usize, height: usize) -> Self {
        Self { bytes, width, height }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn height(&self) -> usize {
        self.height
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// One pixel as it is.
    pub(crate) fn pixel(&self, place: usize) -> [u8; CHANNELS] {
        self.bytes[place]
    }

    /// The colour of one pixel, alpha left aside.
    pub(crate) fn rgb(&self, place: usize) -> [u8; 3] {
        let pixel = self.bytes[place];
        [pixel[0], pixel[1], pixel[2]]
    }

    /// Whether one pixel can be seen at all.
    pub(crate) fn is_opaque(&self, place: usize) -> bool {
        CHANNELS == 3 || self.bytes[place][CHANNELS - 1] >= OPAQUE
    }
}

/// Encoded sRGB bytes as Oklab: lightness 0 to 1, `a` and `b` within about 0.4 of zero.
pub(crate) fn oklab(rgb: [u8; 3]) -> Oklab {
    let linear: LinSrgb = Srgb::from(rgb).into_linear();
    linear.into_color_unclamped()
}
