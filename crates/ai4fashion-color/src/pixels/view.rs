//! A borrowed image.

use image::{RgbImage, RgbaImage};

use crate::error::{Error, ErrorKind};
use crate::pixels::pixel::{Pixel, with_alpha};

/// An image borrowed from memory: encoded sRGB, 8 bits per channel, row by row from the top.
///
/// `&RgbImage` and `&RgbaImage` convert into it, so that the classifier takes them as they are. For
/// any other buffer use [`rgb`](Self::rgb) or [`rgba`](Self::rgba).
///
/// ```
/// use ai4fashion_color::{BasicColor, ColorClassifier, ImageView};
///
/// // A frame buffer of 5x2 pixels whose rows start 16 bytes apart.
/// let buffer = [40_u8; 32];
/// let view = ImageView::rgb(&buffer, 5, 2, 16)?;
/// assert_eq!((view.width(), view.height()), (5, 2));
/// assert_eq!(ColorClassifier::default().classify(view).name(), BasicColor::Black);
/// # Ok::<(), ai4fashion_color::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct ImageView<'a> {
    bytes: &'a [u8],
    width: u32,
    height: u32,
    stride: usize,
    channels: Channels,
}

/// Channels of a pixel, in the order they are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Channels {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue, alpha (not premultiplied).
    Rgba,
}

impl Channels {
    const fn bytes(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

impl<'a> ImageView<'a> {
    /// Borrows an image of 3 bytes per pixel: red, green, blue. Rows start `stride` bytes apart.
    ///
    /// Bytes after the last row are ignored.
    ///
    /// ```
    /// use ai4fashion_color::ImageView;
    ///
    /// let buffer = [255_u8; 27];
    /// assert!(ImageView::rgb(&buffer, 3, 3, 9).is_ok());
    /// let error = ImageView::rgb(&buffer, 3, 4, 9).unwrap_err();
    /// assert_eq!(error.to_string(), "buffer has 27 bytes, the image needs 36");
    /// ```
    ///
    /// # Errors
    /// If the stride is shorter than a row, or the buffer is shorter than the image.
    pub fn rgb(bytes: &'a [u8], width: u32, height: u32, stride: usize) -> Result<Self, Error> {
        Self::checked(bytes, width, height, stride, Channels::Rgb)
    }

    /// Borrows an image of 4 bytes per pixel: red, green, blue, alpha. Rows start `stride` bytes
    /// apart.
    ///
    /// Pixels with an alpha below 125 are background. Bytes after the last row are ignored.
    ///
    /// ```
    /// use ai4fashion_color::{BasicColor, ColorClassifier, ImageView};
    ///
    /// // Blue pixels between two transparent columns.
    /// let row = [[0; 4], [20, 60, 200, 255], [20, 60, 200, 255], [0; 4]].concat();
    /// let buffer = row.repeat(4);
    /// let found = ColorClassifier::default().classify(ImageView::rgba(&buffer, 4, 4, 16)?);
    /// assert_eq!(found.name(), BasicColor::Blue);
    /// assert_eq!(found.garment_fraction(), 0.5);
    /// # Ok::<(), ai4fashion_color::Error>(())
    /// ```
    ///
    /// # Errors
    /// If the stride is shorter than a row, or the buffer is shorter than the image.
    pub fn rgba(bytes: &'a [u8], width: u32, height: u32, stride: usize) -> Result<Self, Error> {
        Self::checked(bytes, width, height, stride, Channels::Rgba)
    }

    fn checked(
        bytes: &'a [u8],
        width: u32,
        height: u32,
        stride: usize,
        channels: Channels,
    ) -> Result<Self, Error> {
        let row = (width as usize).saturating_mul(channels.bytes());
        if stride < row {
            return Err(Error::new(ErrorKind::Stride { stride, row }));
        }
        // The last row may end with its pixels instead of a whole stride.
        let needed = if row == 0 || height == 0 {
            0
        } else {
            stride.saturating_mul(height as usize - 1).saturating_add(row)
        };
        if bytes.len() < needed {
            let length = bytes.len();
            return Err(Error::new(ErrorKind::Length { length, needed }));
        }
        Ok(Self {
            bytes,
            width,
            height,
            stride,
            channels,
        })
    }

    /// Returns the width in pixels.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Returns the height in pixels.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    /// Returns a rectangle of the image, which must be within it.
    pub(crate) fn crop(&self, left: usize, top: usize, width: usize, height: usize) -> Self {
        let start = top * self.stride + left * self.channels.bytes();
        Self {
            bytes: self.bytes.get(start..).unwrap_or_default(),
            width: width as u32,
            height: height as u32,
            ..*self
        }
    }

    /// Returns a pixel as a sample has it.
    pub(crate) fn pixel(&self, x: usize, y: usize) -> Pixel {
        let row = self.row(y);
        match self.channels {
            Channels::Rgb => [row[3 * x], row[3 * x + 1], row[3 * x + 2], u8::MAX],
            Channels::Rgba => with_alpha([row[4 * x], row[4 * x + 1], row[4 * x + 2], row[4 * x + 3]]),
        }
    }

    pub(crate) fn channels(&self) -> Channels {
        self.channels
    }

    /// Returns `true` if pixels have 4 bytes, the last of which is alpha; else they have 3.
    #[must_use]
    pub fn has_alpha(&self) -> bool {
        self.channels == Channels::Rgba
    }

    /// Returns the bytes of row `y` without its padding, 3 or 4 a pixel.
    ///
    /// ```
    /// use ai4fashion_color::ImageView;
    ///
    /// let buffer = [1, 2, 3, 0, 4, 5, 6, 0];
    /// let image = ImageView::rgb(&buffer, 1, 2, 4)?;
    /// assert_eq!((image.row(1), image.has_alpha()), (&[4, 5, 6][..], false));
    /// # Ok::<(), ai4fashion_color::Error>(())
    /// ```
    ///
    /// # Panics
    /// If the image has pixels and no such row.
    #[must_use]
    #[track_caller]
    pub fn row(&self, y: usize) -> &'a [u8] {
        if self.width == 0 {
            return &[];
        }
        let start = y * self.stride;
        &self.bytes[start..start + self.width as usize * self.channels.bytes()]
    }
}

impl<'a> From<&'a RgbImage> for ImageView<'a> {
    fn from(image: &'a RgbImage) -> Self {
        Self {
            bytes: image.as_raw(),
            width: image.width(),
            height: image.height(),
            stride: image.width() as usize * 3,
            channels: Channels::Rgb,
        }
    }
}

