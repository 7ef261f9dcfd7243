//! Close-ups have no paper: what fills the image is cloth. And a few pixels are no garment.

use ai4fashion_color::{
    BasicColor, Classification, ColorClassifier,
    image::{Rgb, RgbImage},
};

fn classified(image: &RgbImage) -> Classification {
    ColorClassifier::default().classify(image)
}

/// A number from 0 to 1 that looks random.
fn noise(x: u32, y: u32) -> f32 {
    let mut bits = x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B);
    bits = (bits ^ bits >> 15).wrapping_mul(0x2C1B_3C6D);
    bits = (bits ^ bits >> 12).wrapping_mul(0x297A_2D39);
    (bits ^ bits >> 15) as f32 / u32::MAX as f32
}

/// A colour with noise of `range` levels, the same for all components or not.
fn grainy(color: [u8; 3], range: f32, x: u32, y: u32) -> Rgb<u8> {
    Rgb([0, 1, 2].map(|place: usize| {
        let grain = range * (noise(x + 1000 * place as u32, y) - 0.5);
        (f32::from(color[place]) + grain).round() as u8
    }))
}

#[test]
fn cloth_with_sensor_noise_has_its_name() {
    for (color, name) in [
        ([128; 3], BasicColor::Grey),
        ([110; 3], BasicColor::Grey),
        ([90; 3], BasicColor::Grey),
        ([200, 30, 40], BasicColor::Red),
        ([30, 60, 160], BasicColor::Blue),
        ([20; 3], BasicColor::Black),
    ] {
        for range in [4.0, 8.0, 16.0] {
            let found = classified(&RgbImage::from_fn(200, 240, |x, y| grainy(color, range, x, y)));
            assert_eq!(found.name(), name, "{color:?} with {range}: {found:?}");
            assert!(
                found.garment_fraction() > 0.9,
                "{color:?} with {range}: {found:?}"
            );
        }
    }
}

/// Folded cloth: light and shade by some levels.
fn folded(color: [u8; 3], x: u32, y: u32) -> Rgb<u8> {
    let fold = 18.0 * ((x as f32 + 0.4 * y as f32) / 9.0).sin() + 10.0 * (noise(x, y) - 0.5);
    Rgb(color.map(|component| (f32::from(component) + fold).clamp(0.0, 255.0) as u8))
}

#[test]
fn folded_cloth_on_all_four_sides_is_the_garment() {
    for (color, name) in [
        ([60, 110, 60], BasicColor::Green),
        ([180, 60, 60], BasicColor::Red),
        ([60, 80, 160], BasicColor::Blue),
        ([128; 3], BasicColor::Grey),
    ] {
        let found = classified(&RgbImage::from_fn(168, 224, |x, y| folded(color, x, y)));
        assert_eq!((found.name(), found.garment_fraction()), (name, 1.0), "{found:?}");
    }
}

#[test]
fn paper_at_one_side_of_a_close_up_is_paper() {
    for color in [[30, 90, 50], [160, 40, 40], [24, 24, 26]] {
        let image = RgbImage::from_fn(168, 224, |x, y| match y {
            0..30 => Rgb([255; 3]),
            _ => folded(color, x, y),
        });
        let found = classified(&image);
        assert_ne!(found.name(), BasicColor::White, "{color:?}: {found:?}");
        assert!(
            (found.garment_fraction() - 0.866).abs() < 0.02,
            "{color:?}: {found:?}"
        );
    }
}

#[test]
fn gap_between_trouser_legs_is_paper() {
    let image = RgbImage::from_fn(90, 200, |x, y| match (x.abs_diff(45), y) {
        (distance, 80..) if 8 * distance < y - 70 => Rgb([255; 3]),
        _ => Rgb([22 + (noise(x, y) * 4.0) as u8; 3]),
    });
    assert_eq!(classified(&image).name(), BasicColor::Black);
}

#[test]
fn crop_of_a_print_is_in_doubt() {
    let image = RgbImage::from_fn(168, 224, |x, y| match (x / 12 + y / 12) % 3 {
        0 => folded([190, 50, 60], x, y),
        1 => folded([60, 80, 170], x, y),
        _ => folded([60, 130, 70], x, y),
    });
    let found = classified(&image);
    assert!(found.confidence() < 0.2, "{found:?}");
}

#[test]
fn a_few_pixels_do_not_name_a_photo() {
    for count in [1, 4, 12] {
        let image = RgbImage::from_fn(200, 240, |x, y| {
            let is_dirt = (100..100 + count).contains(&x) && (120..122).contains(&y);
            Rgb(if is_dirt { [200, 20, 20] } else { [255; 3] })
        });
        let found = classified(&image);
        assert_eq!(
            (found.garment_fraction(), found.confidence()),
            (0.0, 0.0),
            "{count}"
        );
        assert_eq!(found.name(), BasicColor::White, "{count}");
    }
}
