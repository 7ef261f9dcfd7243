//! How often each label occurs in a data set: `cargo run --release --example stats -- DATASET`

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use ai4fashion_dataset::{BasicColor, Dataset, Distribution, ProductType, plot};
use ai4fashion_examples::{
    exit::{self, Outcome},
    output::check_free,
};
use clap::Parser;

/// Counts the colours and product types of a data set.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The data set's folder
    dataset: PathBuf,
    /// Draw both distribution charts to this folder, as SVG and PNG; it is not there yet, or empty
    #[arg(long)]
    plots: Option<PathBuf>,
    /// Print one line of JSON instead of tables
    #[arg(long)]
    json: bool,
}

/// Characters of the longest bar.
const BAR: usize = 40;

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let dataset = Dataset::open(&args.dataset)?;
    let labels = dataset.distribution();
    let out = io::stdout().lock();
    if args.json {
        print_json(out, &labels)?;
    } else {
        print_tables(out, &labels)?;
    }
    if let Some(folder) = &args.plots {
        check_free(folder, "--plots")?;
        plot::distributions(&labels, folder)?;
    }
    Ok(Outcome::Complete)
}

fn colors(labels: &Distribution) -> Vec<(&'static str, usize)> {
    BasicColor::ALL
        .map(|color| (color.name(), labels.color(color)))
        .into()
}

fn types(labels: &Distribution) -> Vec<(&'static str, usize)> {
    let known = ProductType::ALL.map(|known| (known.name(), labels.product_type(Some(known))));
    known
        .into_iter()
        .chain([("not known", labels.product_type(None))])
        .collect()
}

fn print_json(mut out: impl Write, labels: &Distribution) -> anyhow::Result<()> {
    let object = |counts: Vec<(&'static str, usize)>| -> serde_json::Map<String, serde_json::Value> {
        counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count.into()))
            .collect()
    };
    let (colors, types) = (object(colors(labels)), object(types(labels)));
    let line = serde_json::json!({ "pictures": labels.total(), "colors": colors, "types": types });
    Ok(writeln!(out, "{line}")?)
}

fn print_tables(mut out: impl Write, labels: &Distribution) -> io::Result<()> {
    writeln!(out, "{} pictures", labels.total())?;
    for counts in [colors(labels), types(labels)] {
        writeln!(out)?;
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        for (name, count) in counts {
            let share = 100.0 * count as f64 / labels.total().max(1) as f64;
            let bar = "#".repeat((count * BAR).div_ceil(most));
            writeln!(out, "{name:<10} {count:>6} {share:>5.1}%  {bar}")?;
        }
    }
    Ok(())
}
