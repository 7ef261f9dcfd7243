//! JPEG files, at full size or at the half, quarter or eighth of it.
//!
//! `libjpeg-turbo-rs` follows libjpeg-turbo to the bit, which most programs decode with.

mod cmyk;
mod header;
mod markers;

use image::{DynamicImage, GrayImage, RgbImage};
use libjpeg_turbo_rs::{DecodeLimits, Decoder, Image, JpegError, PixelFormat, ScalingFactor};

use super::{Decoded, demand::Task, profile};
use crate::error::{Error, ErrorKind};
use header::Header;

/// Decodes a JPEG; with a size, at the smallest scale whose longer side is at least that.
pub(super) fn decode(task: &Task<'_>) -> Result<Decoded, Error> {
    let bytes = task.bytes;
    let end = markers::end_of_image(bytes).ok_or(ErrorKind::Truncated)?;
    let Header {
        encoded,
        scale,
        format,
        demand,
    } = Header::read(task, end.at)?;
    task.admit(encoded, &demand)?;
    let decoder = opened(bytes)?
        .with_output_format(format)
        .with_scale(ScalingFactor::try_new(1, scale).map_err(failed)?);
    let image = match decoder.decode_image() {
        // The data end, but at a byte that only looks like a marker.
        Err(error @ JpegError::UnexpectedEof) if end.is_behind_damage => return Err(damaged(error)),
        found => found.map_err(failed)?,
    };
    if !markers::has_all_coefficients(&bytes[..end.at]) {
        return Err(ErrorKind::Truncated.into());
    }
    with_profile(image, format, encoded)
}

fn opened(bytes: &[u8]) -> Result<Decoder<'_>, Error> {
    let mut of_decoder = DecodeLimits::strict();
    (of_decoder.max_width, of_decoder.max_height) = (usize::from(u16::MAX), usize::from(u16::MAX));
    // Pixels and memory are checked before anything is decoded, with errors of our own.
    (of_decoder.max_pixels, of_decoder.max_memory) = (u64::MAX, None);
    Decoder::new_with_limits(bytes, of_decoder).map_err(failed)
}

fn with_profile(mut image: Image, format: PixelFormat, encoded: (u32, u32)) -> Result<Decoded, Error> {
    let icc = image.icc_profile().map(<[u8]>::to_vec);
    let size = [image.width, image.height].map(|side| u32::try_from(side).unwrap_or(0));
    let [width, height] = size;
    let icc = icc.as_deref();
    let data = std::mem::take(&mut image.data);
    let (image, profile) = match format {
        PixelFormat::Grayscale => {
            let grey = GrayImage::from_raw(width, height, data).map(DynamicImage::ImageLuma8);
            let mut grey = grey.ok_or_else(incomplete)?;
            let profile = profile::to_srgb(&mut grey, icc);
            (grey, profile)
        }
        PixelFormat::Cmyk => {
            let (rgb, profile) = cmyk::to_srgb(&data, icc);
            let rgb = RgbImage::from_raw(width, height, rgb).map(DynamicImage::ImageRgb8);
            (rgb.ok_or_else(incomplete)?, profile)
        }
        _ => {
            let rgb = RgbImage::from_raw(width, height, data).map(DynamicImage::ImageRgb8);
            let mut rgb = rgb.ok_or_else(incomplete)?;
            let profile = profile::to_srgb(&mut rgb, icc);
            (rgb, profile)
        }
    };
    Ok(Decoded {
        image,
        profile,
        encoded,
    })
}

fn incomplete() -> Error {
    ErrorKind::DecoderPanicked.into()
}

fn unsupported(what: String) -> Error {
    ErrorKind::Unsupported { what }.into()
}

fn failed(error: JpegError) -> Error {
    match error {
        JpegError::Unsupported(what) => unsupported(format!("JPEG with {what}")),
        JpegError::UnexpectedEof => ErrorKind::Truncated.into(),
        other => damaged(other),
    }
}

fn damaged(error: JpegError) -> Error {
    let source = error.into();
    ErrorKind::Damaged { source }.into()
}
