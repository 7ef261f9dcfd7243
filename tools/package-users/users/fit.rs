use ai4fashion_fit::{AdaptConfig, Example, SHIPPED_WEIGHTS, adapt, burn::tensor::Device, garment::{GarmentClassifier, color::{BasicColor, image::{Rgb, RgbImage}}}};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let photos: Vec<_> = (0..16).map(|i| RgbImage::from_pixel(60, 80, Rgb([200, i * 10, 30]))).collect();
    let examples: Vec<_> = photos.iter().map(|photo| Example::new(photo).with_color(Some(BasicColor::Pink))).collect();
    let weights = adapt(SHIPPED_WEIGHTS, &examples, &AdaptConfig::default(), &Device::ndarray())?;
    GarmentClassifier::from_bytes(&weights)?;
    Ok(())
}
