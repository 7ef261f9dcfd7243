//! Files to images, with limits, so that no file can harm a run.
//!
//! 1. The first bytes tell the format, not the name.
//! 2. Limits on pixels and on memory are checked from the header, before memory is taken.
//! 3. The orientation is applied, wherever it stands, and a colour profile is converted to sRGB.
//!    Grey, palette, 16-bit and CMYK images become 8-bit RGB, with alpha where the file has it. An
//!    animation gives its first frame.
//! 4. A JPEG whose data end before its last row is an error: decoders fill the rest in silence.
//! 5. A panic of a decoder is an error of that image.

mod damage;
mod demand;
mod frames;
mod jpeg;
mod limits;
mod orientation;
mod other;
mod profile;

use std::{
    cell::Cell,
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::{DynamicImage, ImageFormat, RgbImage};

use demand::{Admit, Task};
pub use limits::Limits;
pub use profile::ColorProfile;

use crate::{
    eight_bits::eight_bits,
    error::{Error, ErrorKind},
    flatten::{flatten_on_white, on_white},
};

/// An image that was decoded, upright, with what its file said of it.
#[derive(Clone, Debug)]
pub struct DecodedImage {
    /// RGB or RGBA of 8 bits; upright.
    image: DynamicImage,
    width: u32,
    height: u32,
    orientation: u8,
    profile: ColorProfile,
}

/// An image as it lies in the file.
struct Decoded {
    image: DynamicImage,
    profile: ColorProfile,
    /// Width and height in the file.
    encoded: (u32, u32),
}

impl DecodedImage {
    /// Width in pixels in the file, before orientation is applied.
    #[must_use]
    pub fn encoded_width(&self) -> u32 {
        self.width
    }

    /// Height in pixels in the file, before orientation is applied.
    #[must_use]
    pub fn encoded_height(&self) -> u32 {
        self.height
    }

    /// The orientation that was applied, as EXIF counts them, 1 to 8; 1 is upright.
    #[must_use]
    pub fn orientation(&self) -> u8 {
        self.orientation
    }

    /// What the file says of its colours; they are sRGB now.
    #[must_use]
    pub fn color_profile(&self) -> &ColorProfile {
        &self.profile
    }

    /// The upright image, RGB or RGBA of 8 bits.
    #[must_use]
    pub fn image(&self) -> &DynamicImage {
        &self.image
    }

    /// BLAKE3 of width, height and pixels of the upright image on white.
    ///
    /// Images that look the same have the same hash, whatever their files are:
    ///
    /// ```
    /// use ai4fashion_image::{Limits, decode, encode_png, image::RgbImage};
    ///
    /// let bytes = encode_png(&RgbImage::new(4, 4))?;
    /// let mut longer = bytes.clone();
    /// longer.extend(b"bytes behind the image");
    /// let [a, b] = [&bytes, &longer].map(|bytes| decode(bytes, &Limits::default()));
    /// assert_eq!(a?.pixels_blake3(), b?.pixels_blake3());
    /// # Ok::<(), ai4fashion_image::Error>(())
    /// ```
    #[must_use]
    pub fn pixels_blake3(&self) -> [u8; 32] {
        let mut hash = blake3::Hasher::new();
        hash.update(&self.image.width().to_le_bytes());
        hash.update(&self.image.height().to_le_bytes());
        match &self.image {
            DynamicImage::ImageRgb8(rgb) => {
                hash.update(rgb.as_raw());
            }
            // Row by row: a copy would be as large as the image.
            DynamicImage::ImageRgba8(rgba) => {
                for row in rgba.rows() {
                    let row: Vec<u8> = row.flat_map(|pixel| on_white(pixel.0)).collect();
                    hash.update(&row);
                }
            }
            other => {
                hash.update(flatten_on_white(other.clone()).as_raw());
            }
        }
        hash.finalize().into()
    }

    /// The upright image on white, without alpha.
    #[must_use]
    pub fn into_rgb8(self) -> RgbImage {
        flatten_on_white(self.image)
    }
}

/// Decodes the bytes of an image file: JPEG, PNG, WebP, BMP or GIF.
///
/// ```
/// use ai4fashion_image::{ErrorKind, Limits, decode};
///
/// let error = decode(b"<html>404 Not Found</html>", &Limits::default()).unwrap_err();
/// assert!(matches!(error.kind(), ErrorKind::NotAnImage));
/// ```
///
/// # Errors
/// If the bytes are not an image, or the image is damaged, cut off, not supported, or over the
/// limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    guarded(bytes, limits, None, Box::new(|_| ()))
}

