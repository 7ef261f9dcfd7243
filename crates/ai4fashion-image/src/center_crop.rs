//! Squares from the middle of images.

use image::{DynamicImage, RgbImage};

use crate::{
    error::Error,
    scale::{Scaling, scale},
};

/// Scales an image so that its shorter side is `size` pixels, and cuts a square from the middle.
///
/// It is torchvision's `Resize` and `CenterCrop`, with the antialiasing bilinear filter that they
/// use.
///
/// ```
/// use ai4fashion_image::{center_crop, image::RgbImage};
///
/// let square = center_crop(&RgbImage::new(300, 400), 64)?;
/// assert_eq!(square.dimensions(), (64, 64));
/// # Ok::<(), ai4fashion_image::Error>(())
/// ```
///
/// # Errors
/// If the image has no pixels, or `size` is 0.
pub fn center_crop(image: &RgbImage, size: u32) -> Result<RgbImage, Error> {
    if image.dimensions() == (size, size) && size > 0 {
        return Ok(image.clone());
    }
    let image = DynamicImage::ImageRgb8(image.clone());
    scale(&image, (size, size), Scaling::BilinearCrop).map(DynamicImage::into_rgb8)
}

#[cfg(test)]
mod tests {
    use image::Rgb;

    use super::*;
    use crate::error::ErrorKind;

    #[test]
    fn longer_side_is_cut_in_the_middle() {
        // Left third red, middle green, right blue: only green is left of a 30x10 image.
        let stripes = RgbImage::from_fn(30, 10, |x, _| {
            Rgb(match x / 10 {
                0 => [255, 0, 0],
                1 => [0, 255, 0],
                _ => [0, 0, 255],
            })
        });
        let cut = center_crop(&stripes, 8).unwrap();
        assert_eq!(cut.dimensions(), (8, 8));
        // At the edges the filter reaches over into the other stripes, as the tutorial's does.
        let within = |x: u32| (1..7).contains(&x);
        assert!(
            cut.enumerate_pixels()
                .all(|(x, _, p)| !within(x) || p.0 == [0, 255, 0])
        );
        assert!(cut.pixels().all(|p| p.0[1] > 127));
    }

    #[test]
    fn image_without_pixels_cannot_be_scaled() {
        let error = center_crop(&RgbImage::new(0, 3), 8).unwrap_err();
        let ErrorKind::NoPixels {
            width: 0,
            height: 3,
            size: 8,
            ..
        } = error.kind()
        else {
            panic!("{error}")
        };
        assert!(center_crop(&RgbImage::new(3, 3), 0).is_err());
    }
}
