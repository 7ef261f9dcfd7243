//! What lies around a photo is no garment: lines, bars, borders, pages and their shadows.

use ai4fashion_color::{
    BasicColor, Classification, ColorClassifier,
    image::{Rgb, RgbImage, Rgba, RgbaImage, imageops},
};

const PAPER: [u8; 3] = [255; 3];

/// A shirt on paper: a body, two sleeves and a print.
fn photo(paper: [u8; 3]) -> RgbImage {
    RgbImage::from_fn(168, 224, |x, y| {
        let is_print = (70..98).contains(&x) && (90..120).contains(&y);
        let is_body = (50..118).contains(&x) && (40..190).contains(&y);
        let is_sleeve = (24..144).contains(&x) && (46..90 - x.abs_diff(84) / 4).contains(&y);
        Rgb(match (is_print, is_body || is_sleeve) {
            (true, _) => [240, 240, 236],
            (false, true) => [(30 + y / 16) as u8, 70, 190],
            (false, false) => paper,
        })
    })
}

fn classified(image: &RgbImage) -> Classification {
    ColorClassifier::default().classify(image)
}

/// A photo in the middle of a plain image.
fn framed(photo: &RgbImage, [across, down]: [u32; 2], color: [u8; 3]) -> RgbImage {
    let mut image = RgbImage::from_pixel(photo.width() + 2 * across, photo.height() + 2 * down, Rgb(color));
    imageops::replace(&mut image, photo, across.into(), down.into());
    image
}

const COLORS: [[u8; 3]; 8] = [
    [240; 3],
    [248; 3],
    [200; 3],
    [128; 3],
    [0; 3],
    [200, 30, 30],
    [30, 70, 190],
    [238, 228, 205],
];

#[test]
fn lines_bars_and_borders_of_any_color_change_nothing() {
    let photo = photo(PAPER);
    let expected = classified(&photo);
    assert_eq!(expected.name(), BasicColor::Blue);
    let sizes = [
        [2, 2],
        [3, 3],
        [4, 4],
        [10, 10],
        [40, 40],
        [28, 0],
        [90, 0],
        [0, 40],
        [6, 20],
    ];
    for color in COLORS {
        for size in sizes {
            let found = classified(&framed(&photo, size, color));
            assert_eq!(found, expected, "{size:?} of {color:?}");
        }
    }
}

#[test]
fn thin_lines_keep_the_name() {
    let photo = photo(PAPER);
    for color in COLORS {
        let found = classified(&framed(&photo, [1, 1], color));
        assert_eq!(found.name(), BasicColor::Blue, "{color:?}");
        // A small image is taken whole.
        let small = imageops::thumbnail(&photo, 60, 80);
        let found = classified(&framed(&small, [1, 1], color));
        assert_eq!(found, classified(&small), "{color:?}");
    }
}

#[test]
fn frames_within_frames_change_nothing() {
    let photo = photo(PAPER);
    let expected = classified(&photo);
    let double = framed(&framed(&photo, [2, 2], [0; 3]), [12, 12], [220; 3]);
    assert_eq!(classified(&double), expected);
    let mat = framed(&framed(&photo, [10, 10], PAPER), [10, 10], [60, 40, 20]);
    assert_eq!(classified(&mat).name(), expected.name());
    let letterboxed = framed(&framed(&photo, [10, 10], [200; 3]), [28, 0], PAPER);
    assert_eq!(classified(&letterboxed), expected);
}

#[test]
fn photo_anywhere_on_a_page_is_found() {
    let photo = photo(PAPER);
    let expected = classified(&photo);
    for color in [[235; 3], [245, 235, 215], [40, 44, 52]] {
        for [x, y] in [[0, 0], [60, 50], [132, 0], [0, 76], [132, 76]] {
            let mut page = RgbImage::from_pixel(300, 300, Rgb(color));
            imageops::replace(&mut page, &photo, x, y);
            assert_eq!(classified(&page), expected, "at {x}, {y} on {color:?}");
        }
    }
}

#[test]
fn shadow_on_a_page_is_no_garment() {
    let photo = photo(PAPER);
    for level in [255, 225] {
        let page = RgbImage::from_fn(208, 264, |x, y| {
            let outside =
                |place: u32, from: u32, to: u32| from.saturating_sub(place).max(place.saturating_sub(to));
            let distance = outside(x, 22, 190).max(outside(y, 23, 246)).min(16);
            Rgb([level - 5 * (16 - distance) as u8; 3])
        });
        let mut image = page;
        imageops::replace(&mut image, &photo, 20, 20);
        let found = classified(&image);
        assert_eq!(found.name(), BasicColor::Blue, "on {level}: {found:?}");
        assert!(found.confidence() > 0.5, "{found:?}");
    }
}

#[test]
fn round_corners_keep_the_name() {
    let radius = 20_i32;
    for color in COLORS {
        let mut image = framed(&photo(PAPER), [8, 8], color);
        let (width, height) = (image.width() as i32 - 16, image.height() as i32 - 16);
        for (x, y, pixel) in image.enumerate_pixels_mut() {
            let (x, y) = (x as i32 - 8, y as i32 - 8);
            let beyond = |place: i32, side: i32| (radius - place).max(place - (side - 1 - radius)).max(0);
            let (across, down) = (beyond(x, width), beyond(y, height));
            if across * across + down * down > radius * radius {
                *pixel = Rgb(color);
            }
        }
        assert_eq!(classified(&image).name(), BasicColor::Blue, "{color:?}");
    }
}

#[test]
fn transparent_border_is_a_frame() {
    let photo = photo(PAPER);
    let image = RgbaImage::from_fn(200, 264, |x, y| {
        if (16..184).contains(&x) && (20..244).contains(&y) {
            let [r, g, b] = photo.get_pixel(x - 16, y - 20).0;
            Rgba([r, g, b, 255])
        } else {
            Rgba([0; 4])
        }
    });
    assert_eq!(ColorClassifier::default().classify(&image), classified(&photo));
}

#[test]
fn colored_paper_within_bars_is_paper() {
    for paper in [[90, 130, 180], [214, 190, 160], [45, 45, 50], [225; 3]] {
        let red = RgbImage::from_fn(168, 224, |x, y| {
            let is_cloth = (40..128).contains(&x) && (40..190 - x / 4).contains(&y);
            Rgb(if is_cloth { [190, 30, 40] } else { paper })
        });
        for bars in [[255; 3], [0; 3]] {
            let found = classified(&framed(&red, [28, 0], bars));
            assert_eq!(found.name(), BasicColor::Red, "{paper:?} in {bars:?}");
        }
    }
}

#[test]
fn rectangle_of_cloth_on_paper_is_the_garment() {
    // Three quarters red and one quarter blue, and a print in the middle.
    let cloth = |x: u32, y: u32| match (x, y) {
        (60..80, 70..90) => [250, 240, 60],
        (16..100, 30..130) => [200, 20, 30],
        (100..128, 30..130) => [20, 60, 200],
        _ => PAPER,
    };
    let found = classified(&RgbImage::from_fn(150, 160, |x, y| Rgb(cloth(x, y))));
    assert_eq!(found.name(), BasicColor::Red);
    let expected = 112.0 * 100.0 / (150.0 * 160.0);
    assert!((found.garment_fraction() - expected).abs() < 0.02, "{found:?}");
}
