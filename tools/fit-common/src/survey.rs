//! Names that people in a survey give to colours on screens.

use std::path::Path;

use ai4fashion_color::BasicColor;
use anyhow::Context;
use palette::{IntoColor, Oklch, Srgb};

use crate::names::NAMES;

/// From this chroma in Oklab, the names of a survey on screens count. Below it, cloth is called by
/// other words than screens (off-white, heather grey, black), and white is nearly absent from the
/// survey.
pub const COLORFUL: f32 = 0.08;

/// A colour, and the number of people who gave it each name.
#[derive(Debug)]
pub struct Surveyed {
    /// sRGB components
    pub rgb: [u8; 3],
    /// Number of people by name, in the order of [`BasicColor`]
    pub names: [f32; NAMES.len()],
}

impl Surveyed {
    /// Returns the number of people who gave it one of the names.
    #[must_use]
    pub fn people(&self) -> f32 {
        self.names.iter().sum()
    }

    /// Returns lightness, chroma and hue in Oklab.
    #[must_use]
    pub fn oklch(&self) -> Oklch {
        Srgb::from(self.rgb).into_format::<f32>().into_color()
    }

    /// Returns the most frequent name and its number of people.
    #[must_use]
    pub fn most(&self) -> (BasicColor, f32) {
        let counts = BasicColor::ALL.into_iter().zip(self.names);
        let first = (BasicColor::Black, f32::NEG_INFINITY);
        counts.fold(first, |most, each| if each.1 > most.1 { each } else { most })
    }
}

/// Reads a CSV table with the columns `r`, `g`, `b8` and the names, in any order. Rows that are no
/// colour of sRGB are left out.
///
/// # Errors
/// If the table cannot be read, lacks a column, or has a count that is no number.
pub fn read_survey(table: &Path) -> anyhow::Result<Vec<Surveyed>> {
    let mut reader = csv::Reader::from_path(table)?;
    let header = reader.headers()?.clone();
    let place = |column: &str| {
        let found = header.iter().position(|name| name == column);
        found.with_context(|| format!("there is no column `{column}`"))
    };
    let components = [place("r")?, place("g")?, place("b8")?];
    let columns = NAMES.map(place).into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::new();
    for (row, number) in reader.records().zip(2..) {
        let row = row?;
        let [Ok(r), Ok(g), Ok(b)] = components.map(|place| row[place].parse()) else {
            continue;
        };
        let mut names = [0.0; NAMES.len()];
        for (name, column) in names.iter_mut().zip(&columns) {
            let count = row[*column].parse();
            *name = count.with_context(|| format!("row {number}: `{}` is no count", &row[*column]))?;
        }
        all.push(Surveyed {
            rgb: [r, g, b],
            names,
        });
    }
    Ok(all)
}
