//! Conversions to sRGB, made once for each profile.

use std::sync::{Arc, Mutex, PoisonError};

use moxcms::{
    ColorProfile as Profile, DataColorSpace, Layout, ProfileText, Transform8BitExecutor, TransformOptions,
};

/// A data set has a few profiles; a conversion takes about a millisecond to make.
const KEPT: usize = 16;
/// Colours that differ by no more, of 255, are taken for the same: the tables of sRGB's own
/// profiles differ from its formula by rounding.
const SAME: u8 = 2;
/// Steps of each of red, green and blue by which a profile is compared with sRGB.
const STEPS: usize = 9;

/// How a profile's colours become sRGB.
#[derive(Clone)]
pub(super) enum Conversion {
    /// They are it.
    IsSrgb,
    To {
        transform: Arc<Transform8BitExecutor>,
        description: String,
    },
}

struct Made {
    icc: Vec<u8>,
    layout: Layout,
    is_cmyk: bool,
    conversion: Option<Conversion>,
}

static MADE: Mutex<Vec<Made>> = Mutex::new(Vec::new());

/// The conversion from pixels of a layout, or `None` if the profile is damaged or for other pixels.
pub(super) fn conversion(icc: &[u8], layout: Layout, is_cmyk: bool) -> Option<Conversion> {
    let mut all = MADE.lock().unwrap_or_else(PoisonError::into_inner);
    let is_it = |made: &Made| made.layout == layout && made.is_cmyk == is_cmyk && made.icc == icc;
    if let Some(made) = all.iter().find(|made| is_it(made)) {
        return made.conversion.clone();
    }
    let conversion = make(icc, layout, is_cmyk);
    if all.len() == KEPT {
        all.remove(0);
    }
    all.push(Made {
        icc: icc.to_vec(),
        layout,
        is_cmyk,
        conversion: conversion.clone(),
    });
    conversion
}

fn make(icc: &[u8], layout: Layout, is_cmyk: bool) -> Option<Conversion> {
    let profile = Profile::new_from_slice(icc).ok()?;
    let expected = match layout {
        _ if is_cmyk => DataColorSpace::Cmyk,
        Layout::Gray => DataColorSpace::Gray,
        _ => DataColorSpace::Rgb,
    };
    if profile.color_space != expected {
        return None;
    }
    let to = match layout {
        Layout::Rgba if !is_cmyk => Layout::Rgba,
        _ => Layout::Rgb,
    };
    let options = TransformOptions {
        rendering_intent: profile.rendering_intent,
        ..TransformOptions::default()
    };
    let transform = profile
        .create_transform_8bit(layout, &Profile::new_srgb(), to, options)
        .ok()?;
    if !is_cmyk && is_srgb(&*transform, layout)? {
        return Some(Conversion::IsSrgb);
    }
    Some(Conversion::To {
        transform,
        description: description(&profile),
    })
}

/// Whether a grid of colours comes out as it went in.
fn is_srgb(transform: &Transform8BitExecutor, layout: Layout) -> Option<bool> {
    let level = |step: usize| (step * 255 / (STEPS - 1)) as u8;
    let (grid, expected): (Vec<u8>, Vec<u8>) = match layout {
        Layout::Gray => (
            (0..=255).collect(),
            (0..=255).flat_map(|grey| [grey; 3]).collect(),
        ),
        _ => {
            let colors =
                (0..STEPS.pow(3)).map(|at| [at % STEPS, at / STEPS % STEPS, at / STEPS / STEPS].map(level));
            let grid: Vec<u8> = match layout {
                Layout::Rgba => colors.flat_map(|[r, g, b]| [r, g, b, 255]).collect(),
                _ => colors.flatten().collect(),
            };
            (grid.clone(), grid)
        }
    };
    let mut found = vec![0; expected.len()];
    transform.transform(&grid, &mut found).ok()?;
    Some(found.iter().zip(&expected).all(|(a, b)| a.abs_diff(*b) <= SAME))
}

/// The profile's name on one line, at most 100 characters.
fn description(profile: &Profile) -> String {
    let text = match &profile.description {
        Some(ProfileText::PlainString(text)) => text.clone(),
        Some(ProfileText::Localizable(texts)) => {
            let english = texts.iter().find(|text| text.language == "en").or(texts.first());
            english.map(|text| text.value.clone()).unwrap_or_default()
        }
        Some(ProfileText::Description(text)) => text.ascii_string.clone(),
        None => String::new(),
    };
    let text: String = text.chars().filter(|c| !c.is_control()).take(100).collect();
    if text.trim().is_empty() {
        return "a profile without a name".to_owned();
    }
    text.trim().to_owned()
}
