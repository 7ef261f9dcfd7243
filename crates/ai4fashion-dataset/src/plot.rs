//! Charts as SVG and PNG, with a font of our own: of a data set's labels, lines, two pictures side by side, and what the colour
//! namer makes of a picture.
//!
//! Needs the feature `plot`.

mod axes;
mod bars;
mod canvas;
mod explained;
mod font;
mod groups;
mod heat_map;
mod lines;
mod overview;
mod pair;

use std::{fs, path::Path};

use ai4fashion_color::BasicColor;
use plotters::prelude::RGBColor;

use crate::{Distribution, Error, ProductType, error::count, write_atomic, write_png};
use bars::{Bar, BarChart};
use canvas::Draw;
pub use explained::explained;
pub use lines::{Line, LineChart};
pub use overview::{Drawn, overview};
pub use pair::side_by_side;

/// Size of a chart in pixels.
const SIZE: (u32, u32) = (1100, 560);
/// The bars of product types: a blue that stands out from white for everybody
/// (M. Okabe, K. Ito, Color Universal Design, 2008).
const TYPE_COLOR: RGBColor = RGBColor(0, 114, 178);
/// The bar of pictures without a known type.
const UNKNOWN_COLOR: RGBColor = RGBColor(170, 170, 170);

/// Draws the seed's two charts to `folder`, which is created: `colors` (each name's bar in its own colour) and
/// `types`, both as `.svg` and `.png`.
///
/// # Errors
/// If a file cannot be written.
pub fn distributions(labels: &Distribution, folder: impl AsRef<Path>) -> Result<(), Error> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    let [colors_name, types_name] = DISTRIBUTIONS;
    write(&colors(labels), &folder.join(colors_name))?;
    write(&types(labels), &folder.join(types_name))
}

/// What the files of [`distributions`] are called, without extension.
pub(crate) const DISTRIBUTIONS: [&str; 2] = ["colors", "types"];

fn colors(labels: &Distribution) -> BarChart {
    let bars = BasicColor::ALL.map(|color| {
        let [red, green, blue] = color.srgb();
        Bar {
            name: color.to_string(),
            count: labels.color(color),
            fill: RGBColor(red, green, blue),
        }
    });
    BarChart {
        title: format!("Colour usage, {}", count(labels.total(), "picture")),
        bars: bars.into(),
    }
}

fn types(labels: &Distribution) -> BarChart {
    let mut bars: Vec<Bar> = ProductType::ALL
        .map(|known| Bar {
            name: known.to_string(),
            count: labels.product_type(Some(known)),
            fill: TYPE_COLOR,
        })
        .into();
    let unknown = labels.product_type(None);
    if unknown > 0 {
        bars.push(Bar {
            name: "not known".to_owned(),
            count: unknown,
            fill: UNKNOWN_COLOR,
        });
    }
    BarChart {
        title: format!("Product type usage, {}", count(labels.total(), "picture")),
        bars,
    }
}

/// Writes a chart to `path` with `.svg` and `.png`.
fn write(chart: &BarChart, path: &Path) -> Result<(), Error> {
    write_atomic(path.with_extension("svg"), chart.svg(SIZE)?.as_bytes())?;
    write_png(path.with_extension("png"), &chart.picture(SIZE)?)
}
