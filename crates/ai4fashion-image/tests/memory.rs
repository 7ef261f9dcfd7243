//! The memory that decoding takes is no more than what is announced, and not much less.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use ai4fashion_image::{
    DecodedImage, ErrorKind, Limits, decode, decode_admitted, decode_at_least, fit,
    image::{DynamicImage, ImageEncoder, ImageFormat, RgbImage, codecs},
};
use ai4fashion_testkit::{encoded, jpeg_with_orientation, textured};
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};
use moxcms::ColorProfile;

const WIDTH: u32 = 1601;
const HEIGHT: u32 = 1203;
/// Announced for whatever is small.
const SMALL: u64 = 2 << 20;

fn photo() -> DynamicImage {
    textured(WIDTH, HEIGHT).into()
}

/// Bytes that were announced, and that were taken at most, in what an ingestion does.
fn announced_and_taken(bytes: &[u8], at_least: Option<u32>) -> (u64, u64) {
    let limits = Limits::default();
    let mut announced = 0;
    let info = allocation_counter::measure(|| {
        let admit = |bytes| announced = bytes;
        let decoded = decode_admitted(bytes, at_least, &limits, admit).unwrap();
        let _ = decoded.pixels_blake3();
        let _ = fit(decoded.image(), 64).unwrap();
        let _ = DecodedImage::into_rgb8(decoded);
    });
    (announced, info.bytes_max)
}

/// `slack` is how much may be announced for a byte that is taken.
fn check(what: &str, bytes: &[u8], slack: f64) {
    // Only JPEGs are decoded at a part of their size.
    let is_jpeg = bytes.starts_with(&[0xFF, 0xD8]);
    let sides: &[Option<u32>] = &[None, Some(200), Some(384), Some(700)];
    for &at_least in if is_jpeg { sides } else { &sides[..2] } {
        let (announced, taken) = announced_and_taken(bytes, at_least);
        assert!(taken <= announced, "{what}, {at_least:?}: {taken} of {announced}");
        let most = taken as f64 * slack + SMALL as f64;
        assert!(
            announced as f64 <= most,
            "{what}, {at_least:?}: {taken} of {announced}"
        );
    }
}

#[test]
fn jpeg_takes_what_is_announced() {
    let image = photo();
    let (rgb, grey) = (image.to_rgb8(), image.to_luma8());
    let inks: Vec<u8> = image.to_rgba8().into_raw();
    let (width, height) = (WIDTH as usize, HEIGHT as usize);
    for subsampling in [
        Subsampling::S444,
        Subsampling::S422,
        Subsampling::S420,
        Subsampling::S440,
        Subsampling::S411,
        Subsampling::S441,
    ] {
        for is_progressive in [false, true] {
            let encoder = Encoder::new(&rgb, width, height, PixelFormat::Rgb).subsampling(subsampling);
            let bytes = encoder.progressive(is_progressive).encode().unwrap();
            check(
                &format!("{subsampling:?}, progressive: {is_progressive}"),
                &bytes,
                1.5,
            );
        }
    }
    for is_progressive in [false, true] {
        let encoder = Encoder::new(&grey, width, height, PixelFormat::Grayscale);
        check(
            "grey",
            &encoder.progressive(is_progressive).encode().unwrap(),
            1.5,
        );
    }
    let encoder = Encoder::new(&inks, width, height, PixelFormat::Cmyk);
    check("CMYK", &encoder.encode().unwrap(), 1.5);
    // Colours of two samplings are scaled up as planes.
    let encoder = Encoder::new(&rgb, width, height, PixelFormat::Rgb);
    let encoder = encoder.sampling_factors(vec![(2, 2), (2, 1), (1, 1)]);
    check("two samplings", &encoder.encode().unwrap(), 2.0);
    let encoder = Encoder::new(&rgb, width, height, PixelFormat::Rgb);
    check("arithmetic", &encoder.arithmetic(true).encode().unwrap(), 2.0);
    check("turned", &jpeg_with_orientation(&rgb, 6), 2.0);
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let encoder = Encoder::new(&rgb, width, height, PixelFormat::Rgb);
    check("profile", &encoder.icc_profile(&profile).encode().unwrap(), 2.0);
}

