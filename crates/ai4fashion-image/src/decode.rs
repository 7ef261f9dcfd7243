//! Files to images, with limits, so that no file can harm a run.
//!
//! 1. The first bytes tell the format, not the name.
//! 2. Limits are checked from the header, before memory is taken.
//! 3. EXIF orientation is applied. Grey, palette, 16-bit and CMYK images become 8-bit RGB, with
//!    alpha where the file has it. An animation gives its first frame.
//! 4. A JPEG that ends before its end marker is an error: the decoder would fill the rest with
//!    grey.
//! 5. A panic of a decoder is an error of that image.

mod jpeg;
mod limits;

use std::{
    fs,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use ai4fashion_files::hex;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use sha2::{Digest, Sha256};

pub use limits::Limits;

use crate::{
    eight_bits::eight_bits,
    error::{Error, ErrorKind},
};

/// An image that was decoded, upright, with what its file said of it.
#[derive(Clone, Debug)]
pub struct DecodedImage {
    /// RGB or RGBA of 8 bits; upright.
    image: DynamicImage,
    width: u32,
    height: u32,
    orientation: u8,
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

    /// The EXIF orientation that was applied, 1 to 8; 1 is upright.
    #[must_use]
    pub fn orientation(&self) -> u8 {
        self.orientation
    }

    /// The upright image, RGB or RGBA of 8 bits.
    #[must_use]
    pub fn image(&self) -> &DynamicImage {
        &self.image
    }

    /// SHA-256 of width, height and pixels of the upright image on white, in hexadecimal.
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
    /// assert_eq!(a?.pixels_sha256(), b?.pixels_sha256());
    /// # Ok::<(), ai4fashion_image::Error>(())
    /// ```
    #[must_use]
    pub fn pixels_sha256(&self) -> String {
        let converted;
        let rgb = match &self.image {
            DynamicImage::ImageRgb8(rgb) => rgb,
            other => {
                converted = flatten_on_white(other.clone());
                &converted
            }
        };
        let mut hash = Sha256::new();
        hash.update(rgb.width().to_le_bytes());
        hash.update(rgb.height().to_le_bytes());
        hash.update(rgb.as_raw());
        hex(&hash.finalize())
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
/// If the bytes are not an image, or the image is damaged, cut off, or over the limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    catch_unwind(AssertUnwindSafe(|| decode_checked(bytes, limits)))
        .unwrap_or_else(|_| Err(ErrorKind::DecoderPanicked.into()))
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

fn opened<'a>(bytes: &'a [u8], limits: &Limits) -> Result<impl ImageDecoder + 'a, Error> {
    if bytes.is_empty() {
        return Err(ErrorKind::EmptyFile.into());
    }
    limits.check_bytes(bytes.len() as u64)?;
    let format = image::guess_format(bytes).map_err(|_| ErrorKind::NotAnImage)?;
    if !format.reading_enabled() {
        return Err(ErrorKind::NotAnImage.into());
    }
    if format == ImageFormat::Jpeg && !jpeg::is_complete(bytes) {
        return Err(ErrorKind::Truncated.into());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // From the start: a compressed colour profile is unpacked before the size is known.
    reader.limits(Limits::for_header());
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    limits.check_size(width, height)?;
    decoder.set_limits(limits.for_image()).map_err(damaged)?;
    Ok(decoder)
}

fn damaged(source: image::ImageError) -> Error {
    ErrorKind::Damaged {
        source: source.into(),
    }
    .into()
}

fn decode_checked(bytes: &[u8], limits: &Limits) -> Result<DecodedImage, Error> {
    let mut decoder = opened(bytes, limits)?;
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    Ok(DecodedImage {
        image: eight_bits(image),
        width,
        height,
        orientation: orientation.to_exif(),
    })
}

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
        let [color @ .., alpha] = from.0;
        to.0 = color.map(|component| blend(component, alpha));
    }
    rgb
}

