//! Garments of one colour each, so that the model is right on colours that no photo has.

use std::path::Path;

use ai4fashion_color::{__private as fitting, BasicColor};
use fit_common::{COLORFUL, NAMES, read_survey};
use palette::{IntoColor, Oklch, Srgb};

/// A garment of one colour.
#[derive(Debug)]
pub(crate) struct Anchor {
    pub(crate) features: fitting::Sparse,
    /// Probability of each name.
    pub(crate) names: [f32; NAMES.len()],
    /// Fraction of the weight of all anchors of its kind.
    pub(crate) fraction: f32,
}

/// Returns the colours with little chroma that have a clear name in the published table: every
/// third level of each component, and each neutral grey.
///
/// Greys count more, as a line in a space: most of what people wear has no hue.
pub(crate) fn greys() -> Vec<Anchor> {
    const SURE: f32 = 0.9;
    const SURE_OF_GREY: f32 = 0.75;
    const GREY: f32 = 8.0;
    let levels = || 0..32_u8;
    let cells = levels().flat_map(|r| levels().flat_map(move |g| levels().map(move |b| [r, g, b])));
    let weighted = cells.filter_map(|cell| {
        let rgb = cell.map(|level| 8 * level + 4);
        let names = fitting::sharpened(rgb);
        let surest = names.into_iter().fold(0.0, f32::max);
        let is_grey = cell[0] == cell[1] && cell[1] == cell[2];
        let on_grid = cell.iter().all(|level| level % 3 == 0);
        let weight = match is_grey {
            true if surest > SURE_OF_GREY => GREY,
            false if on_grid && surest > SURE && chroma(rgb) < COLORFUL => 1.0,
            _ => return None,
        };
        Some((rgb, names, weight))
    });
    normalized(weighted.collect())
}

/// Returns the colourful colours that most people in a survey give one of the eleven names.
pub(crate) fn survey(table: &Path) -> anyhow::Result<Vec<Anchor>> {
    const FEWEST: f32 = 20.0;
    const MOST: f32 = 0.5;
    let weighted = read_survey(table)?.into_iter().filter_map(|entry| {
        let (people, (_, most)) = (entry.people(), entry.most());
        let is_sure = people >= FEWEST && most >= MOST * people && entry.oklch().chroma >= COLORFUL;
        is_sure.then(|| (entry.rgb, entry.names.map(|name| name / people), 1.0))
    });
    Ok(normalized(weighted.collect()))
}

/// Returns the light colours with little chroma that people in a survey call by a name with a hue.
///
/// The published table is sure of the name of nearly none of them. Light colours that people call
/// grey or white are left out: cloth is off-white, not grey.
pub(crate) fn pale(table: &Path) -> anyhow::Result<Vec<Anchor>> {
    const FEWEST: f32 = 10.0;
    const MOST: f32 = 0.35;
    const LIGHT: f32 = 0.85;
    const LEAST_CHROMA: f32 = 0.04;
    let weighted = read_survey(table)?.into_iter().filter_map(|entry| {
        let (people, (name, most)) = (entry.people(), entry.most());
        let Oklch { l, chroma, .. } = entry.oklch();
        let is_pale = l >= LIGHT && (LEAST_CHROMA..COLORFUL).contains(&chroma);
        let has_hue = !matches!(name, BasicColor::Grey | BasicColor::White);
        let is_sure = people >= FEWEST && most >= MOST * people;
        (is_pale && has_hue && is_sure).then(|| (entry.rgb, entry.names.map(|name| name / people), 1.0))
    });
    Ok(normalized(weighted.collect()))
}

fn normalized(weighted: Vec<([u8; 3], [f32; NAMES.len()], f32)>) -> Vec<Anchor> {
    let total: f32 = weighted.iter().map(|(_, _, weight)| weight).sum();
    let anchor = |(rgb, names, weight)| Anchor {
        features: fitting::single_color(rgb),
        names,
        fraction: weight / total,
    };
    weighted.into_iter().map(anchor).collect()
}

fn chroma(rgb: [u8; 3]) -> f32 {
    oklch(rgb).chroma
}

fn oklch(rgb: [u8; 3]) -> Oklch {
    Srgb::from(rgb).into_format::<f32>().into_color()
}
