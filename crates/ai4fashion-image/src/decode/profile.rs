//! Colour profiles (ICC) of files, converted to sRGB.

mod transforms;

use std::panic::{AssertUnwindSafe, catch_unwind};

use image::{DynamicImage, RgbImage, RgbaImage};
use moxcms::Layout;

use transforms::{Conversion, conversion};

/// What a file says of its colours, and what was done about it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColorProfile {
    /// The file has no profile: its colours are taken for sRGB.
    #[default]
    Missing,
    /// The profile's colours are sRGB's within 2 of 255 levels; nothing was converted.
    Srgb,
    /// The colours were converted to sRGB from the profile of this description.
    Converted(String),
    /// The profile is damaged or of another kind than the image; the colours are taken for sRGB.
    Unusable,
}

/// Converts the colours of an image to sRGB, and the image to 8 bits where it has a profile.
pub(super) fn to_srgb(image: &mut DynamicImage, icc: Option<&[u8]>) -> ColorProfile {
    let Some(icc) = icc else {
        return ColorProfile::Missing;
    };
    let converted = |image: &DynamicImage| match image.color().has_color() {
        true => in_color(image, icc),
        // A grey image may have a profile of colours, too.
        false => of_grey(image, icc).or_else(|| in_color(image, icc)),
    };
    let found = catch_unwind(AssertUnwindSafe(|| converted(image)));
    let Ok(Some((converted, profile))) = found else {
        return ColorProfile::Unusable;
    };
    if let Some(converted) = converted {
        *image = converted;
    }
    profile
}

/// Converts CMYK, 255 being all ink, if there is a profile that can be used.
pub(super) fn cmyk_to_srgb(inks: &[u8], icc: Option<&[u8]>) -> (Option<Vec<u8>>, ColorProfile) {
    let Some(icc) = icc else {
        return (None, ColorProfile::Missing);
    };
    let converted = || match conversion(icc, Layout::Rgba, true)? {
        Conversion::To {
            transform,
            description,
        } => {
            let mut rgb = vec![0; inks.len() / 4 * 3];
            transform.transform(inks, &mut rgb).ok()?;
            Some((rgb, description))
        }
        Conversion::IsSrgb => None,
    };
    match catch_unwind(AssertUnwindSafe(converted)) {
        Ok(Some((rgb, description))) => (Some(rgb), ColorProfile::Converted(description)),
        _ => (None, ColorProfile::Unusable),
    }
}

/// The image if anything changed, and what was done; `None` if the profile cannot be used.
type Outcome = Option<(Option<DynamicImage>, ColorProfile)>;

fn in_color(image: &DynamicImage, icc: &[u8]) -> Outcome {
    let has_alpha = image.color().has_alpha();
    let layout = if has_alpha { Layout::Rgba } else { Layout::Rgb };
    let (transform, description) = match conversion(icc, layout, false)? {
        Conversion::IsSrgb => return Some((None, ColorProfile::Srgb)),
        Conversion::To {
            transform,
            description,
        } => (transform, description),
    };
    let (width, height) = (image.width(), image.height());
    let run = |bytes: &[u8]| {
        let mut converted = vec![0; bytes.len()];
        transform.transform(bytes, &mut converted).ok()?;
        Some(converted)
    };
    let converted = if has_alpha {
        RgbaImage::from_raw(width, height, run(&image.to_rgba8())?)?.into()
    } else if let DynamicImage::ImageRgb8(rgb) = image {
        RgbImage::from_raw(width, height, run(rgb)?)?.into()
    } else {
        RgbImage::from_raw(width, height, run(&image.to_rgb8())?)?.into()
    };
    Some((Some(converted), ColorProfile::Converted(description)))
}

fn of_grey(image: &DynamicImage, icc: &[u8]) -> Outcome {
    let (transform, description) = match conversion(icc, Layout::Gray, false)? {
        Conversion::IsSrgb => return Some((None, ColorProfile::Srgb)),
        Conversion::To {
            transform,
            description,
        } => (transform, description),
    };
    let levels: Vec<u8> = (0..=u8::MAX).collect();
    let mut table = vec![0; 3 * levels.len()];
    transform.transform(&levels, &mut table).ok()?;
    let (table, _) = table.as_chunks::<3>();
    let converted = if image.color().has_alpha() {
        let mut rgba = image.to_rgba8();
        for pixel in rgba.pixels_mut() {
            let [r, g, b] = table[usize::from(pixel.0[0])];
            pixel.0 = [r, g, b, pixel.0[3]];
        }
        rgba.into()
    } else {
        let mut rgb = image.to_rgb8();
        rgb.pixels_mut()
            .for_each(|pixel| pixel.0 = table[usize::from(pixel.0[0])]);
        rgb.into()
    };
    Some((Some(converted), ColorProfile::Converted(description)))
}
