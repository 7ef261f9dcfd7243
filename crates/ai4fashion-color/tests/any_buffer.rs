//! Any buffer has a result.

use ai4fashion_color::{
    BasicColor, ColorClassifier, ImageView, Workspace,
    image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgb, RgbImage},
};
use ai4fashion_testkit::garment;
use proptest::prelude::*;

/// Returns the bytes of an image, its size, its stride, and whether it has alpha.
fn buffer() -> impl Strategy<Value = (Vec<u8>, u32, u32, usize, bool)> {
    (0..=40_u32, 0..=40_u32, 0..=9_usize, any::<bool>()).prop_flat_map(|(width, height, more, alpha)| {
        let stride = width as usize * if alpha { 4 } else { 3 } + more;
        let bytes = proptest::collection::vec(any::<u8>(), stride * height as usize);
        bytes.prop_map(move |bytes| (bytes, width, height, stride, alpha))
    })
}

proptest! {
    #[test]
    fn any_buffer_has_the_same_result_in_any_workspace((bytes, width, height, stride, alpha) in buffer()) {
        let view = || if alpha {
            ImageView::rgba(&bytes, width, height, stride)
        } else {
            ImageView::rgb(&bytes, width, height, stride)
        };
        let classifier = ColorClassifier::default();
        let mut workspace = Workspace::new();
        let found = classifier.classify_with(&mut workspace, view().unwrap());
        let sum: f32 = found.fractions().iter().sum();
        prop_assert!((sum - 1.0).abs() < 1e-4, "{sum}");
        prop_assert!(found.confidence() >= 0.0 && found.confidence() <= 1.0);
        let other = garment(30, [200, 10, 10]);
        let _ = classifier.classify_with(&mut workspace, &other);
        prop_assert_eq!(&found, &classifier.classify_with(&mut workspace, view().unwrap()));
        let explained = classifier.explain(view().unwrap());
        prop_assert_eq!(&found, explained.classification());
    }

    #[test]
    fn any_size_fits_or_is_refused(length in 0..200_usize, width: u32, height: u32, stride: usize) {
        let bytes = vec![7; length];
        if let Ok(view) = ImageView::rgb(&bytes, width % 20, height % 20, stride % 80) {
            let _ = ColorClassifier::default().classify_with(&mut Workspace::new(), view);
        }
        let whole = ImageView::rgba(&bytes, width, height, stride);
        prop_assert!(whole.is_err() || width == 0 || height == 0 || stride as u128 * (u128::from(height) - 1) < 200);
    }
}

#[test]
fn one_pixel_is_its_own_background() {
    let found = ColorClassifier::default().classify(&RgbImage::from_pixel(1, 1, Rgb([20, 60, 200])));
    assert_eq!((found.name(), found.confidence()), (BasicColor::Blue, 0.0));
}

#[test]
fn grey_and_16_bit_images_are_named_like_bytes() {
    let classifier = ColorClassifier::default();
    let rgb = garment(48, [200, 30, 30]);
    let deep = DynamicImage::from(rgb.clone()).into_rgb16();
    let expected = classifier.classify(&rgb);
    assert_eq!(classifier.classify_dynamic(&deep.into()), expected);
    let grey = GrayImage::from_fn(48, 48, |x, y| {
        Luma([if (12..36).contains(&x) && (12..36).contains(&y) {
            128
        } else {
            255
        }])
    });
    assert_eq!(classifier.classify_dynamic(&grey.into()).name(), BasicColor::Grey);
    let black = ImageBuffer::from_fn(48, 48, |x, _| {
        Luma([if (12..36).contains(&x) { 900_u16 } else { u16::MAX }])
    });
    assert_eq!(
        classifier
            .classify_dynamic(&DynamicImage::ImageLuma16(black))
            .name(),
        BasicColor::Black
    );
}
