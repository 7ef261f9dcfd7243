//! Files of every kind, whole and damaged.

use ai4fashion_testkit::{encoded, jpeg, jpeg_with_orientation, png, png_with_profile, textured};
use image::{ImageBuffer, Luma, LumaA, Rgb, Rgba, Rgba32FImage, RgbaImage};
use proptest::prelude::*;

use super::*;

mod colors;
mod refused;
mod scaled;
mod turned;

fn decoded(bytes: &[u8]) -> DecodedImage {
    decode(bytes, &Limits::default()).unwrap()
}

#[test]
fn hash_is_of_the_pixels_that_are_seen() {
    let image = textured(40, 30);
    let hash = |image: DynamicImage| decoded(&encoded(image, ImageFormat::Png)).pixels_blake3();
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
        // At full size, and at a half, a quarter and an eighth of it.
        for size in [40, 20, 10, 5] {
            if let Err(error) = decode_at_least(&bytes, size, &Limits::default()) {
                let panicked = matches!(error.kind(), ErrorKind::DecoderPanicked);
                prop_assert!(!panicked, "byte {at} is {value}, at least {size} pixels");
            }
        }
    }
}
