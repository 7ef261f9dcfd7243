use ai4fashion_image::{Error, Limits, decode, encode_png, image::{Rgb, RgbImage}, letterbox};

fn main() -> Result<(), Error> {
    let bytes = encode_png(&RgbImage::from_pixel(60, 80, Rgb([200, 20, 30])))?;
    let square = letterbox(&decode(&bytes, &Limits::default())?.into_rgb8(), 64)?;
    assert_eq!(square.get_pixel(0, 32), &Rgb([255; 3]));
    Ok(())
}
