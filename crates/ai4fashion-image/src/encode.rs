//! Images to the bytes of a file.

use std::io::Cursor;

use image::{ImageFormat, RgbImage};
use libjpeg_turbo_rs::{PixelFormat, Subsampling, compress};

use crate::error::{Error, ErrorKind};

/// Encodes an image as PNG, without loss.
///
/// ```
/// use ai4fashion_image::{Limits, decode, encode_png, image::RgbImage};
///
/// let image = RgbImage::new(8, 6);
/// let bytes = encode_png(&image)?;
/// assert_eq!(decode(&bytes, &Limits::default())?.into_rgb8(), image);
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
///
/// # Errors
/// If the image has no pixels.
pub fn encode_png(image: &RgbImage) -> Result<Vec<u8>, Error> {
    let mut bytes = Cursor::new(Vec::new());
    image
        .write_to(&mut bytes, ImageFormat::Png)
        .map_err(|source| ErrorKind::Encode {
            source: source.into(),
        })?;
    Ok(bytes.into_inner())
}

/// Encodes an image as JPEG of a quality from 1 to 100.
///
/// Colour is stored at half the resolution (4:2:0), as Pillow saves by default.
///
/// ```
/// use ai4fashion_image::{encode_jpeg, image::RgbImage};
///
/// let image = RgbImage::new(64, 64);
/// let [small, large] = [encode_jpeg(&image, 50)?, encode_jpeg(&image, 100)?];
/// assert!(small.len() <= large.len());
/// assert!(encode_jpeg(&image, 0).is_err());
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
///
/// # Errors
/// If the image has no pixels or more than 65,535 on a side, or `quality` is outside its interval.
pub fn encode_jpeg(image: &RgbImage, quality: u8) -> Result<Vec<u8>, Error> {
    if !(1..=100).contains(&quality) {
        return Err(ErrorKind::Setting {
            option: "quality",
            value: quality.to_string(),
            legal: "[1, 100]".to_owned(),
        }
        .into());
    }
    let (width, height) = (image.width() as usize, image.height() as usize);
    compress(
        image.as_raw(),
        width,
        height,
        PixelFormat::Rgb,
        quality,
        Subsampling::S420,
    )
    .map_err(|source| {
        ErrorKind::Encode {
            source: source.into(),
        }
        .into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jpeg_quality_outside_its_interval_is_refused() {
        let image = RgbImage::new(8, 8);
        for quality in [0, 101, 255] {
            let error = encode_jpeg(&image, quality).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Setting { .. }), "{error}");
        }
        assert!(encode_jpeg(&image, 1).is_ok() && encode_jpeg(&image, 100).is_ok());
    }

    #[test]
    fn image_without_pixels_cannot_be_encoded() {
        let empty = RgbImage::new(0, 3);
        assert!(encode_png(&empty).is_err() && encode_jpeg(&empty, 90).is_err());
    }
}