#[test]
fn png_takes_what_is_announced() {
    let image = photo();
    for (what, image) in [
        ("grey", image.to_luma8().into()),
        ("grey, alpha", image.to_luma_alpha8().into()),
        ("grey, 16", image.to_luma16().into()),
        ("rgb", image.clone()),
        ("rgb, 16", image.to_rgb16().into()),
        ("rgba", image.to_rgba8().into()),
        ("rgba, 16", DynamicImage::from(image.to_rgba16())),
    ] {
        check(
            &format!("PNG, {what}"),
            &encoded(image.clone(), ImageFormat::Png),
            1.5,
        );
        for icc in [
            ColorProfile::new_display_p3(),
            ColorProfile::new_gray_with_gamma(1.8),
        ] {
            let mut bytes = Vec::new();
            let mut encoder = codecs::png::PngEncoder::new(&mut bytes);
            encoder.set_icc_profile(icc.encode().unwrap()).unwrap();
            image.write_with_encoder(encoder).unwrap();
            check(&format!("PNG, {what}, profile"), &bytes, 2.0);
        }
    }
}

#[test]
fn other_formats_take_what_is_announced() {
    let image = photo();
    for format in [ImageFormat::Bmp, ImageFormat::WebP, ImageFormat::Gif] {
        check(&format!("{format:?}"), &encoded(image.to_rgb8(), format), 1.5);
        check(
            &format!("{format:?}, alpha"),
            &encoded(image.to_rgba8(), format),
            1.5,
        );
    }
}

/// A frame that does not fill the image is read beside it.
#[test]
fn frame_of_a_gif_counts_whatever_its_size_is() {
    let mut bytes = encoded(RgbImage::new(900, 700), ImageFormat::Gif);
    assert_eq!(bytes[6..10], [0x84, 3, 0xBC, 2]);
    bytes[6..8].copy_from_slice(&901_u16.to_le_bytes());
    check("frame", &bytes, 1.5);
    bytes[6..10].copy_from_slice(&[8, 0, 8, 0]);
    let (announced, taken) = announced_and_taken(&bytes, None);
    assert!(announced >= 900 * 700 * 4 && taken <= announced);
    let limits = Limits::default().with_max_memory(900 * 700 * 4);
    let error = decode(&bytes, &limits).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooMuchMemory { .. }), "{error}");
}

/// The scaler's tables grow with a side, however few pixels there are.
#[test]
fn strips_take_what_is_announced() {
    for (width, height) in [(1, 100_000), (100_000, 1), (3, 60_000)] {
        let strip = encoded(RgbImage::new(width, height), ImageFormat::Png);
        check(&format!("{width}x{height}"), &strip, 1.5);
    }
    let strip = encoded(RgbImage::new(1, 5_000_000), ImageFormat::Png);
    let error = decode(&strip, &Limits::default()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooMuchMemory { .. }), "{error}");
}

/// Nothing is decoded, so nothing is taken.
#[test]
fn image_over_the_limit_is_refused_with_both_figures() {
    let image = photo();
    for (what, bytes) in [
        ("PNG", encoded(image.to_rgba16(), ImageFormat::Png)),
        ("WebP", encoded(image.to_rgba8(), ImageFormat::WebP)),
        ("GIF", encoded(image.to_rgba8(), ImageFormat::Gif)),
        ("BMP", encoded(image.to_rgb8(), ImageFormat::Bmp)),
        ("JPEG", encoded(image.to_rgb8(), ImageFormat::Jpeg)),
    ] {
        let (announced, _) = announced_and_taken(&bytes, None);
        assert!(decode(&bytes, &Limits::default().with_max_memory(announced)).is_ok());
        let limits = Limits::default().with_max_memory(announced - 1);
        let info = allocation_counter::measure(|| {
            let error = decode(&bytes, &limits).unwrap_err();
            let ErrorKind::TooMuchMemory { needed, limit, .. } = error.kind() else {
                panic!("{what}: {error}");
            };
            assert_eq!((*needed, *limit), (announced, announced - 1), "{what}");
            assert!(error.to_string().contains("1601x1203 pixels takes"), "{error}");
        });
        assert!(info.bytes_max < 300_000, "{what}: {}", info.bytes_max);
    }
}

/// What a header alone says: 60 million pixels in some hundred bytes.
#[test]
fn header_alone_takes_no_memory() {
    let mut bytes = encoded(textured(16, 16), ImageFormat::Jpeg);
    let frame = bytes.windows(2).position(|pair| pair == [0xFF, 0xC0]).unwrap();
    bytes[frame + 5..frame + 9].copy_from_slice(&[0xEA, 0x60, 0x03, 0xE8]);
    for (at_least, most) in [(None, 300_000), (Some(384), 16 << 20)] {
        let info = allocation_counter::measure(|| {
            let found = match at_least {
                Some(size) => decode_at_least(&bytes, size, &Limits::default()),
                None => decode(&bytes, &Limits::default()),
            };
            assert!(found.is_err());
        });
        assert!(info.bytes_max < most, "{at_least:?}: {}", info.bytes_max);
    }
}
