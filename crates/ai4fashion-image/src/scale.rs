//! The SIMD resizer, for RGB and RGBA.

use std::{f64::consts::PI, sync::LazyLock};

use fast_image_resize::{
    Filter, FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::{U8x3, U8x4},
};
use image::{DynamicImage, RgbImage, RgbaImage};

use crate::{
    eight_bits::eight_bits,
    error::{Error, ErrorKind},
};

/// Which part is scaled, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scaling {
    /// The whole image, with a Lanczos filter of three lobes.
    Lanczos3,
    /// The largest part in the middle with the proportions of the new size, with a bilinear filter.
    BilinearCrop,
}

/// Scales an image to `width` x `height`, as RGBA of 8 bits if it has alpha, else RGB of 8 bits.
pub(crate) fn scale(
    image: &DynamicImage,
    (width, height): (u32, u32),
    scaling: Scaling,
) -> Result<DynamicImage, Error> {
    let from = (image.width(), image.height());
    let error = || {
        Error::from(ErrorKind::NoPixels {
            width: from.0,
            height: from.1,
            size: width.max(height),
        })
    };
    if [from.0, from.1, width, height].contains(&0) {
        return Err(error());
    }
    let made = match image {
        DynamicImage::ImageRgb8(rgb) => typed::<U8x3>(rgb, from, (width, height), scaling)
            .and_then(|bytes| RgbImage::from_raw(width, height, bytes))
            .map(DynamicImage::ImageRgb8),
        DynamicImage::ImageRgba8(rgba) => typed::<U8x4>(rgba, from, (width, height), scaling)
            .and_then(|bytes| RgbaImage::from_raw(width, height, bytes))
            .map(DynamicImage::ImageRgba8),
        other => return scale(&eight_bits(other.clone()), (width, height), scaling),
    };
    made.ok_or_else(error)
}

fn typed<P: PixelTrait>(bytes: &[u8], from: (u32, u32), to: (u32, u32), scaling: Scaling) -> Option<Vec<u8>> {
    let options = match scaling {
        Scaling::Lanczos3 => ResizeOptions::new().resize_alg(ResizeAlg::Convolution(*LANCZOS3)),
        Scaling::BilinearCrop => ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
            .fit_into_destination(None),
    };
    let mut scaled = vec![0; to.0 as usize * to.1 as usize * P::size()];
    let source = TypedImageRef::<P>::from_buffer(from.0, from.1, bytes).ok()?;
    let mut target = TypedImage::<P>::from_buffer(to.0, to.1, &mut scaled).ok()?;
    // Typed for the two kinds alone: the untyped call would be compiled for fourteen.
    Resizer::new().resize_typed(&source, &mut target, &options).ok()?;
    Some(scaled)
}

/// The resizer's own filter computes two sines a weight, which is a tenth of the time of an
/// ingestion.
static LANCZOS3: LazyLock<FilterType> =
    LazyLock::new(|| Filter::new("Lanczos3", lanczos3, 3.0).map_or(FilterType::Lanczos3, FilterType::Custom));

/// sinc(x) sinc(x / 3) between -3 and 3. The sine of the larger angle follows from the sine of the
/// smaller: sin 3a = 3 sin a - 4 sin^3 a.
fn lanczos3(x: f64) -> f64 {
    if !(-3.0..3.0).contains(&x) {
        return 0.0;
    }
    let angle = x * PI / 3.0;
    if angle == 0.0 {
        return 1.0;
    }
    let sine = angle.sin();
    (3.0 - 4.0 * sine * sine) * sine * sine / (3.0 * angle * angle)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filter_is_the_product_of_two_sincs() {
        let sinc = |x: f64| if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) };
        for step in -500_i32..=500 {
            let x = f64::from(step) / 100.0;
            let expected = if x.abs() < 3.0 {
                sinc(x) * sinc(x / 3.0)
            } else {
                0.0
            };
            assert!((lanczos3(x) - expected).abs() < 1e-14, "{x}");
        }
    }
}
