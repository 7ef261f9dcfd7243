//! `ai4fashion stats`: how often each label occurs in a data set.

use std::{io::Write as _, path::PathBuf};

use ai4fashion_dataset::{ConfusionMatrix, Dataset, Record};
use ai4fashion_review::{write_contact_sheets, write_report};
use anyhow::ensure;
use clap::Args;

use crate::{
    exit::Outcome,
    output_folder::{Earlier, OutputFolder},
    say::Out,
};

mod tables;

/// Counts the labels of a data set, and writes charts and contact sheets.
///
/// It also tells how often the colour classifier agrees with human labels and with the source's
/// words.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder of the data set
    dataset: PathBuf,
    /// Write all charts as SVG and PNG, and a report.html of them, to this folder: new, empty, or
    /// with earlier ones
    #[arg(long, value_name = "DIR")]
    plots: Option<PathBuf>,
    /// Write contact sheets to this folder: new, empty, or with earlier ones. A page of thumbnails
    /// for each colour and type
    #[arg(long, value_name = "DIR")]
    sheets: Option<PathBuf>,
    /// Print one line of JSON instead of tables
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0, or 2 if it failed.

Examples:
  ai4fashion stats dataset
  ai4fashion stats dataset --json
  ai4fashion stats dataset --plots charts/ --sheets sheets/";

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    for (folder, option) in [(&arguments.plots, "--plots"), (&arguments.sheets, "--sheets")] {
        if let Some(folder) = folder {
            OutputFolder::check(folder, option, Earlier::Replaced)?;
        }
    }
    let place = |folder: &Option<PathBuf>| folder.as_ref().and_then(|it| std::path::absolute(it).ok());
    let is_shared = arguments.plots.is_some() && place(&arguments.plots) == place(&arguments.sheets);
    ensure!(!is_shared, "--plots and --sheets name the same folder");
    let dataset = Dataset::open(&arguments.dataset)?;
    let labels = dataset.distribution();
    let agreements = [
        ("human", ConfusionMatrix::with_human(dataset.records())),
        ("source", ConfusionMatrix::with_source(dataset.records())),
    ];
    let mut out = Out;
    if arguments.json {
        tables::print_json(&mut out, &labels, &agreements)?;
    } else {
        tables::print_labels(&mut out, &labels)?;
        for (other, agreement) in &agreements {
            tables::print_agreement(&mut out, other, agreement, &parts(dataset.records(), other))?;
        }
    }
    if let Some(folder) = &arguments.plots {
        let folder = OutputFolder::begin(folder, "--plots", Earlier::Replaced)?;
        write_report(&dataset, folder.path())?;
        let report = folder.finish("report.html")?;
        if !arguments.json {
            writeln!(out, "\nreport  {}", report.display())?;
        }
    }
    if let Some(folder) = &arguments.sheets {
        let folder = OutputFolder::begin(folder, "--sheets", Earlier::Replaced)?;
        write_contact_sheets(&dataset, folder.path())?;
        let index = folder.finish("index.html")?;
        if !arguments.json {
            writeln!(out, "sheets  {}", index.display())?;
        }
    }
    Ok(Outcome::Complete)
}

/// Agreement by what an image shows: a garment alone is easier than one on a model.
fn parts(records: &[Record], other: &str) -> Vec<(&'static str, ConfusionMatrix)> {
    let matrix = |is_one: &dyn Fn(&&Record) -> bool| {
        let chosen = records.iter().filter(is_one);
        match other {
            "human" => ConfusionMatrix::with_human(chosen),
            _ => ConfusionMatrix::with_source(chosen),
        }
    };
    let is_typed = |record: &Record| record.product_type.is_some();
    // Of garments that the colour classifier alone has labelled neither is known.
    let is_alone = |record: &Record, alone| is_typed(record) && record.is_garment_only() == Some(alone);
    vec![
        ("garments alone", matrix(&|it| is_alone(it, true))),
        ("garments on a model", matrix(&|it| is_alone(it, false))),
        ("other articles", matrix(&|it| !is_typed(it))),
    ]
}
