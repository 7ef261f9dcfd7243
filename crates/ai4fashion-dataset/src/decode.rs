//! Files to pictures, with limits, so that no file can harm a run.
//!
//! 1. What a file is, its first bytes say, not its name.
//! 2. Limits are checked from the header, before memory is taken.
//! 3. EXIF orientation is applied; grey, palette, 16-bit and CMYK pictures become 8-bit RGB, with alpha where the
//!    file has it; of a film the first frame is taken.
//! 4. A JPEG that ends before its end marker is an error: the decoder would fill the rest with grey and say nothing.
//! 5. A panic of a decoder is an error of that picture.

mod jpeg;
mod limits;

use std::{
    fs,
    io::Cursor,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, RgbImage};
use sha2::{Digest, Sha256};

pub use limits::{DEFAULT_MAX_BYTES, DEFAULT_MAX_PIXELS, Limits};

use crate::{
    error::{Error, ErrorKind},
    files,
};

/// A picture as it was in its file.
#[derive(Clone, Debug)]
pub struct Decoded {
    /// RGB or RGBA of 8 bits; upright.
    pub(crate) picture: DynamicImage,
    width: u32,
    height: u32,
    orientation: u8,
}

impl Decoded {
    /// Width in pixels as stored, before orientation is applied.
    #[must_use]
    pub fn stored_width(&self) -> u32 {
        self.width
    }

    /// Height in pixels as stored, before orientation is applied.
    #[must_use]
    pub fn stored_height(&self) -> u32 {
        self.height
    }

    /// The EXIF orientation that was applied, 1 to 8; 1 is upright.
    #[must_use]
    pub fn orientation(&self) -> u8 {
        self.orientation
    }

    /// The upright picture, RGB or RGBA of 8 bits.
    #[must_use]
    pub fn picture(&self) -> &DynamicImage {
        &self.picture
    }

    /// The SHA-256 of width, height and pixels of the upright picture on white, in hexadecimal: the same for pictures that
    /// look the same, whatever their files are.
    #[must_use]
    pub fn pixels_sha256(&self) -> String {
        let converted;
        let rgb = match &self.picture {
            DynamicImage::ImageRgb8(rgb) => rgb,
            other => {
                converted = on_white(other.clone());
                &converted
            }
        };
        let mut hash = Sha256::new();
        hash.update(rgb.width().to_le_bytes());
        hash.update(rgb.height().to_le_bytes());
        hash.update(rgb.as_raw());
        files::hexadecimal(&hash.finalize())
    }

    /// The upright picture on white.
    #[must_use]
    pub fn into_rgb(self) -> RgbImage {
        on_white(self.picture)
    }
}

/// Decodes the bytes of a file.
///
/// # Errors
/// If they are no picture, a damaged one, or one over the limits.
pub fn decode(bytes: &[u8], limits: &Limits) -> Result<Decoded, Error> {
    catch_unwind(AssertUnwindSafe(|| decode_checked(bytes, limits)))
        .unwrap_or_else(|_| Err(ErrorKind::DecoderPanicked.into()))
}

/// Reads and decodes a file.
///
/// # Errors
/// If it cannot be read, is no picture, a damaged one, or over the limits; the error names it.
pub fn decode_file(path: impl AsRef<Path>, limits: &Limits) -> Result<Decoded, Error> {
    let path = path.as_ref();
    read_file(path, limits)
        .and_then(|bytes| decode(&bytes, limits))
        .map_err(|error| error.of_picture(path))
}

/// Reads a file whole, if it is a regular one and not over the limit.
///
/// # Errors
/// If it is empty, no regular file, too large, or cannot be read.
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
    let format = image::guess_format(bytes).map_err(|_| ErrorKind::NotAPicture)?;
    if !format.reading_enabled() {
        return Err(ErrorKind::NotAPicture.into());
    }
    if format == ImageFormat::Jpeg && !jpeg::is_complete(bytes) {
        return Err(ErrorKind::Truncated.into());
    }
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // From the start: a compressed colour profile is unpacked before the size is known.
    reader.limits(limits.of_header());
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    limits.check_size(width, height)?;
    decoder.set_limits(limits.of_image()).map_err(broken)?;
    Ok(decoder)
}

fn broken(source: image::ImageError) -> Error {
    ErrorKind::Broken { source }.into()
}

fn decode_checked(bytes: &[u8], limits: &Limits) -> Result<Decoded, Error> {
    let mut decoder = opened(bytes, limits)?;
    let (width, height) = decoder.dimensions();
    let orientation = decoder.orientation().map_err(broken)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(broken)?;
    picture.apply_orientation(orientation);
    let picture = if picture.color().has_alpha() {
        DynamicImage::ImageRgba8(picture.into_rgba8())
    } else {
        DynamicImage::ImageRgb8(picture.into_rgb8())
    };
    Ok(Decoded {
        picture,
        width,
        height,
        orientation: orientation.to_exif(),
    })
}

