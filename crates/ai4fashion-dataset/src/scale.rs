//! The SIMD resizer, for the two kinds of pixels that pictures have here.

use fast_image_resize::{
    FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer,
    images::{TypedImage, TypedImageRef},
    pixels::{U8x3, U8x4},
};
use image::{DynamicImage, RgbImage, RgbaImage};

use crate::{Error, ErrorKind};

/// What is scaled to a size, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Scaling {
    /// The whole picture, sharply.
    Lanczos3,
    /// The largest part in the middle that has the proportions of the size, smoothly.
    BilinearCrop,
}

/// `picture` (RGB or RGBA of 8 bits) at `width` x `height`.
pub(crate) fn scale(
    picture: &DynamicImage,
    (width, height): (u32, u32),
    scaling: Scaling,
) -> Result<DynamicImage, Error> {
    let from = (picture.width(), picture.height());
    let error = || {
        Error::from(ErrorKind::Scale {
            width: from.0,
            height: from.1,
            size: width.max(height),
        })
    };
    if [from.0, from.1, width, height].contains(&0) {
        return Err(error());
    }
    let made = match picture {
        DynamicImage::ImageRgb8(rgb) => typed::<U8x3>(rgb, from, (width, height), scaling)
            .and_then(|bytes| RgbImage::from_raw(width, height, bytes))
            .map(DynamicImage::ImageRgb8),
        DynamicImage::ImageRgba8(rgba) => typed::<U8x4>(rgba, from, (width, height), scaling)
            .and_then(|bytes| RgbaImage::from_raw(width, height, bytes))
            .map(DynamicImage::ImageRgba8),
        _ => None,
    };
    made.ok_or_else(error)
}

fn typed<P: PixelTrait>(bytes: &[u8], from: (u32, u32), to: (u32, u32), scaling: Scaling) -> Option<Vec<u8>> {
    let options = match scaling {
        Scaling::Lanczos3 => ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)),
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
