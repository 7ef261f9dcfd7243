//! Counts of labels as tables and as JSON.

use std::io::{self, Write};

use ai4fashion_dataset::{BasicColor, ConfusionMatrix, Distribution, ProductType};
use ai4fashion_files::{count, numbers::thousands};
use serde_json::{Map, Value, json};

/// Characters of the longest bar.
const BAR: usize = 40;

fn colors(labels: &Distribution) -> Vec<(String, usize)> {
    BasicColor::ALL
        .map(|color| (color.to_string(), labels.color(color)))
        .into()
}

fn types(labels: &Distribution) -> Vec<(String, usize)> {
    let known = ProductType::ALL.map(|known| (known.to_string(), labels.product_type(Some(known))));
    known
        .into_iter()
        .chain([("not known".to_owned(), labels.product_type(None))])
        .collect()
}

/// Prints all counts as one line.
pub(super) fn print_json(
    mut out: impl Write,
    labels: &Distribution,
    agreements: &[(&str, ConfusionMatrix)],
) -> anyhow::Result<()> {
    let object = |counts: Vec<(String, usize)>| -> Map<String, Value> {
        counts
            .into_iter()
            .map(|(name, count)| (name, count.into()))
            .collect()
    };
    let (colors, types) = (object(colors(labels)), object(types(labels)));
    let agreements = agreements.iter().map(|(other, agreement)| {
        let each = BasicColor::ALL.map(|name| {
            let counts = json!({ "named": agreement.predicted(name), "agreed": agreement.correct(name) });
            (name.to_string(), counts)
        });
        let each = Map::from_iter(each);
        let counts = json!({ "compared": agreement.total(), "share": agreement.accuracy(), "colors": each });
        ((*other).to_owned(), counts)
    });
    let agreements = Map::from_iter(agreements);
    let line = json!({
        "images": labels.total(), "colors": colors, "types": types, "agreement": agreements,
    });
    Ok(writeln!(out, "{line}")?)
}

/// Prints a table of colours and one of types.
pub(super) fn print_labels(mut out: impl Write, labels: &Distribution) -> io::Result<()> {
    writeln!(out, "{}", count(labels.total(), "image"))?;
    for counts in [colors(labels), types(labels)] {
        writeln!(out)?;
        let most = counts.iter().map(|(_, count)| *count).max().unwrap_or(0).max(1);
        for (name, count) in counts {
            let share = 100.0 * count as f64 / labels.total().max(1) as f64;
            let bar = "#".repeat((count * BAR).div_ceil(most));
            let count = thousands(count);
            writeln!(out, "{name:<10} {count:>7} {share:>5.1}%  {bar}")?;
        }
    }
    Ok(())
}

/// Prints how often another source of labels gives the name that the classifier gave.
pub(super) fn print_agreement(
    mut out: impl Write,
    other: &str,
    agreement: &ConfusionMatrix,
    parts: &[(&str, ConfusionMatrix)],
) -> io::Result<()> {
    let Some(share) = agreement.accuracy() else {
        return Ok(());
    };
    writeln!(
        out,
        "\nagreement with {other} labels: {:.1}% of {}",
        share * 100.0,
        count(agreement.total(), "colour")
    )?;
    let remark = match other {
        "human" => "(the most doubtful images are reviewed first: of the others more are right)",
        _ => "(a source's word is not always what the image shows: it may name the item, not the photo)",
    };
    writeln!(out, "{remark}")?;
    for (what, part) in parts {
        if let Some(share) = part.accuracy() {
            let of = thousands(part.total());
            writeln!(out, "  {what:<24} {:>5.1}% of {of:>6}", share * 100.0)?;
        }
    }
    for name in BasicColor::ALL {
        let (named, agreed) = (agreement.predicted(name), agreement.correct(name));
        if let Some(precision) = agreement.precision(name) {
            let share = 100.0 * precision;
            let instead = agreement.most_confused_with(name);
            let instead = instead.map_or_else(String::new, |(instead, count)| {
                format!("  the {other} label is most often {instead} instead ({count})")
            });
            writeln!(out, "{name:<10} {agreed:>6} of {named:>6} {share:>5.1}%{instead}")?;
        }
    }
    Ok(())
}
