//! What the header of a JPEG tells: how it is decoded, and the memory that takes.

use libjpeg_turbo_rs::{
    ColorSpace, PixelFormat,
    common::types::{ComponentInfo, FrameHeader},
};

use super::{markers, opened, unsupported};
use crate::{
    decode::demand::{Demand, Task},
    error::Error,
};

/// Bytes of the coefficients of a block of 8 x 8, and what the decoder notes of it.
const BLOCK: u64 = 128 + 1;
/// Copies of the metadata: of the decoder, of its image, and of the image's profile.
const COPIES: usize = 4;

pub(super) struct Header {
    /// Width and height in the file.
    pub(super) encoded: (u32, u32),
    /// By what width and height are divided: 1, 2, 4 or 8.
    pub(super) scale: u32,
    pub(super) format: PixelFormat,
    pub(super) demand: Demand,
}

impl Header {
    /// Reads a header, and refuses what is not supported or has too many pixels; `end` is where the
    /// end marker is.
    pub(super) fn read(task: &Task<'_>, end: usize) -> Result<Self, Error> {
        let decoder = opened(task.bytes)?;
        let header = decoder.header();
        let encoded = (u32::from(header.width), u32::from(header.height));
        task.limits.check_size(encoded.0, encoded.1)?;
        if header.precision != 8 {
            return Err(unsupported(format!("JPEG of {} bits", header.precision)));
        }
        if let Some((luma, others)) = header.components.split_first() {
            let is_finer = |other: &ComponentInfo| {
                other.horizontal_sampling > luma.horizontal_sampling
                    || other.vertical_sampling > luma.vertical_sampling
            };
            if others.iter().any(is_finer) {
                return Err(unsupported(
                    "JPEG whose colours are sampled finer than its brightness".to_owned(),
                ));
            }
        }
        let longer = encoded.0.max(encoded.1);
        let scale = task.at_least.map_or(1, |size| scale(longer, size));
        let format = match decoder.jpeg_color_space() {
            ColorSpace::Grayscale => PixelFormat::Grayscale,
            ColorSpace::Cmyk | ColorSpace::Ycck => PixelFormat::Cmyk,
            _ => PixelFormat::Rgb,
        };
        let of_header = markers::header_length(&task.bytes[..end]);
        Ok(Self {
            encoded,
            scale,
            format,
            demand: Demand {
                has_profile: markers::has_profile(&task.bytes[..of_header]),
                copies: (COPIES * of_header) as u64,
                ..demand(header, format, scale)
            },
        })
    }
}

/// The largest of 1, 2, 4 and 8 by which `longer` may be divided and still be `at_least`.
fn scale(longer: u32, at_least: u32) -> u32 {
    [8, 4, 2]
        .into_iter()
        .find(|scale| longer.div_ceil(*scale) >= at_least)
        .unwrap_or(1)
}

fn demand(header: &FrameHeader, format: PixelFormat, scale: u32) -> Demand {
    let scale = u64::from(scale);
    let sampling = |of: fn(&ComponentInfo) -> u8| {
        let found = header.components.iter().map(|component| u64::from(of(component)));
        found.max().unwrap_or(1).max(1)
    };
    let across = sampling(|component| component.horizontal_sampling);
    let down = sampling(|component| component.vertical_sampling);
    let wide = u64::from(header.width).div_ceil(8 * across);
    let high = u64::from(header.height).div_ceil(8 * down);
    let size = [header.width, header.height].map(|side| u64::from(side).div_ceil(scale));
    let pixels = size[0] * size[1];
    // With a whole number of units of all components.
    let padded = wide * across * high * down * (8 / scale).pow(2);
    let (mut blocks, mut planes) = (0, 0);
    for component in &header.components {
        let [of_width, of_height] =
            [component.horizontal_sampling, component.vertical_sampling].map(u64::from);
        let own = wide * of_width * high * of_height;
        blocks += own;
        // Coarser components are scaled down less.
        planes += if scale == 1 { own * 64 } else { padded };
    }
    let upsampled = if is_usual(&header.components) && scale == 1 {
        0
    } else {
        2 * padded
    };
    let coefficients = if header.is_progressive { blocks * BLOCK } else { 0 };
    let of_lossless = if header.is_lossless {
        4 * padded * header.components.len() as u64
    } else {
        0
    };
    let is_cmyk = format == PixelFormat::Cmyk;
    let per_pixel = format.bytes_per_pixel() as u64;
    // The coefficients are dropped before there is an image.
    let before = (planes + coefficients).saturating_sub(pixels * per_pixel);
    let decoding = before.max(planes + upsampled) + of_lossless;
    Demand {
        size: size.into(),
        per_pixel,
        has_alpha: false,
        has_profile: false,
        // CMYK is turned to RGB from a copy of the inks.
        own: decoding.max(if is_cmyk { 7 * pixels } else { 0 }),
        copies: 0,
    }
}

/// Whether the decoder scales colours up row by row, and not as whole planes.
fn is_usual(components: &[ComponentInfo]) -> bool {
    let sampling = |it: &ComponentInfo| (it.horizontal_sampling, it.vertical_sampling);
    match components {
        [_] => true,
        [luma, others @ ..] => {
            let is_usual = matches!(
                sampling(luma),
                (1, 1) | (2, 1) | (1, 2) | (2, 2) | (4, 1) | (1, 4)
            );
            is_usual && others.len() == 2 && others.iter().all(|it| sampling(it) == (1, 1))
        }
        [] => false,
    }
}
