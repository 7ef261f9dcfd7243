//! The SIMD resizer.

use std::{f64::consts::PI, sync::LazyLock};

use fast_image_resize::{
    Filter, FilterType, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::{InnerPixel as _, U8x3},
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
    let to = (width, height);
    let made = match image {
        DynamicImage::ImageRgb8(rgb) => scaled(rgb, from, to, scaling)
            .and_then(|bytes| RgbImage::from_raw(width, height, bytes))
            .map(DynamicImage::ImageRgb8),
        DynamicImage::ImageRgba8(rgba) => scaled_with_alpha(rgba, to, scaling).map(DynamicImage::ImageRgba8),
        other => return scale(&eight_bits(other.clone()), to, scaling),
    };
    made.ok_or_else(error)
}

/// Scales the bytes of an RGB image.
fn scaled(bytes: &[u8], from: (u32, u32), to: (u32, u32), scaling: Scaling) -> Option<Vec<u8>> {
    let options = match scaling {
        Scaling::Lanczos3 => ResizeOptions::new().resize_alg(ResizeAlg::Convolution(*LANCZOS3)),
        Scaling::BilinearCrop => ResizeOptions::new()
            .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear))
            .fit_into_destination(None),
    };
    let mut scaled = vec![0; to.0 as usize * to.1 as usize * U8x3::size()];
    let source = TypedImageRef::<U8x3>::from_buffer(from.0, from.1, bytes).ok()?;
    let mut target = TypedImage::<U8x3>::from_buffer(to.0, to.1, &mut scaled).ok()?;
    // Typed for one kind: the untyped call would be compiled for fourteen.
    Resizer::new().resize_typed(&source, &mut target, &options).ok()?;
    Some(scaled)
}

/// Scales colours by how opaque they are: what is transparent gives its colour to nothing.
///
/// Colours and alpha are scaled as two RGB images, one after the other. The resizer has a call for
/// RGBA, which takes longer to compile than all else in this crate together.
fn scaled_with_alpha(rgba: &RgbaImage, to: (u32, u32), scaling: Scaling) -> Option<RgbaImage> {
    let scaled_as = |bytes: Vec<u8>| scaled(&bytes, rgba.dimensions(), to, scaling);
    let colors = scaled_as(rgb_of(rgba, |[red, green, blue, alpha]| {
        [red, green, blue].map(|value| rounded(u32::from(value) * u32::from(alpha), 255))
    }))?;
    let alphas = scaled_as(rgb_of(rgba, |[_, _, _, alpha]| [alpha; 3]))?;
    let (colors, alphas) = (colors.as_chunks::<3>().0, alphas.as_chunks::<3>().0);
    let pixels = colors.iter().zip(alphas).flat_map(|(color, [alpha, ..])| {
        let [red, green, blue] = color.map(|value| rounded(u32::from(value) * 255, u32::from(*alpha)));
        [red, green, blue, *alpha]
    });
    RgbaImage::from_raw(to.0, to.1, pixels.collect())
}

/// An RGB image of the size of an RGBA image, pixel by pixel.
fn rgb_of(rgba: &RgbaImage, rgb: impl Fn([u8; 4]) -> [u8; 3]) -> Vec<u8> {
    let pixels = rgba.as_chunks::<4>().0;
    let mut bytes = vec![0; 3 * pixels.len()];
    for (to, pixel) in bytes.as_chunks_mut::<3>().0.iter_mut().zip(pixels) {
        *to = rgb(*pixel);
    }
    bytes
}

/// The quotient, rounded, at most 255; 0 for the divisor 0.
fn rounded(value: u32, divisor: u32) -> u8 {
    let quotient = (value + divisor / 2).checked_div(divisor).unwrap_or(0);
    u8::try_from(quotient).unwrap_or(u8::MAX)
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
    use image::Rgba;

    use super::*;

    #[test]
    fn transparent_pixels_give_their_color_to_nothing() {
        let half = RgbaImage::from_fn(8, 8, |x, _| match x {
            0..4 => Rgba([200, 40, 90, 255]),
            _ => Rgba([0, 255, 0, 0]),
        });
        for scaling in [Scaling::Lanczos3, Scaling::BilinearCrop] {
            let smaller = scale(&half.clone().into(), (5, 5), scaling).unwrap().into_rgba8();
            // A Lanczos filter overshoots a little.
            let alphas = [0, 2, 4].map(|x| smaller.get_pixel(x, 2).0[3]);
            assert!(
                alphas[0] > 245 && (100..156).contains(&alphas[1]) && alphas[2] < 10,
                "{alphas:?}"
            );
            for x in [0, 2] {
                let [red, green, blue, _] = smaller.get_pixel(x, 2).0;
                let apart = [red.abs_diff(200), green.abs_diff(40), blue.abs_diff(90)];
                assert!(apart.iter().all(|levels| *levels <= 1), "{apart:?} at {x}");
            }
        }
    }

    #[test]
    fn opaque_pixels_are_scaled_as_without_alpha() {
        let rgb = RgbImage::from_fn(23, 17, |x, y| {
            image::Rgb([(x * 11) as u8, (y * 15) as u8, (x * y) as u8])
        });
        let rgba = DynamicImage::ImageRgb8(rgb.clone()).into_rgba8();
        for size in [(9, 5), (40, 31)] {
            let [plain, opaque] = [rgb.clone().into(), rgba.clone().into()]
                .map(|image: DynamicImage| scale(&image, size, Scaling::Lanczos3).unwrap());
            assert_eq!(plain, DynamicImage::ImageRgb8(opaque.to_rgb8()));
            assert!(opaque.into_rgba8().pixels().all(|pixel| pixel.0[3] == 255));
        }
    }

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
