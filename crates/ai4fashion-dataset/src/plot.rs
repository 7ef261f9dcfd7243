//! Distribution charts as SVG and PNG, with a font of our own.
//!
//! Needs the feature `plot`.

mod bars;
mod font;

use std::{error::Error as StdError, fs, io::Cursor, path::Path};

use ai4fashion_color::BasicColor;
use image::{ImageFormat, RgbImage};
use plotters::prelude::RGBColor;

use crate::{Distribution, Error, ErrorKind, ProductType};
use bars::{Bar, Chart};
pub use font::{FONT, ensure_font, with_font};

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
pub fn distributions(labels: &Distribution, folder: &Path) -> Result<(), Error> {
    fs::create_dir_all(folder).map_err(Error::io("create", folder))?;
    draw(&colors(labels), &folder.join("colors"))?;
    draw(&types(labels), &folder.join("types"))
}

fn colors(labels: &Distribution) -> Chart {
    let bars = BasicColor::ALL.map(|color| {
        let (red, green, blue) = color.srgb().into_components();
        Bar {
            name: color.to_string(),
            count: labels.color(color),
            fill: RGBColor(red, green, blue),
        }
    });
    Chart {
        title: format!("Colour usage, {}", pictures(labels.total())),
        bars: bars.into(),
    }
}

fn types(labels: &Distribution) -> Chart {
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
    Chart {
        title: format!("Product type usage, {}", pictures(labels.total())),
        bars,
    }
}

fn pictures(count: usize) -> String {
    if count == 1 {
        "1 picture".to_owned()
    } else {
        format!("{count} pictures")
    }
}

/// Draws a chart to `path` with `.svg` and `.png`.
fn draw(chart: &Chart, path: &Path) -> Result<(), Error> {
    let svg = path.with_extension("svg");
    let text = chart.svg(SIZE).map_err(|source| failed(&svg, source))?;
    fs::write(&svg, text).map_err(Error::io("write", &svg))?;

    let png = path.with_extension("png");
    let mut bytes = Cursor::new(Vec::new());
    let encoded = chart.pixels(SIZE).and_then(|pixels| {
        let page =
            RgbImage::from_raw(SIZE.0, SIZE.1, pixels).ok_or("the page has another size than its buffer")?;
        Ok(page.write_to(&mut bytes, ImageFormat::Png)?)
    });
    encoded.map_err(|source| failed(&png, source))?;
    fs::write(&png, bytes.into_inner()).map_err(Error::io("write", &png))
}

fn failed(path: &Path, source: Box<dyn StdError + Send + Sync>) -> Error {
    ErrorKind::Draw {
        path: path.to_owned(),
        source,
    }
    .into()
}
