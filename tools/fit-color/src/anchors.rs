//! Garments of one colour each, so that the model is right on colours that no photo has.

use std::path::Path;

use ai4fashion_color::{
    BasicColor, fitting,
    palette::{IntoColor, Oklch, Srgb},
};
use anyhow::Context;

use crate::NAMES;

/// From this chroma in Oklab on, people's words for colours on screens count; below it, cloth is called by other words than
/// screens (off-white, heather grey, black), and white is nearly absent from their table.
const COLORFUL: f32 = 0.08;

/// A garment of one colour.
#[derive(Debug)]
pub(crate) struct Anchor {
    pub(crate) features: fitting::Sparse,
    /// How likely each name is.
    pub(crate) names: [f32; NAMES.len()],
    /// What it counts, as a part of all of its kind.
    pub(crate) share: f32,
}

/// The colours with little chroma that the table of van de Weijer et al. is sure of: every third level of each component,
/// and each neutral grey. Those count more, being a line in a space: what has no hue is most of what people wear.
pub(crate) fn greys() -> Vec<Anchor> {
    const SURE: f32 = 0.9;
    const SURE_OF_GREY: f32 = 0.75;
    const GREY: f32 = 8.0;
    let levels = || 0..32_u8;
    let cells = levels().flat_map(|r| levels().flat_map(move |g| levels().map(move |b| [r, g, b])));
    let weighed = cells.filter_map(|cell| {
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
    shared(weighed.collect())
}

/// The colourful colours that most people of the xkcd survey give one of the eleven names, with how many gave each: a table
/// with the columns `r`, `g`, `b8` and the names.
pub(crate) fn words(table: &Path) -> anyhow::Result<Vec<Anchor>> {
    const FEWEST: f32 = 20.0;
    const MOST: f32 = 0.5;
    let mut reader = csv::Reader::from_path(table)?;
    let header = reader.headers()?.clone();
    let place = |column: &str| {
        let found = header.iter().position(|name| name == column);
        found.with_context(|| format!("there is no column `{column}`"))
    };
    let components = [place("r")?, place("g")?, place("b8")?];
    let columns = BasicColor::ALL.map(|color| place(color.name()));
    let columns: Vec<usize> = columns.into_iter().collect::<Result<_, _>>()?;
    let mut weighed = Vec::new();
    for row in reader.records() {
        let row = row?;
        // Some colours of the table are none of sRGB.
        let [Ok(r), Ok(g), Ok(b)] = components.map(|place| row[place].parse()) else {
            continue;
        };
        let mut names = [0.0; NAMES.len()];
        for (name, column) in names.iter_mut().zip(&columns) {
            *name = row[*column].parse::<f32>()?;
        }
        let all: f32 = names.iter().sum();
        let most = names.into_iter().fold(0.0, f32::max);
        if all >= FEWEST && most >= MOST * all && chroma([r, g, b]) >= COLORFUL {
            weighed.push(([r, g, b], names.map(|name| name / all), 1.0));
        }
    }
    Ok(shared(weighed))
}

fn shared(weighed: Vec<([u8; 3], [f32; NAMES.len()], f32)>) -> Vec<Anchor> {
    let total: f32 = weighed.iter().map(|(_, _, weight)| weight).sum();
    let anchor = |(rgb, names, weight)| Anchor {
        features: fitting::flat(rgb),
        names,
        share: weight / total,
    };
    weighed.into_iter().map(anchor).collect()
}

fn chroma(rgb: [u8; 3]) -> f32 {
    let color: Oklch = Srgb::from(rgb).into_format::<f32>().into_color();
    color.chroma
}
