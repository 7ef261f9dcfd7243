//! What is printed of each image.

use std::{
    collections::BTreeMap,
    io::{self, Write},
    path::Path,
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::ProductType;
use ai4fashion_files::printable;
use ai4fashion_garment::GarmentClassification;
use serde::Serialize;

use crate::method::Answer;

/// Colours and figures of one image. A hue rule knows the dominant colour and, mostly, a name for
/// it, but nothing else.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    file: String,
    predicted: Option<BasicColor>,
    confidence: Option<f32>,
    margin: Option<f32>,
    runner_up: Option<BasicColor>,
    r: Option<u8>,
    g: Option<u8>,
    b: Option<u8>,
    garment_fraction: Option<f32>,
    mixed: Option<bool>,
    /// Number of the type; 0 is none of the twelve.
    #[serde(rename = "type")]
    product_type: Option<u8>,
    type_confidence: Option<f32>,
    garment_only: Option<f32>,
    /// Fraction of the garment by colour name, in JSON alone.
    #[serde(skip)]
    fractions: Option<[f32; BasicColor::ALL.len()]>,
}

/// A line of JSON.
#[derive(Debug, Serialize)]
struct Line<'a> {
    #[serde(flatten)]
    row: &'a Row,
    fractions: Option<BTreeMap<&'static str, f32>>,
}

impl Row {
    pub(super) fn new(file: &Path, answer: &Answer) -> Self {
        let found = answer.classification.as_ref();
        let garment = answer.garment.as_ref();
        let [r, g, b] = [0, 1, 2].map(|channel| answer.dominant.map(|color| color[channel]));
        Self {
            file: file.display().to_string(),
            predicted: answer.name,
            confidence: found.map(|found| found.confidence()),
            margin: found.map(|found| found.margin()),
            runner_up: found.map(|found| found.runner_up()),
            r,
            g,
            b,
            garment_fraction: found.map(|found| found.garment_fraction()),
            mixed: found.map(|found| found.is_mixed()),
            product_type: garment.map(|found| ProductType::number_of(found.product_type())),
            type_confidence: garment.map(GarmentClassification::type_confidence),
            garment_only: garment.map(GarmentClassification::garment_only_probability),
            fractions: found.map(|found| found.fractions()),
        }
    }

    fn line(&self) -> Line<'_> {
        let fractions = self
            .fractions
            .map(|fractions| BasicColor::ALL.into_iter().map(BasicColor::as_str).zip(fractions));
        Line {
            row: self,
            fractions: fractions.map(Iterator::collect),
        }
    }
}

pub(super) fn print_csv(out: impl Write, rows: &[Row]) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    rows.iter().try_for_each(|row| table.serialize(row))?;
    Ok(table.flush()?)
}

pub(super) fn print_json(mut out: impl Write, rows: &[Row]) -> anyhow::Result<()> {
    for row in rows {
        writeln!(out, "{}", printable(&serde_json::to_string(&row.line())?))?;
    }
    Ok(())
}

fn type_name(number: u8) -> &'static str {
    ProductType::name_of(ProductType::from_number(number))
}

pub(super) fn print_table(mut out: impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(
        out,
        "color   confidence  runner-up    r   g   b  type       confidence  file"
    )?;
    for row in rows {
        let name = |color: Option<BasicColor>| color.map_or("-", BasicColor::as_str);
        let byte = |value: Option<u8>| value.map_or("-".to_owned(), |value| value.to_string());
        let confidence = row
            .confidence
            .map_or("-".to_owned(), |confidence| format!("{confidence:.2}"));
        // With hardly a chance there is no runner-up worth a name.
        let has_runner_up = row.confidence.is_some_and(|confidence| confidence < 0.95);
        let runner_up = if has_runner_up { name(row.runner_up) } else { "-" };
        writeln!(
            out,
            "{:<7} {:<10}  {:<9}  {:>3} {:>3} {:>3}  {:<9}  {:<10}  {}",
            name(row.predicted),
            confidence,
            runner_up,
            byte(row.r),
            byte(row.g),
            byte(row.b),
            row.product_type.map_or("-", type_name),
            row.type_confidence
                .map_or("-".to_owned(), |confidence| format!("{confidence:.2}")),
            printable(&row.file),
        )?;
    }
    Ok(())
}
