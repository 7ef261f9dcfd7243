//! Files that are refused, and what is said of them.

use ai4fashion_testkit::{ChunkPlace, png_with_chunk};
use libjpeg_turbo_rs::{Encoder, PixelFormat, Subsampling};

use super::*;

fn refused(bytes: &[u8]) -> Error {
    decode(bytes, &Limits::default()).unwrap_err()
}

/// What the error and its causes say.
fn text(error: &Error) -> String {
    let source = std::error::Error::source(error.kind());
    format!("{error}: {}", source.map(ToString::to_string).unwrap_or_default())
}

fn encoder(pixels: &RgbImage) -> Encoder<'_> {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    Encoder::new(pixels, width, height, PixelFormat::Rgb).subsampling(Subsampling::S420)
}

#[test]
fn half_a_jpeg_with_an_end_marker_is_truncated() {
    let image = textured(160, 120);
    let plain = || encoder(&image);
    let grey = DynamicImage::from(image.clone()).into_luma8();
    for (what, bytes) in [
        ("baseline", plain().encode().unwrap()),
        ("progressive", plain().progressive(true).encode().unwrap()),
        ("restart markers", plain().restart_rows(1).encode().unwrap()),
        ("optimized", plain().optimize_huffman(true).encode().unwrap()),
        ("4:4:4", plain().subsampling(Subsampling::S444).encode().unwrap()),
        (
            "grey",
            Encoder::new(&grey, 160, 120, PixelFormat::Grayscale)
                .encode()
                .unwrap(),
        ),
    ] {
        assert!(decode(&bytes, &Limits::default()).is_ok(), "{what}");
        for tenths in 4..10 {
            let cut = [&bytes[..bytes.len() * tenths / 10], &[0xFF, 0xD9]].concat();
            let error = refused(&cut);
            assert!(
                matches!(error.kind(), ErrorKind::Truncated),
                "{what}, {tenths}: {error}"
            );
            let half = decode_at_least(&cut, 40, &Limits::default());
            assert!(half.is_err(), "{what}, {tenths}, scaled");
        }
    }
}

#[test]
fn arithmetic_coding_is_read() {
    let image = textured(64, 48);
    let [plain, arithmetic] = [false, true].map(|is_arithmetic| {
        let encoder = encoder(&image).arithmetic(is_arithmetic);
        decoded(&encoder.encode().unwrap()).into_rgb8()
    });
    assert_eq!(plain, arithmetic);
}

#[test]
fn luma_sampled_less_than_chroma_is_not_supported() {
    let image = textured(64, 48);
    let encoder = encoder(&image).sampling_factors(vec![(1, 1), (2, 2), (2, 2)]);
    let error = refused(&encoder.encode().unwrap());
    assert!(
        matches!(error.kind(), ErrorKind::Unsupported { .. }),
        "{}",
        text(&error)
    );
}

#[test]
fn png_of_xcode_is_not_supported() {
    let bytes = png_with_chunk(&png(8, 8), *b"CgBI", &[0; 4], ChunkPlace::AfterHeader);
    // It stands before the header.
    let bytes = [&bytes[..8], &bytes[33..49], &bytes[8..33], &bytes[49..]].concat();
    let error = refused(&bytes);
    assert!(matches!(error.kind(), ErrorKind::Unsupported { .. }), "{error}");
    assert!(error.to_string().contains("CgBI"), "{error}");
}

/// No insides of the decoder's types.
#[test]
fn damage_is_said_in_words() {
    let bytes = png(40, 30);
    for (at, expected) in [
        (29, "the checksum of the chunk IHDR is wrong"),
        (bytes.len() - 30, "the checksum of the chunk IDAT is wrong"),
    ] {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        let error = refused(&damaged);
        assert!(matches!(error.kind(), ErrorKind::Damaged { .. }), "{error}");
        assert!(text(&error).contains(expected), "{}", text(&error));
    }
    let error = refused(&bytes[..bytes.len() - 40]);
    assert!(
        text(&error).contains("ends within the chunk IDAT"),
        "{}",
        text(&error)
    );
}

#[test]
fn messages_show_no_types_of_a_decoder() {
    for bytes in [
        png(40, 30),
        jpeg(40, 30),
        encoded(textured(9, 9), ImageFormat::Bmp),
    ] {
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x15;
            if let Err(error) = decode(&damaged, &Limits::default()) {
                let text = text(&error);
                let is_plain =
                    !text.contains(['{', '}']) && !text.contains("::") && !text.chars().any(char::is_control);
                assert!(is_plain, "byte {at}: {text}");
            }
        }
    }
}