/// Decodes an image that is to be scaled down, at no less than `size` pixels of its longer side.
///
/// A large JPEG comes at the half, the quarter or the eighth of its size, which takes a fifth of
/// the time. Other formats, and smaller images, come as from [`decode`].
///
/// ```
/// use ai4fashion_image::{Limits, decode_at_least, encode_jpeg, image::RgbImage};
///
/// let bytes = encode_jpeg(&RgbImage::new(1200, 1600), 90)?;
/// let decoded = decode_at_least(&bytes, 384, &Limits::default())?;
/// assert_eq!((decoded.image().width(), decoded.image().height()), (300, 400));
/// assert_eq!((decoded.encoded_width(), decoded.encoded_height()), (1200, 1600));
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
///
/// # Errors
/// As [`decode`].
pub fn decode_at_least(bytes: &[u8], size: u32, limits: &Limits) -> Result<DecodedImage, Error> {
    guarded(bytes, limits, Some(size), Box::new(|_| ()))
}

/// Decodes an image when there is memory for it, as [`decode`], or with a size as
/// [`decode_at_least`].
///
/// `admit` is called with the bytes that decoding will take at most, after the limits are checked
/// and before they are taken; it may wait, for instance for a [`MemoryBudget`]. They are enough for
/// one image that is made of the result by [`fit`](crate::fit()), or by
/// [`into_rgb8`](DecodedImage::into_rgb8), besides what this one takes.
///
/// [`MemoryBudget`]: crate::MemoryBudget
///
/// # Errors
/// As [`decode`].
pub fn decode_admitted(
    bytes: &[u8],
    at_least: Option<u32>,
    limits: &Limits,
    admit: impl FnOnce(u64),
) -> Result<DecodedImage, Error> {
    guarded(bytes, limits, at_least, Box::new(admit))
}

fn guarded<'a>(
    bytes: &'a [u8],
    limits: &'a Limits,
    at_least: Option<u32>,
    admit: Admit<'a>,
) -> Result<DecodedImage, Error> {
    let run = || decode_checked(bytes, limits, at_least, admit);
    catch_unwind(AssertUnwindSafe(run)).unwrap_or_else(|_| Err(ErrorKind::DecoderPanicked.into()))
}

/// Reads and decodes an image file.
///
/// # Errors
/// If the file cannot be read, or as [`decode`]; the error names the file.
pub fn decode_file(path: impl AsRef<Path>, limits: &Limits) -> Result<DecodedImage, Error> {
    let path = path.as_ref();
    read_file(path, limits)
        .and_then(|bytes| decode(&bytes, limits))
        .map_err(|error| error.in_file(path))
}

/// Reads a whole file within the limit on bytes.
///
/// # Errors
/// If the file is empty, too large, not a regular file, or cannot be read.
pub fn read_file(path: impl AsRef<Path>, limits: &Limits) -> Result<Vec<u8>, Error> {
    let path = path.as_ref();
    let metadata = fs::metadata(path).map_err(Error::io("read", path))?;
    if !metadata.is_file() {
        return Err(ErrorKind::NotAFile.into());
    }
    limits.check_bytes(metadata.len())?;
    let bytes = fs::read(path).map_err(Error::io("read", path))?;
    limits.check_bytes(bytes.len() as u64)?;
    if bytes.is_empty() {
        Err(ErrorKind::EmptyFile.into())
    } else {
        Ok(bytes)
    }
}

fn decode_checked<'a>(
    bytes: &'a [u8],
    limits: &'a Limits,
    at_least: Option<u32>,
    admit: Admit<'a>,
) -> Result<DecodedImage, Error> {
    if bytes.is_empty() {
        return Err(ErrorKind::EmptyFile.into());
    }
    limits.check_bytes(bytes.len() as u64)?;
    let format = image::guess_format(bytes).map_err(|_| ErrorKind::NotAnImage)?;
    let orientation = orientation::of(bytes, format);
    let task = Task {
        bytes,
        limits,
        at_least,
        orientation,
        admit: Cell::new(Some(admit)),
    };
    let decoded = match format {
        ImageFormat::Jpeg => jpeg::decode(&task)?,
        ImageFormat::Png | ImageFormat::WebP | ImageFormat::Bmp | ImageFormat::Gif => {
            other::decode(&task, format)?
        }
        _ => return Err(ErrorKind::NotAnImage.into()),
    };
    let mut image = eight_bits(decoded.image);
    image.apply_orientation(orientation);
    Ok(DecodedImage {
        image,
        width: decoded.encoded.0,
        height: decoded.encoded.1,
        orientation: orientation.to_exif(),
        profile: decoded.profile,
    })
}

#[cfg(test)]
mod tests;