/// Lays a picture on white paper.
pub(crate) fn on_white(picture: DynamicImage) -> RgbImage {
    let DynamicImage::ImageRgba8(rgba) = picture else {
        return picture.into_rgb8();
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
    use ai4fashion_testkit::{
        encoded, hostile_files, jpeg, jpeg_with_orientation, png, png_with_profile, textured,
    };
    use image::{ImageBuffer, Luma, Rgb, Rgba, RgbaImage};
    use proptest::prelude::*;

    use super::*;

    fn decoded(bytes: &[u8]) -> Decoded {
        decode(bytes, &Limits::default()).unwrap()
    }

    #[test]
    fn hash_of_pixels_is_that_of_what_is_seen() {
        let picture = textured(40, 30);
        let hash = |picture: DynamicImage| decoded(&encoded(picture, ImageFormat::Png)).pixels_sha256();
        let rgb = hash(picture.clone().into());
        assert_eq!(rgb, hash(DynamicImage::from(picture.clone()).into_rgba8().into()));
        let mut other = picture.clone();
        other.get_pixel_mut(7, 7).0[1] ^= 1;
        assert_ne!(rgb, hash(other.into()));
        let folded = RgbImage::from_raw(30, 40, picture.into_raw()).unwrap();
        assert_ne!(rgb, hash(folded.into()));
    }

    #[test]
    fn hostile_files_are_refused_each_for_its_reason() {
        for file in hostile_files() {
            let error = decode(&file.bytes, &Limits::default()).unwrap_err();
            assert_eq!(
                error.kind().reason(),
                file.reason,
                "{}: {}",
                file.name,
                error.chain()
            );
        }
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
            let picture = decoded(&encoded(textured(31, 17), format)).into_rgb();
            assert_eq!(picture.dimensions(), (31, 17), "{format:?}");
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
                    limit: 4095
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

    /// `/usr/bin/time -v` tells that it takes the memory of the 16 MiB that a header may have, not of 256.
    #[test]
    fn profile_that_unpacks_to_much_is_left_out() {
        let picture = decoded(&png_with_profile(1 << 28)).into_rgb();
        assert_eq!(picture, textured(8, 8));
    }

    #[test]
    fn orientation_is_applied() {
        // Left half black, right half white, to be turned a quarter clockwise: black comes to the top.
        let lying = RgbImage::from_fn(32, 16, |x, _| Rgb([if x < 16 { 0 } else { 255 }; 3]));
        let upright = decoded(&jpeg_with_orientation(&lying, 6));
        assert_eq!(
            (
                upright.orientation(),
                upright.stored_width(),
                upright.stored_height()
            ),
            (6, 32, 16)
        );
        let upright = upright.into_rgb();
        assert_eq!(upright.dimensions(), (16, 32));
        assert!(upright.get_pixel(8, 4).0[0] < 20 && upright.get_pixel(8, 28).0[0] > 235);
    }

    #[test]
    fn alpha_lies_on_white() {
        let picture = RgbaImage::from_fn(3, 1, |x, _| Rgba([200, 0, 0, [0, 128, 255][x as usize]]));
        let rgb = decoded(&encoded(picture, ImageFormat::Png)).into_rgb();
        let found: Vec<[u8; 3]> = rgb.pixels().map(|pixel| pixel.0).collect();
        assert_eq!(found, [[255; 3], [227, 127, 127], [200, 0, 0]]);
    }

    #[test]
    fn grey_of_16_bits_becomes_rgb() {
        let grey = ImageBuffer::from_fn(4, 4, |x, _| Luma([x as u16 * 0x5555]));
        let rgb = decoded(&encoded(DynamicImage::ImageLuma16(grey), ImageFormat::Png)).into_rgb();
        assert_eq!(
            [0, 1, 2, 3].map(|x| rgb.get_pixel(x, 0).0[1]),
            [0, 0x55, 0xAA, 0xFF]
        );
    }

    /// What is named a marker by mistake is not cut off.
    #[test]
    fn jpeg_with_damaged_data_is_taken_as_its_decoder_takes_it() {
        let mut bytes = jpeg(80, 60);
        let at = bytes.len() / 2;
        bytes[at..at + 3].copy_from_slice(&[0xFF, 0xC4, 0x7F]);
        let reason = decode(&bytes, &Limits::default()).map_err(|error| error.kind().reason());
        assert!(!matches!(reason, Err("truncated")), "{reason:?}");
    }

    #[test]
    fn no_beginning_of_a_jpeg_passes_for_the_whole() {
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
