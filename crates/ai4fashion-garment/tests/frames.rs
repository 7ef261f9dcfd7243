//! Frames around a photo change nothing, and close-ups and paper are in doubt.

use ai4fashion_garment::{
    GarmentClassifier, TypeHint,
    color::image::{Rgb, RgbImage, imageops},
};

/// A shirt on paper.
fn photo() -> RgbImage {
    RgbImage::from_fn(168, 224, |x, y| {
        let is_body = (50..118).contains(&x) && (40..190).contains(&y);
        let is_sleeve = (24..144).contains(&x) && (46..90 - x.abs_diff(84) / 4).contains(&y);
        Rgb(if is_body || is_sleeve {
            [(30 + y / 16) as u8, 70, 190]
        } else {
            [255; 3]
        })
    })
}

fn framed(photo: &RgbImage, [across, down]: [u32; 2], color: [u8; 3]) -> RgbImage {
    let size = [photo.width() + 2 * across, photo.height() + 2 * down];
    let mut image = RgbImage::from_pixel(size[0], size[1], Rgb(color));
    imageops::replace(&mut image, photo, across.into(), down.into());
    image
}

#[test]
fn frames_change_nothing() {
    let classifier = GarmentClassifier::new();
    let photo = photo();
    let expected = classifier.classify(&photo, TypeHint::Unknown);
    for color in [
        [240; 3],
        [248; 3],
        [128; 3],
        [0; 3],
        [200, 30, 30],
        [238, 228, 205],
    ] {
        for size in [[1, 1], [2, 2], [4, 4], [20, 20], [28, 0], [0, 40]] {
            let found = classifier.classify(&framed(&photo, size, color), TypeHint::Unknown);
            assert_eq!(found, expected, "{size:?} of {color:?}");
        }
    }
}

#[test]
fn line_of_some_pixels_around_a_large_photo_changes_nothing() {
    let classifier = GarmentClassifier::new();
    let photo = imageops::resize(&photo(), 1500, 2000, imageops::FilterType::Nearest);
    let expected = classifier.classify(&photo, TypeHint::Unknown);
    for width in [1, 2, 3, 4] {
        let found = classifier.classify(&framed(&photo, [width; 2], [0; 3]), TypeHint::Unknown);
        assert_eq!(found, expected, "{width}");
    }
}

#[test]
fn explanation_of_a_framed_photo_is_that_of_the_photo() {
    let classifier = GarmentClassifier::new();
    let photo = photo();
    let [expected, found] = [photo.clone(), framed(&photo, [10, 10], [0; 3])]
        .map(|image| classifier.explain(&image, TypeHint::Unknown));
    assert_eq!(found.image(), expected.image());
    assert_eq!(found.classification(), expected.classification());
}

#[test]
fn crop_of_a_print_is_in_doubt() {
    let image = RgbImage::from_fn(168, 224, |x, y| {
        let shade = ((x * 7 + y * 13) % 23) as u8;
        Rgb(match (x / 12 + y / 12) % 3 {
            0 => [180 + shade, 50, 60],
            1 => [60, 70 + shade, 170],
            _ => [60, 120 + shade, 70],
        })
    });
    let found = GarmentClassifier::new().classify(&image, TypeHint::Unknown);
    assert!(found.color().confidence() < 0.2, "{found:?}");
}

/// Enlarging makes the edge of a square on paper a ring of mixed colours: no photo has such paper.
#[test]
fn enlarged_square_on_paper_is_not_cut_off() {
    let image = RgbImage::from_fn(64, 64, |x, y| {
        let is_cloth = (16..48).contains(&x) && (16..48).contains(&y);
        Rgb(if is_cloth { [200, 30, 30] } else { [255; 3] })
    });
    let large = imageops::resize(&image, 256, 256, imageops::FilterType::Lanczos3);
    let found = GarmentClassifier::new().classify(&large, TypeHint::Unknown);
    let fraction = found.color().garment_fraction();
    assert!((0.2..0.35).contains(&fraction), "{fraction}");
}

#[test]
fn paper_alone_is_in_doubt_and_is_no_garment() {
    let classifier = GarmentClassifier::new();
    let images = [
        RgbImage::from_pixel(100, 100, Rgb([255; 3])),
        RgbImage::from_pixel(60, 80, Rgb([250, 249, 248])),
        RgbImage::new(0, 0),
    ];
    for image in &images {
        let found = classifier.classify(image, TypeHint::Unknown);
        assert_eq!(found.color().garment_fraction(), 0.0, "{found:?}");
        assert!(found.color().confidence() < 0.2, "{found:?}");
        assert_eq!(found.garment_only_probability(), 0.0, "{found:?}");
    }
}
