//! Memory is allocated once, not per image. A test binary of its own, because it counts in the
//! allocator.

use ai4fashion_color::{
    ColorClassifier, Workspace,
    image::{Rgb, RgbImage, RgbaImage},
};
use ai4fashion_testkit::{garment, textured};

#[test]
fn reused_workspace_allocates_nothing() {
    let classifier = ColorClassifier::default();
    let mut workspace = Workspace::new();
    let photo = |size, color| {
        let mut photo = garment(size, color);
        // Grain, so that there are thousands of colours and a noisy background.
        for (pixel, grain) in photo.pixels_mut().zip(textured(size, size).pixels()) {
            let blended = |place: usize| pixel.0[place] - pixel.0[place] / 16 + grain.0[place] / 16;
            *pixel = Rgb([0, 1, 2].map(blended));
        }
        photo
    };
    let images = [
        photo(300, [20, 60, 160]),
        photo(96, [240, 240, 240]),
        textured(500, 400),
        RgbImage::new(0, 0),
    ];
    let cut_out = RgbaImage::from_fn(64, 64, pixel);
    let mut name_all = || {
        for image in &images {
            let _ = classifier.classify_with(&mut workspace, image);
        }
        let _ = classifier.classify_with(&mut workspace, &cut_out);
    };
    let first = allocation_counter::measure(&mut name_all);
    assert!(first.count_total > 0, "nothing is counted");
    let again = allocation_counter::measure(&mut name_all);
    assert_eq!(again.count_total, 0, "{again:?}");
}

fn pixel(x: u32, y: u32) -> ai4fashion_color::image::Rgba<u8> {
    let alpha = if (16..48).contains(&x) && (8..56).contains(&y) {
        255
    } else {
        0
    };
    ai4fashion_color::image::Rgba([200, (4 * x) as u8, (4 * y) as u8, alpha])
}
