//! A borrowed picture.

use image::{RgbImage, RgbaImage};

use crate::error::{Error, ErrorKind};

/// A picture in somebody else's memory: encoded sRGB, 8 bits a component, row by row from the top.
///
/// ```
/// use ai4fashion_color::{ColorClassifier, PictureView, Workspace};
///
/// // Two rows of a camera's buffer whose rows are 16 bytes apart.
/// let buffer = [40_u8; 32];
/// let view = PictureView::rgb(&buffer, 5, 2, 16)?;
/// let found = ColorClassifier::default().classify_with(&mut Workspace::new(), view);
/// assert_eq!(found.name().name(), "black");
/// # Ok::<(), ai4fashion_color::Error>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct PictureView<'a> {
    bytes: &'a [u8],
    width: u32,
    height: u32,
    stride: usize,
    channels: Channels,
}

/// How a pixel is stored.
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

impl<'a> PictureView<'a> {
    /// A picture of 3 bytes a pixel, whose rows begin `stride` bytes apart.
    ///
    /// # Errors
    /// If the stride is less than a row, or the bytes are fewer than the picture takes. More are left aside.
    pub fn rgb(bytes: &'a [u8], width: u32, height: u32, stride: usize) -> Result<Self, Error> {
        Self::checked(bytes, width, height, stride, Channels::Rgb)
    }

    /// A picture of 4 bytes a pixel, the last of them alpha, whose rows begin `stride` bytes apart.
    ///
    /// # Errors
    /// If the stride is less than a row, or the bytes are fewer than the picture takes. More are left aside.
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
        // The last row may end where its pixels do.
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

    /// Pixels of a row.
    #[must_use]
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(&self) -> u32 {
        self.height
    }

    pub(crate) fn channels(&self) -> Channels {
        self.channels
    }

    /// The bytes of a row's pixels, and nothing behind them; of a picture that has pixels.
    pub(crate) fn row(&self, y: usize) -> &'a [u8] {
        let start = y * self.stride;
        &self.bytes[start..start + self.width as usize * self.channels.bytes()]
    }
}

impl<'a> From<&'a RgbImage> for PictureView<'a> {
    fn from(picture: &'a RgbImage) -> Self {
        Self {
            bytes: picture.as_raw(),
            width: picture.width(),
            height: picture.height(),
            stride: picture.width() as usize * 3,
            channels: Channels::Rgb,
        }
    }
}

impl<'a> From<&'a RgbaImage> for PictureView<'a> {
    fn from(picture: &'a RgbaImage) -> Self {
        Self {
            bytes: picture.as_raw(),
            width: picture.width(),
            height: picture.height(),
            stride: picture.width() as usize * 4,
            channels: Channels::Rgba,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_a_stride_apart() {
        let bytes: Vec<u8> = (0..17).collect();
        let view = PictureView::rgb(&bytes, 2, 2, 11).unwrap();
        assert_eq!(
            [view.row(0), view.row(1)],
            [[0, 1, 2, 3, 4, 5], [11, 12, 13, 14, 15, 16]]
        );
    }

    #[test]
    fn stride_less_than_a_row_is_refused_with_both() {
        assert!(PictureView::rgba(&[0; 64], 4, 4, 16).is_ok());
        let err = PictureView::rgba(&[0; 64], 4, 4, 15).unwrap_err();
        assert_eq!(err.kind(), &ErrorKind::Stride { stride: 15, row: 16 });
        assert_eq!(err.to_string(), "stride 15 is less than the 16 bytes of a row");
    }

    #[test]
    fn buffer_that_is_too_short_is_refused_with_both() {
        assert!(PictureView::rgb(&[0; 34], 4, 3, 11).is_err());
        assert!(PictureView::rgb(&[0; 36], 4, 3, 12).is_ok());
        let err = PictureView::rgb(&[0; 35], 4, 3, 12).unwrap_err();
        let (length, needed) = (35, 36);
        assert_eq!(err.kind(), &ErrorKind::Length { length, needed });
        assert_eq!(
            err.to_string(),
            "buffer of 35 bytes is shorter than the 36 that the picture takes"
        );
    }

    #[test]
    fn sides_that_no_buffer_has_are_refused_and_empty_ones_take_nothing() {
        let all = u32::MAX;
        assert!(PictureView::rgba(&[], all, all, usize::MAX).is_err());
        for (width, height) in [(0, 0), (0, 9), (9, 0)] {
            assert!(
                PictureView::rgb(&[], width, height, 27).is_ok(),
                "{width}x{height}"
            );
        }
    }
}
