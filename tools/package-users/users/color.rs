use ai4fashion_color::{BasicColor, ColorClassifier, image::{Rgb, RgbImage}};

fn main() {
    let photo = RgbImage::from_fn(64, 64, |x, y| {
        Rgb(if x.min(y) > 16 && x.max(y) < 48 { [200, 30, 30] } else { [255; 3] })
    });
    assert_eq!(ColorClassifier::default().classify(&photo).name(), BasicColor::Red);
}