/// `color` at `alpha` over white, rounded.
fn blend(color: u8, alpha: u8) -> u8 {
    let (color, alpha) = (u32::from(color), u32::from(alpha));
    ((color * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[cfg(test)]
mod tests {
    use ai4fashion_testkit::{encoded, jpeg, jpeg_with_orientation, png, png_with_profile, textured};
    use image::{ImageBuffer, Luma, LumaA, Rgb, Rgba, Rgba32FImage, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8]) -> DecodedImage {
        decode(bytes, &Limits::default()).unwrap()
    }

    #[test]
    fn hash_is_of_the_pixels_that_are_seen() {
        let image = textured(40, 30);
        let hash = |image: DynamicImage| decoded(&encoded(image, ImageFormat::Png)).pixels_sha256();
        let rgb = hash(image.clone().into());
        assert_eq!(rgb, hash(DynamicImage::from(image.clone()).into_rgba8().into()));
        let mut other = image.clone();
        other.get_pixel_mut(7, 7).0[1] ^= 1;
        assert_ne!(rgb, hash(other.into()));
        let folded = RgbImage::from_raw(30, 40, image.into_raw()).unwrap();
        assert_ne!(rgb, hash(folded.into()));
    }

    #[test]
    fn every_format_is_read_by_its_content() {
        for format in [
            ImageFormat::Png,
            ImageFormat::WebP,
            ImageFormat::Bmp,
            ImageFormat::Gif,
            ImageFormat::Jpeg,
        ] {
            let image = decoded(&encoded(textured(31, 17), format)).into_rgb8();
            assert_eq!(image.dimensions(), (31, 17), "{format:?}");
        }
    }

    #[test]
    fn photo_over_the_pixel_limit_is_refused() {
        let bytes = png(64, 64);
        assert!(decode(&bytes, &Limits::default().with_max_pixels(64 * 64)).is_ok());
        let error = decode(&bytes, &Limits::default().with_max_pixels(64 * 64 - 1)).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::TooLarge {
                    width: 64,
                    height: 64,
                    limit: 4095,
                    ..
                }
            ),
            "{error}"
        );
    }

    #[test]
    fn file_over_the_byte_limit_is_refused() {
        let bytes = png(64, 64);
        let size = bytes.len() as u64;
        assert!(decode(&bytes, &Limits::default().with_max_bytes(size)).is_ok());
        let error = decode(&bytes, &Limits::default().with_max_bytes(size - 1)).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::FileTooLarge { .. }), "{error}");
    }

    /// It takes the 16 MiB that a header may have, not 256.
    #[test]
    fn profile_that_unpacks_to_too_much_is_ignored() {
        let image = decoded(&png_with_profile(1 << 28)).into_rgb8();
        assert_eq!(image, textured(8, 8));
    }

    #[test]
    fn orientation_is_applied() {
        // Left half black, right half white, to be turned a quarter clockwise: black comes to the
        // top.
        let lying = RgbImage::from_fn(32, 16, |x, _| Rgb([if x < 16 { 0 } else { 255 }; 3]));
        let upright = decoded(&jpeg_with_orientation(&lying, 6));
        assert_eq!(
            (
                upright.orientation(),
                upright.encoded_width(),
                upright.encoded_height()
            ),
            (6, 32, 16)
        );
        let upright = upright.into_rgb8();
        assert_eq!(upright.dimensions(), (16, 32));
        assert!(upright.get_pixel(8, 4).0[0] < 20 && upright.get_pixel(8, 28).0[0] > 235);
    }

    #[test]
    fn alpha_lies_on_white() {
        let image = RgbaImage::from_fn(3, 1, |x, _| Rgba([200, 0, 0, [0, 128, 255][x as usize]]));
        let rgb = decoded(&encoded(image, ImageFormat::Png)).into_rgb8();
        let found: Vec<[u8; 3]> = rgb.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(found, [[255; 3], [227, 127, 127], [200, 0, 0]]);
    }

    /// The colour of a transparent pixel is not shown, whatever the type of the pixels.
    #[test]
    fn alpha_of_every_pixel_type_is_blended() {
        let grey = ImageBuffer::from_fn(3, 1, |x, _| LumaA([40, [0, 128, 255][x as usize]]));
        let deep = ImageBuffer::from_fn(3, 1, |x, _| {
            Rgba([40 * 257, 0, 0, [0, 128, 255][x as usize] * 257])
        });
        let float = Rgba32FImage::from_fn(3, 1, |x, _| {
            Rgba([1.0, 0.0, 0.0, [0.0, 128.0 / 255.0, 1.0][x as usize]])
        });
        let seen = |image: DynamicImage| -> Vec<[u8; 3]> {
            flatten_on_white(image).pixels().map(|pixel| pixel.0).collect()
        };
        assert_eq!(
            seen(DynamicImage::ImageLumaA8(grey)),
            [[255; 3], [147; 3], [40; 3]]
        );
        let expected = [[255; 3], [147, 127, 127], [40, 0, 0]];
        assert_eq!(seen(DynamicImage::ImageRgba16(deep)), expected);
        let expected = [[255; 3], [255, 127, 127], [255, 0, 0]];
        assert_eq!(seen(DynamicImage::ImageRgba32F(float)), expected);
    }

    #[test]
    fn grey_of_16_bits_becomes_rgb() {
        let grey = ImageBuffer::from_fn(4, 4, |x, _| Luma([x as u16 * 0x5555]));
        let rgb = decoded(&encoded(DynamicImage::ImageLuma16(grey), ImageFormat::Png)).into_rgb8();
        assert_eq!(
            [0, 1, 2, 3].map(|x| rgb.get_pixel(x, 0).0[1]),
            [0, 0x55, 0xAA, 0xFF]
        );
    }

    /// A byte that looks like a marker by mistake does not make a file truncated.
    #[test]
    fn jpeg_with_a_false_marker_is_not_truncated() {
        let mut bytes = jpeg(80, 60);
        let at = bytes.len() / 2;
        bytes[at..at + 3].copy_from_slice(&[0xFF, 0xC4, 0x7F]);
        let result = decode(&bytes, &Limits::default());
        let is_truncated = |error: Error| matches!(error.kind(), ErrorKind::Truncated);
        assert!(!result.is_err_and(is_truncated));
    }

    #[test]
    fn no_prefix_of_a_jpeg_is_accepted() {
        let bytes = jpeg(24, 24);
        for end in 0..bytes.len() {
            assert!(
                decode(&bytes[..end], &Limits::default()).is_err(),
                "{end} of {} bytes",
                bytes.len()
            );
        }
    }

    proptest! {
        #[test]
        fn damaged_bytes_never_panic(at in 0_usize..2000, value: u8, is_png: bool) {
            let mut bytes = if is_png { png(40, 30) } else { jpeg(40, 30) };
            let at = at % bytes.len();
            bytes[at] = value;
            if let Err(error) = decode(&bytes, &Limits::default()) {
                prop_assert!(!matches!(error.kind(), ErrorKind::DecoderPanicked), "byte {at} is {value}");
            }
        }
    }
}
