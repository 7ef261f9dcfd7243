//! Six ways to spoil images, and the scores that tell.
#![allow(clippy::unwrap_used, reason = "helpers of tests may panic like the tests")]

use ai4fashion_score::{Comparison, ImageScores, ImageSet, Scorer};
use ai4fashion_testkit::golden::word;
use image::{Rgb, RgbImage, imageops};

const SIDE: u32 = 32;

/// A garment of its own shape and colour on white paper, by a formula.
fn garment(number: u32) -> RgbImage {
    let draw = |place: u32, range: u32| word(number, place) % range;
    let (left, right) = (4 + draw(0, 6), 22 + draw(1, 6));
    let (top, bottom) = (2 + draw(2, 6), 24 + draw(3, 6));
    let color = [draw(4, 200), draw(5, 200), draw(6, 200)];
    let stripe = 2 + draw(7, 6);
    // One in three is a pair of trousers.
    let gap = if number.is_multiple_of(3) { 3 } else { 0 };
    RgbImage::from_fn(SIDE, SIDE, |x, y| {
        let is_gap = y > top + 6 && x.abs_diff(SIDE / 2) < gap;
        let is_cloth = (left..right).contains(&x) && (top..bottom).contains(&y) && !is_gap;
        let shade = if y % stripe == 0 { 30 } else { 0 };
        Rgb(if is_cloth {
            color.map(|value| (value + shade) as u8)
        } else {
            [255; 3]
        })
    })
}

fn garments(numbers: impl Iterator<Item = u32>) -> Vec<RgbImage> {
    numbers.map(garment).collect()
}

fn scores(fake: Vec<RgbImage>) -> ImageScores {
    let real = ImageSet::new(garments(0..120));
    let held_out = ImageSet::new(garments(10_000..10_060));
    let fake = ImageSet::new(fake);
    let sets = Comparison::new(&real, &fake).with_held_out(Some(&held_out));
    Scorer::new().with_draws(3).score(&sets).unwrap()
}

fn spoiled(images: &[RgbImage], spoil: impl Fn(&RgbImage) -> RgbImage) -> Vec<RgbImage> {
    images.iter().map(spoil).collect()
}

#[test]
fn every_spoiling_is_seen_and_more_of_it_is_worse() {
    // As good as it gets: other garments of the same kind.
    let fresh = garments(20_000..20_060);
    let good = scores(fresh.clone());
    let own = good.features.kid_own;
    assert!(own.value.abs() < own.floor.abs() + 5.0 * own.spread, "{own:?}");

    let noisy = |strength: u32| {
        scores(spoiled(&fresh, |image| {
            let mut image = image.clone();
            for (place, value) in (0..).zip(image.iter_mut()) {
                let noise = (word(77, place) % (2 * strength + 1)) as i32 - strength as i32;
                *value = (i32::from(*value) + noise).clamp(0, 255) as u8;
            }
            image
        }))
    };
    let blurred = |sigma: f32| scores(spoiled(&fresh, |image| imageops::blur(image, sigma)));
    let shifted = |degrees: i32| scores(spoiled(&fresh, |image| imageops::huerotate(image, degrees)));
    let by_patches = |scores: &ImageScores| scores.swd.score.value;
    for (name, steps) in [
        ("noise", [noisy(12), noisy(48)]),
        ("blur", [blurred(0.8), blurred(2.0)]),
    ] {
        let found = [&good, &steps[0], &steps[1]].map(by_patches);
        assert!(found.is_sorted_by(|a, b| a < b), "{name}: {found:?}");
        let found = [&good, &steps[1]].map(|scores| scores.features.kid_own.value);
        assert!(found[0] < found[1], "{name}: {found:?}");
    }

    // Reds are gone, and all that was green is blue.
    let recolored = spoiled(&fresh, |image| {
        let mut image = image.clone();
        for pixel in image.pixels_mut() {
            let [red, green, blue] = pixel.0;
            if red < 250 {
                pixel.0 = [red / 3, green / 3, 255 - (255 - blue) / 3];
            }
        }
        image
    });
    let recolored = scores(recolored);
    assert!(recolored.colors.score.value > good.colors.score.value + 3.0 * good.colors.score.spread);
    assert!(recolored.features.fd_own.value > 2.0 * good.features.fd_own.value);
    assert!(shifted(120).features.fd_own.value > good.features.fd_own.value);

    // One image again and again: nothing is wrong with it but that.
    let repeated = scores(vec![fresh[1].clone(); 60]);
    assert!(repeated.ms_ssim.value > 0.99 && repeated.ms_ssim.value > good.ms_ssim.value + 0.2);
    assert!(repeated.features.coverage.value < 0.3 * good.features.coverage.value);
    assert!(repeated.features.recall.value < 0.3 * good.features.recall.value);

    // A type that is never generated.
    let dropped = garments((20_000..).filter(|number| number % 3 > 0).take(60));
    let dropped = scores(dropped);
    assert!(dropped.features.fd_own.value > good.features.fd_own.value);
    assert!(dropped.features.kid_own.value > good.features.kid_own.value);

    // Copies of training images look perfect, and only novelty tells.
    let copies = scores(garments(0..60));
    assert!(copies.features.novelty.score.value < 0.75 * good.features.novelty.score.value);
    assert!(copies.features.precision.value >= good.features.precision.value);
}
