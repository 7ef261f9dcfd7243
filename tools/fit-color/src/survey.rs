//! Names that people give to colours on screens, and how often the crate agrees.

use std::path::Path;

use ai4fashion_color::{
    __private::published,
    BasicColor, ColorClassifier,
    image::{Rgba, RgbaImage},
};
use anyhow::Context;

use crate::names::NAMES;

/// A colour, and the number of people who gave it each name.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) rgb: [u8; 3],
    pub(crate) names: [f32; NAMES.len()],
}

impl Entry {
    /// Returns the number of people who gave it one of the names.
    pub(crate) fn people(&self) -> f32 {
        self.names.iter().sum()
    }

    /// Returns the most frequent name and its number of people.
    pub(crate) fn most(&self) -> (BasicColor, f32) {
        let counts = BasicColor::ALL.into_iter().zip(self.names);
        let first = (BasicColor::Black, f32::NEG_INFINITY);
        counts.fold(first, |most, each| if each.1 > most.1 { each } else { most })
    }
}

/// Reads a CSV table with the columns `r`, `g`, `b8` and the names, in any order. Rows that are no
/// colour of sRGB are left out.
pub(crate) fn read(table: &Path) -> anyhow::Result<Vec<Entry>> {
    let mut reader = csv::Reader::from_path(table)?;
    let header = reader.headers()?.clone();
    let place = |column: &str| {
        let found = header.iter().position(|name| name == column);
        found.with_context(|| format!("there is no column `{column}`"))
    };
    let components = [place("r")?, place("g")?, place("b8")?];
    let columns = NAMES.map(place).into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut all = Vec::new();
    for row in reader.records() {
        let row = row?;
        let [Ok(r), Ok(g), Ok(b)] = components.map(|place| row[place].parse()) else {
            continue;
        };
        let mut names = [0.0; NAMES.len()];
        for (name, column) in names.iter_mut().zip(&columns) {
            *name = row[*column].parse()?;
        }
        all.push(Entry {
            rgb: [r, g, b],
            names,
        });
    }
    Ok(all)
}

/// Prints how often the crate, and the published table alone, name a single-colour square as at
/// least three of four people do, for colours that more than five people have named.
#[allow(clippy::print_stdout, reason = "a program that reports")]
pub(crate) fn report(table: &Path) -> anyhow::Result<()> {
    const FEWEST: f32 = 6.0;
    const SURE: f32 = 0.75;
    let all = read(table).with_context(|| format!("cannot read `{}`", table.display()))?;
    let sure = all.iter().filter_map(|entry| {
        let ((name, count), people) = (entry.most(), entry.people());
        (people >= FEWEST && count >= SURE * people).then_some((entry.rgb, name))
    });
    let sure: Vec<_> = sure.collect();
    let classifier = ColorClassifier::default();
    let agreement = |name: &dyn Fn([u8; 3]) -> BasicColor| {
        let agreed = sure.iter().filter(|(rgb, expected)| name(*rgb) == *expected);
        let agreed = agreed.count();
        format!(
            "{agreed} of {}, {:.3}",
            sure.len(),
            agreed as f32 / sure.len() as f32
        )
    };
    println!(
        "the crate            {}",
        agreement(&|rgb| classifier.classify(&square(rgb)).name())
    );
    println!("the published table  {}", agreement(&published));
    Ok(())
}

/// Returns a square on transparent background, so that a white square is cloth as well.
fn square([r, g, b]: [u8; 3]) -> RgbaImage {
    RgbaImage::from_fn(32, 32, |x, y| {
        let is_cloth = (8..24).contains(&x) && (8..24).contains(&y);
        Rgba([r, g, b, if is_cloth { 255 } else { 0 }])
    })
}
