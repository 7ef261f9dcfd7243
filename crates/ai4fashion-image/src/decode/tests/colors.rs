//! Colour profiles.
//!
//! What the colours become was computed by Little CMS 2 (Pillow 12, `ImageCms`) from the same
//! profiles.

use ai4fashion_testkit::{ChunkPlace, png_with_chunk};
use image::{GrayImage, ImageEncoder, codecs::png::PngEncoder, codecs::webp::WebPEncoder};
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};
use moxcms::ColorProfile as Profile;

use super::*;

const COLORS: [[u8; 3]; 3] = [[200, 100, 50], [60, 160, 90], [128, 128, 128]];

/// Squares of the three colours.
fn squares() -> RgbImage {
    RgbImage::from_fn(48, 16, |x, _| Rgb(COLORS[x as usize / 16]))
}

fn jpeg_with(pixels: &[u8], format: PixelFormat, icc: &[u8]) -> Vec<u8> {
    let encoder = Encoder::new(pixels, 48, 16, format).quality(100);
    let encoder = encoder.subsampling(Subsampling::S444).icc_profile(icc);
    encoder.encode().unwrap()
}

fn jpeg_of(profile: &Profile) -> Vec<u8> {
    jpeg_with(&squares(), PixelFormat::Rgb, &profile.encode().unwrap())
}

fn with_icc(mut encoder: impl ImageEncoder, image: &DynamicImage, profile: &Profile) {
    encoder.set_icc_profile(profile.encode().unwrap()).unwrap();
    image.write_with_encoder(encoder).unwrap();
}

fn png_of(image: impl Into<DynamicImage>, profile: &Profile) -> Vec<u8> {
    let mut bytes = Vec::new();
    with_icc(PngEncoder::new(&mut bytes), &image.into(), profile);
    bytes
}

fn webp_of(image: impl Into<DynamicImage>, profile: &Profile) -> Vec<u8> {
    let mut bytes = Vec::new();
    with_icc(WebPEncoder::new_lossless(&mut bytes), &image.into(), profile);
    bytes
}

/// In the middle of each square.
fn assert_colors(image: &DecodedImage, expected: [[u8; 3]; 3], what: &str) {
    let rgb = image.clone().into_rgb8();
    for (square, expected) in expected.iter().enumerate() {
        let found = rgb.get_pixel(square as u32 * 16 + 8, 8).0;
        let distance = found.iter().zip(expected).map(|(a, b)| a.abs_diff(*b)).max();
        assert!(distance <= Some(3), "{what}: {found:?} instead of {expected:?}");
    }
}

fn profiles() -> [(Profile, [[u8; 3]; 3]); 3] {
    [
        (Profile::new_adobe_rgb(), [[227, 100, 42], [0, 161, 85], [129; 3]]),
        (Profile::new_display_p3(), [[215, 93, 31], [0, 163, 82], [128; 3]]),
        (
            Profile::new_pro_photo_rgb(),
            [[255, 80, 46], [0, 190, 94], [146; 3]],
        ),
    ]
}

#[test]
fn colors_of_a_profile_become_those_of_srgb() {
    for (profile, expected) in profiles() {
        let deep = DynamicImage::from(squares()).into_rgb16();
        let alpha = DynamicImage::from(squares()).into_rgba8();
        for (what, bytes) in [
            ("JPEG", jpeg_of(&profile)),
            ("PNG", png_of(squares(), &profile)),
            ("PNG of 16 bits", png_of(deep, &profile)),
            ("PNG with alpha", png_of(alpha.clone(), &profile)),
            ("WebP", webp_of(squares(), &profile)),
            ("WebP with alpha", webp_of(alpha, &profile)),
        ] {
            let found = decoded(&bytes);
            assert_colors(&found, expected, what);
            assert!(
                matches!(found.color_profile(), ColorProfile::Converted(name) if !name.is_empty()),
                "{what}: {:?}",
                found.color_profile()
            );
        }
    }
}

#[test]
fn colors_of_srgb_are_left_alone() {
    let found = decoded(&png_of(squares(), &Profile::new_srgb()));
    assert_eq!(found.color_profile(), &ColorProfile::Srgb);
    assert_eq!(found.into_rgb8(), squares());
    let plain = decoded(&encoded(squares(), ImageFormat::Png));
    assert_eq!(plain.color_profile(), &ColorProfile::Missing);
}

#[test]
fn grey_image_has_a_profile_of_greys_or_of_colors() {
    let grey = GrayImage::from_fn(48, 16, |x, _| Luma([[100, 180, 128][x as usize / 16]]));
    let dark = Profile::new_gray_with_gamma(1.8);
    let expected = [[119; 3], [193; 3], [146; 3]];
    assert_colors(&decoded(&png_of(grey.clone(), &dark)), expected, "PNG");
    let icc = dark.encode().unwrap();
    let jpeg = jpeg_with(&grey, PixelFormat::Grayscale, &icc);
    assert_colors(&decoded(&jpeg), expected, "JPEG");
    let of_colors = decoded(&png_of(grey, &Profile::new_pro_photo_rgb()));
    assert_colors(&of_colors, expected, "PNG with a profile of colours");
}

#[test]
fn profile_that_cannot_be_used_is_said_and_leaves_the_image() {
    let good = Profile::new_adobe_rgb().encode().unwrap();
    let of_greys = Profile::new_gray_with_gamma(2.2).encode().unwrap();
    for icc in [&good[..100], b"not a profile at all", &of_greys] {
        let found = decoded(&jpeg_with(&squares(), PixelFormat::Rgb, icc));
        assert_eq!(
            found.color_profile(),
            &ColorProfile::Unusable,
            "{} bytes",
            icc.len()
        );
        assert_colors(&found, COLORS, "JPEG");
    }
    let png = encoded(squares(), ImageFormat::Png);
    let png = png_with_chunk(&png, *b"iCCP", b"name\0\0no zlib", ChunkPlace::AfterHeader);
    assert_colors(&decoded(&png), COLORS, "PNG");
}

/// Without a profile: the complement of each ink times that of black.
#[test]
fn cmyk_without_a_profile_is_multiplied() {
    let complements: Vec<u8> = (0..48 * 16).flat_map(|_| [200, 100, 50, 128]).collect();
    let bytes = jpeg_with(&complements, PixelFormat::Cmyk, &[]);
    assert_colors(&decoded(&bytes), [[100, 50, 25]; 3], "CMYK");
}
