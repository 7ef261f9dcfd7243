//! Writes the colour-name table of `ai4fashion-color` from published data.
//!
//! `cargo run -p fit-color -- SHARED/data/color-naming/w2c.csv crates/ai4fashion-color/src/names/w2c.bin`
//!
//! The output has 32,768 rows (a cell of the RGB cube each, `R/8 + 32 * (G/8) + 1024 * (B/8)`) of 11 bytes (the
//! membership of each name in `BasicColor` order, 0 to 255). The input's columns are found by header name, because
//! its order is another.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use clap::Parser;

const NAMES: [&str; 11] = [
    "black", "blue", "brown", "green", "grey", "orange", "pink", "purple", "red", "white", "yellow",
];
const CELLS: usize = 32 * 32 * 32;

/// Writes the colour-name table of ai4fashion-color from published data.
#[derive(Debug, Parser)]
struct Args {
    /// The table of van de Weijer et al. as CSV, with a header: index, then a column for each name.
    csv: PathBuf,
    /// Where the table goes.
    out: PathBuf,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let table = read(&args.csv).with_context(|| format!("cannot read `{}`", args.csv.display()))?;
    fs::write(&args.out, table).with_context(|| format!("cannot write `{}`", args.out.display()))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let mut reader = csv::Reader::from_path(path)?;
    let header = reader.headers()?.clone();
    let column = |name: &str| {
        header
            .iter()
            .position(|field| field == name)
            .with_context(|| format!("there is no column `{name}`"))
    };
    let index = column("index")?;
    let columns = NAMES
        .map(column)
        .into_iter()
        .collect::<anyhow::Result<Vec<_>>>()?;

    let mut table = Vec::with_capacity(CELLS * NAMES.len());
    for (expected, row) in reader.records().enumerate() {
        let row = row?;
        ensure!(
            row[index].parse() == Ok(expected),
            "row {expected} has index `{}`",
            &row[index]
        );
        for &column in &columns {
            let membership: f64 = row[column].parse()?;
            ensure!(
                (0.0..=1.0).contains(&membership),
                "row {expected}: {membership} is outside [0, 1]"
            );
            table.push((membership * 255.0).round() as u8);
        }
    }
    ensure!(
        table.len() == CELLS * NAMES.len(),
        "{} rows instead of {CELLS}",
        table.len() / NAMES.len()
    );
    Ok(table)
}
