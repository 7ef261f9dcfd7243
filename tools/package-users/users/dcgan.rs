use ai4fashion_dcgan::{DcganConfig, Error, Trainer, cpu, image::{Rgb, RgbImage}};

fn main() -> Result<(), Error> {
    let images: Vec<_> = (0..8).map(|i| RgbImage::from_pixel(8, 8, Rgb([i * 30, 80, 200]))).collect();
    let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_epochs(1);
    let output = Trainer::new(config, cpu())?.fit(&images, &mut [])?;
    assert_eq!(output.state.steps_done(), 1);
    Ok(())
}
