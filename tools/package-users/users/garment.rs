use ai4fashion_garment::{GarmentClassifier, TypeHint, color::{BasicColor, image::{Rgb, RgbImage}}};

fn main() {
    let photo = RgbImage::from_fn(168, 224, |x, y| {
        let is_cloth = (40..128).contains(&x) && (50..180).contains(&y);
        Rgb(if is_cloth { [200, 30, 30] } else { [255; 3] })
    });
    let found = GarmentClassifier::new().classify(&photo, TypeHint::Unknown);
    assert_eq!(found.color().name(), BasicColor::Red);
}
