//! Orientation, wherever a file says it.

use ai4fashion_files::hex;
use ai4fashion_testkit::{ChunkPlace, png_with_chunk};
use flate2::{Compression, write::ZlibEncoder};
use std::io::Write;

use super::*;

/// TIFF with orientation 6, as SHORT or as LONG.
fn exif(kind: u8) -> Vec<u8> {
    let head = b"II*\0\x08\0\0\0\x01\0\x12\x01";
    [&head[..], &[kind, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]].concat()
}

fn xmp() -> &'static [u8] {
    br#"<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>"#
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// As ImageMagick writes it: in lines of 72 digits.
fn raw_profile(bytes: &[u8]) -> Vec<u8> {
    let digits = hex(bytes);
    let lines: Vec<&str> = digits
        .as_bytes()
        .chunks(72)
        .map(|line| str::from_utf8(line).unwrap())
        .collect();
    format!("\nexif\n{:8}\n{}\n", bytes.len(), lines.join("\n")).into_bytes()
}

/// A WebP of the extended format with one more chunk at its end.
fn webp_with(name: [u8; 4], content: &[u8]) -> Vec<u8> {
    let simple = encoded(textured(20, 10), ImageFormat::WebP);
    let mut header = b"VP8X\x0A\0\0\0\x0C\0\0\0".to_vec();
    header.extend([19, 0, 0, 9, 0, 0]);
    let mut content = content.to_vec();
    let size = (content.len() as u32).to_le_bytes();
    content.resize(content.len().next_multiple_of(2), 0);
    let body = [b"WEBP", &*header, &simple[12..], &name, &size, &content].concat();
    [b"RIFF", &(body.len() as u32).to_le_bytes()[..], &body].concat()
}

fn jpeg_with(content: &[u8]) -> Vec<u8> {
    let jpeg = jpeg(20, 10);
    let length = (content.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, content, &jpeg[2..]].concat()
}

fn assert_turned(bytes: &[u8], what: &str) {
    let found = decoded(bytes);
    assert_eq!(found.orientation(), 6, "{what}");
    assert_eq!(
        (found.encoded_width(), found.encoded_height()),
        (20, 10),
        "{what}"
    );
    assert_eq!(
        (found.image().width(), found.image().height()),
        (10, 20),
        "{what}"
    );
}

#[test]
fn png_says_it_before_or_behind_its_data_and_as_text() {
    let png = png(20, 10);
    for place in [ChunkPlace::AfterHeader, ChunkPlace::BeforeEnd] {
        for kind in [3, 4] {
            assert_turned(&png_with_chunk(&png, *b"eXIf", &exif(kind), place), "eXIf");
        }
        let prefixed = [b"Exif\0\0", &*exif(3)].concat();
        let raw = raw_profile(&prefixed);
        for keyword in ["Raw profile type exif", "Raw profile type APP1"] {
            let text = [keyword.as_bytes(), b"\0", &raw].concat();
            assert_turned(&png_with_chunk(&png, *b"tEXt", &text, place), keyword);
            let text = [keyword.as_bytes(), b"\0\0", &packed(&raw)].concat();
            assert_turned(&png_with_chunk(&png, *b"zTXt", &text, place), keyword);
            let text = [keyword.as_bytes(), b"\0\x01\0\0\0", &packed(&raw)].concat();
            assert_turned(&png_with_chunk(&png, *b"iTXt", &text, place), keyword);
        }
        let text = [b"XML:com.adobe.xmp\0\0\0\0\0", xmp()].concat();
        assert_turned(&png_with_chunk(&png, *b"iTXt", &text, place), "XMP");
    }
}

#[test]
fn webp_says_it_with_and_without_a_prefix() {
    assert_turned(&webp_with(*b"EXIF", &exif(3)), "EXIF");
    assert_turned(&webp_with(*b"EXIF", &exif(4)), "EXIF, LONG");
    assert_turned(
        &webp_with(*b"EXIF", &[b"Exif\0\0", &*exif(3)].concat()),
        "EXIF with a prefix",
    );
    assert_turned(&webp_with(*b"XMP ", xmp()), "XMP");
}

#[test]
fn jpeg_says_it_as_short_or_long_or_in_xmp() {
    assert_turned(&jpeg_with(&[b"Exif\0\0", &*exif(3)].concat()), "SHORT");
    assert_turned(&jpeg_with(&[b"Exif\0\0", &*exif(4)].concat()), "LONG");
    assert_turned(
        &jpeg_with(&[b"http://ns.adobe.com/xap/1.0/\0", xmp()].concat()),
        "XMP",
    );
}

/// Of two statements the first of EXIF counts.
#[test]
fn exif_counts_before_xmp() {
    let mut upright = exif(3);
    upright[18] = 1;
    let png = png_with_chunk(&png(20, 10), *b"eXIf", &upright, ChunkPlace::BeforeEnd);
    let text = [b"XML:com.adobe.xmp\0\0\0\0\0", xmp()].concat();
    let png = png_with_chunk(&png, *b"iTXt", &text, ChunkPlace::AfterHeader);
    assert_eq!(decoded(&png).orientation(), 1);
}
