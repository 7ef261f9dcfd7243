//! Decoding at the scale that is needed.

use ai4fashion_testkit::{garment, jpeg_with_orientation};

use super::*;
use crate::{encode::encode_jpeg, letterbox::letterbox};

fn at_least(bytes: &[u8], size: u32) -> DecodedImage {
    decode_at_least(bytes, size, &Limits::default()).unwrap()
}

#[test]
fn longer_side_is_at_least_what_is_asked_for() {
    let bytes = encode_jpeg(&textured(800, 600), 90).unwrap();
    for (size, width) in [
        (1, 100),
        (100, 100),
        (101, 200),
        (400, 400),
        (401, 800),
        (5000, 800),
    ] {
        let found = at_least(&bytes, size);
        assert_eq!(found.image().width(), width, "{size}");
        assert_eq!((found.encoded_width(), found.encoded_height()), (800, 600));
    }
}

#[test]
fn other_formats_come_whole() {
    let found = at_least(&png(80, 60), 10);
    assert_eq!((found.image().width(), found.image().height()), (80, 60));
}

#[test]
fn scaled_image_is_turned() {
    let found = at_least(&jpeg_with_orientation(&textured(160, 80), 6), 40);
    assert_eq!((found.image().width(), found.image().height()), (20, 40));
}

/// Every pixel of the square within 12 of 255, and 0.7 on average: the filters differ at edges.
#[test]
fn scaled_image_looks_the_same_in_the_square() {
    let bytes = encode_jpeg(&garment(1600, [30, 90, 160]), 92).unwrap();
    let whole = letterbox(&decoded(&bytes).into_rgb8(), 256).unwrap();
    let scaled = letterbox(&at_least(&bytes, 384).into_rgb8(), 256).unwrap();
    let distances = whole
        .iter()
        .zip(scaled.iter())
        .map(|(a, b)| u32::from(a.abs_diff(*b)));
    let (sum, most) = distances.fold((0, 0), |(sum, most), d| (sum + d, most.max(d)));
    let mean = f64::from(sum) / whole.len() as f64;
    assert!(most <= 40 && mean <= 0.7, "{most}, {mean}");
}
