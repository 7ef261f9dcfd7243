//! How often each label occurs in a data set: `cargo run --release --example stats -- DATASET`

use std::{
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use ai4fashion_dataset::{Agreement, BasicColor, Dataset, Distribution, ProductType, review};
use ai4fashion_examples::{
    exit::{self, Outcome},
    output::check_free,
    say::count,
};
use anyhow::ensure;
use clap::Parser;

/// Counts the colours and product types of a data set, and how often the classifier agrees with a person who has looked and
/// with the source's words.
///
/// Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    /// The data set's folder
    dataset: PathBuf,
    /// Draw all charts to this folder, as SVG and PNG, with a report.html that holds them; it is not there yet, or empty
    #[arg(long)]
    plots: Option<PathBuf>,
    /// Write contact sheets to this folder: a page of small pictures for each colour and type, which hold all they show; it
    /// is not there yet, or empty
    #[arg(long)]
    sheets: Option<PathBuf>,
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
    for (folder, option) in [(&args.plots, "--plots"), (&args.sheets, "--sheets")] {
        if let Some(folder) = folder {
            check_free(folder, option)?;
        }
    }
    let is_shared = args.plots.is_some() && args.plots == args.sheets;
    ensure!(!is_shared, "--plots and --sheets name the same folder");
    let dataset = Dataset::open(&args.dataset)?;
    let labels = dataset.distribution();
    let agreements = [
        ("person", Agreement::with_person(dataset.records())),
        ("source", Agreement::with_source(dataset.records())),
    ];
    let mut out = io::stdout().lock();
    if args.json {
        print_json(&mut out, &labels, &agreements)?;
    } else {
        print_tables(&mut out, &labels)?;
        for (other, agreement) in &agreements {
            print_agreement(&mut out, other, agreement)?;
        }
    }
    if let Some(folder) = &args.plots {
        let report = review::write_report(&dataset, folder)?;
        if !args.json {
            writeln!(out, "\nreport  {}", report.display())?;
        }
    }
    if let Some(folder) = &args.sheets {
        let index = review::write_contact_sheets(&dataset, folder)?;
        if !args.json {
            writeln!(out, "sheets  {}", index.display())?;
        }
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

fn print_json(
    mut out: impl Write,
    labels: &Distribution,
    agreements: &[(&'static str, Agreement)],
) -> anyhow::Result<()> {
    let object = |counts: Vec<(&'static str, usize)>| -> serde_json::Map<String, serde_json::Value> {
        counts
            .into_iter()
            .map(|(name, count)| (name.to_owned(), count.into()))
            .collect()
    };
    let (colors, types) = (object(colors(labels)), object(types(labels)));
    let agreements = agreements.iter().map(|(other, agreement)| {
        let each = BasicColor::ALL.map(|name| {
            let counts =
                serde_json::json!({ "named": agreement.named(name), "agreed": agreement.agreed(name) });
            (name.name().to_owned(), counts)
        });
        let each = serde_json::Map::from_iter(each);
        let counts =
            serde_json::json!({ "compared": agreement.total(), "share": agreement.share(), "colors": each });
        ((*other).to_owned(), counts)
    });
    let agreements = serde_json::Map::from_iter(agreements);
    let line = serde_json::json!({
        "pictures": labels.total(), "colors": colors, "types": types, "agreement": agreements,
    });
    Ok(writeln!(out, "{line}")?)
}

fn print_tables(mut out: impl Write, labels: &Distribution) -> io::Result<()> {
    writeln!(out, "{}", count(labels.total(), "picture"))?;
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

/// How often somebody else gives the name that the classifier gave.
fn print_agreement(mut out: impl Write, other: &str, agreement: &Agreement) -> io::Result<()> {
    let Some(share) = agreement.share() else {
        return Ok(());
    };
    writeln!(
        out,
        "\nagreement with the {other}: {:.1}% of {}",
        share * 100.0,
        count(agreement.total(), "name")
    )?;
    for name in BasicColor::ALL {
        let (named, agreed) = (agreement.named(name), agreement.agreed(name));
        if named > 0 {
            let share = 100.0 * agreed as f64 / named as f64;
            let instead = agreement.mostly_instead(name);
            let instead = instead.map_or_else(String::new, |(other, count)| {
                format!("  mostly instead: {other} {count}")
            });
            writeln!(out, "{name:<10} {agreed:>6} of {named:>6} {share:>5.1}%{instead}")?;
        }
    }
    Ok(())
}