impl<'a> From<&'a RgbaImage> for ImageView<'a> {
    fn from(image: &'a RgbaImage) -> Self {
        Self {
            bytes: image.as_raw(),
            width: image.width(),
            height: image.height(),
            stride: image.width() as usize * 4,
            channels: Channels::Rgba,
        }
    }
}

/// Lets a slice of views be classified like a slice of images.
impl<'a, 'b: 'a> From<&'a ImageView<'b>> for ImageView<'a> {
    fn from(view: &'a ImageView<'b>) -> Self {
        *view
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_a_stride_apart() {
        let bytes: Vec<u8> = (0..17).collect();
        let view = ImageView::rgb(&bytes, 2, 2, 11).unwrap();
        assert_eq!(
            [view.row(0), view.row(1)],
            [[0, 1, 2, 3, 4, 5], [11, 12, 13, 14, 15, 16]]
        );
    }

    #[test]
    fn stride_shorter_than_a_row_is_refused_with_both() {
        assert!(ImageView::rgba(&[0; 64], 4, 4, 16).is_ok());
        let err = ImageView::rgba(&[0; 64], 4, 4, 15).unwrap_err();
        assert_eq!(err.kind(), &ErrorKind::Stride { stride: 15, row: 16 });
        assert_eq!(err.to_string(), "stride is 15 bytes, a row needs 16");
    }

    #[test]
    fn buffer_that_is_too_short_is_refused_with_both() {
        assert!(ImageView::rgb(&[0; 34], 4, 3, 11).is_err());
        assert!(ImageView::rgb(&[0; 36], 4, 3, 12).is_ok());
        let err = ImageView::rgb(&[0; 35], 4, 3, 12).unwrap_err();
        let (length, needed) = (35, 36);
        assert_eq!(err.kind(), &ErrorKind::Length { length, needed });
        assert_eq!(err.to_string(), "buffer has 35 bytes, the image needs 36");
    }

    #[test]
    fn size_that_no_buffer_has_is_refused_and_an_empty_one_needs_nothing() {
        let all = u32::MAX;
        assert!(ImageView::rgba(&[], all, all, usize::MAX).is_err());
        for (width, height) in [(0, 0), (0, 9), (9, 0)] {
            assert!(ImageView::rgb(&[], width, height, 27).is_ok(), "{width}x{height}");
        }
    }
}
