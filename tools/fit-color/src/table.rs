//! The published table of colour names: 32,768 rows of 11 bytes.
//!
//! A row is a cell of the RGB cube, `R/8 + 32 * (G/8) + 1024 * (B/8)`; a byte is the membership of
//! a name, 0 to 255, in the order of `BasicColor`.

use std::path::Path;

use anyhow::{Context, ensure};
use fit_common::NAMES;

const CELLS: usize = 32 * 32 * 32;

/// Reads a CSV table with a header: index, and a column for each name, in any order.
pub(crate) fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
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
