//! `ai4fashion evaluate`: how often a classifier agrees with labels.

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use ai4fashion_files::{
    chain, count,
    numbers::{median, wilson},
};
use ai4fashion_garment::TypeHint;
use ai4fashion_image::{Limits, decode_file};
use anyhow::{Context as _, bail, ensure};
use clap::Args;

use crate::{
    exit::Outcome,
    method::{Method, Namer},
    output::check_replaceable,
    say::Out,
    skips,
    values::{self, one_of},
};

mod annotated;
mod confusion;
mod evaluation;
mod labels;
mod mistakes;
mod words;

use confusion::Confusion;
use evaluation::{Evaluation, Prediction};
use labels::{Labeled, Table, Unknown};
use words::Words;

/// Compares a classifier with labels: accuracy, confusion matrices, mistakes, time.
#[derive(Debug, Args)]
#[command(allow_negative_numbers = true, after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// Folder of images ID.jpg
    #[arg(
        long,
        value_name = "DIR",
        required_unless_present = "dataset",
        requires = "labels"
    )]
    images: Option<PathBuf>,
    /// Labels: a CSV table with the column id or file, and color, type (0 to 12 or a name; 0 is
    /// none of the twelve) or both; a label may be empty
    #[arg(long, value_name = "CSV", requires = "images")]
    labels: Option<PathBuf>,
    /// Instead of both, a data set: its images with a human label
    #[arg(long, conflicts_with_all = ["images", "labels", "accepted"])]
    dataset: Option<PathBuf>,
    /// More names that count as right: a CSV table with the columns id and accepted (names
    /// separated by blanks)
    #[arg(long, value_name = "CSV")]
    accepted: Option<PathBuf>,
    /// Words of the column color: the eleven names alone, or those of a catalogue, too, such as
    /// navy blue; where one is on the border of two names, both count as right
    #[arg(long, value_enum, default_value_t = Words::Basic, requires = "labels")]
    words: Words,
    /// Classifier: colour and type on a model or alone, colour of a garment alone, or the hue rule
    /// of one of the original notebooks
    #[arg(long, value_parser = one_of(Method::ALL), default_value_t = Method::Garment)]
    method: Method,
    /// Hand the labelled type to the classifier, as a source does that knows it
    #[arg(long)]
    given_type: bool,
    /// Weights of the garment classifier, as `ai4fashion fit` writes them
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Write a CSV table of all predictions
    #[arg(long, value_name = "OUT.csv")]
    predictions: Option<PathBuf>,
    /// Write a page of the mistakes with their images, most confident first
    #[arg(long, value_name = "OUT.html")]
    html: Option<PathBuf>,
    /// Print one line of JSON instead of tables
    #[arg(long)]
    json: bool,
}

const EXAMPLES: &str = "\
Exit code: 0 if every image could be read, 1 if some were skipped, 2 if it failed.

Examples:
  ai4fashion evaluate --images photos/ --labels labels.csv
  ai4fashion evaluate --images photos/ --labels labels.csv --given-type
  ai4fashion evaluate --images photos/ --labels labels.csv --words catalogue
  ai4fashion evaluate --images photos/ --labels labels.csv --method lookbook --json
  ai4fashion evaluate --dataset dataset --html mistakes.html";

/// Where the images are, and their labels.
struct Labels<'a> {
    root: &'a Path,
    table: &'a Path,
    labels: Vec<Labeled>,
    unknown: Unknown,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    let Labels {
        root,
        table,
        labels,
        unknown,
    } = read(arguments)?;
    ensure!(
        arguments.method == Method::Garment || !arguments.given_type,
        "--given-type has no effect with --method {}",
        arguments.method
    );
    let garment =
        values::garment_classifier(arguments.weights.as_deref(), arguments.method == Method::Garment)?;
    if unknown.rows() > 0 {
        skips::skipped(&unknown);
    }
    ensure!(!labels.is_empty(), "no row of `{}` has a label", table.display());
    ensure!(
        arguments.method == Method::Garment || labels.iter().any(|label| label.color.is_some()),
        "no row of `{}` has a colour, and --method {} knows no types",
        table.display(),
        arguments.method
    );
    ensure!(
        !arguments.given_type || labels.iter().any(|label| label.product_type.is_some()),
        "--given-type has no effect: no row of `{}` has a type",
        table.display()
    );
    check_apart(arguments)?;
    if let Some(path) = &arguments.predictions {
        check_replaceable(path, "--predictions", Evaluation::HEADER)?;
    }
    if let Some(path) = &arguments.html {
        check_replaceable(path, "--html", mistakes::HEAD)?;
    }
    let images = labels.len();
    let labels = present(root, labels);
    ensure!(
        !labels.is_empty(),
        "no image of `{}` is in `{}`",
        table.display(),
        root.display()
    );
    let evaluation = evaluate(
        Namer::new(arguments.method, garment),
        arguments.given_type,
        root,
        labels,
    )?;
    if let Some(path) = &arguments.predictions {
        evaluation.write_predictions(path)?;
    }
    if let Some(path) = &arguments.html {
        let title = format!("Labels of {}, {}", table.display(), arguments.method);
        mistakes::write_page(path, &evaluation, &title)?;
    }
    print(Out, arguments, &evaluation)?;
    Ok(Outcome::of_skips(
        unknown.rows() + images - evaluation.predictions.len(),
    ))
}

/// Refuses to write a file over a table that is read, or over the other file.
fn check_apart(arguments: &Arguments) -> anyhow::Result<()> {
    let place = |path: &PathBuf| path.canonicalize().or_else(|_| std::path::absolute(path));
    let mut places: Vec<(&str, PathBuf)> = Vec::new();
    for (option, path, is_output) in [
        ("--labels", &arguments.labels, false),
        ("--accepted", &arguments.accepted, false),
        ("--predictions", &arguments.predictions, true),
        ("--html", &arguments.html, true),
    ] {
        // Pipes and devices take all that comes.
        let path = path.as_ref().filter(|path| path.is_file() || !path.exists());
        let Some(place) = path.map(place).transpose()? else {
            continue;
        };
        let same = places.iter().find(|(_, other)| is_output && *other == place);
        if let Some((other, _)) = same {
            bail!(
                "{other} and {option} are both `{}`; name another file with {option}",
                place.display()
            );
        }
        places.push((option, place));
    }
    Ok(())
}

fn read(arguments: &Arguments) -> anyhow::Result<Labels<'_>> {
    match (&arguments.dataset, &arguments.images, &arguments.labels) {
        (Some(dataset), ..) => {
            let Table { labels, unknown } = annotated::labels(dataset)?;
            Ok(Labels {
                root: dataset,
                table: dataset,
                labels,
                unknown,
            })
        }
        (None, Some(images), Some(_)) if !images.is_dir() => {
            bail!("there is no folder `{}`", images.display())
        }
        (None, Some(images), Some(table)) => {
            let Table { labels, unknown } =
                labels::read(table, arguments.words, arguments.accepted.as_deref())?;
            Ok(Labels {
                root: images,
                table,
                labels,
                unknown,
            })
        }
        _ => bail!("name a data set, or images and labels"),
    }
}

/// The labels whose images are there; a table is often of more images than a folder holds, so the
/// others are told in one line.
fn present(root: &Path, labels: Vec<Labeled>) -> Vec<Labeled> {
    let is_there = |label: &Labeled| root.join(&label.file).symlink_metadata().is_ok();
    let (present, missing): (Vec<Labeled>, Vec<Labeled>) = labels.into_iter().partition(is_there);
    if let Some(first) = missing.first() {
        skips::skipped(format_args!(
            "{} of the labels not in `{}` (the first: `{}`)",
            count(missing.len(), "image"),
            root.display(),
            first.file.display()
        ));
    }
    present
}

/// Labels the images one by one, so that the time of each is its own.
fn evaluate(
    mut namer: Namer,
    is_type_given: bool,
    root: &Path,
    labels: Vec<Labeled>,
) -> anyhow::Result<Evaluation> {
    let limits = Limits::default();
    let (mut predictions, mut seconds) = (Vec::new(), Vec::new());
    let images = labels.len();
    for label in labels {
        let path = root.join(&label.file);
        match decode_file(&path, &limits) {
            Ok(decoded) => {
                let buffer = namer.buffer(decoded);
                let hint = match label.product_type.filter(|_| is_type_given) {
                    Some(Some(known)) => TypeHint::Garment(known),
                    Some(None) => TypeHint::Other,
                    None => TypeHint::Unknown,
                };
                let start = Instant::now();
                let answer = namer.name(&buffer, hint);
                seconds.push(start.elapsed().as_secs_f64());
                predictions.push(Prediction { path, label, answer });
            }
            Err(error) => skips::skipped(chain(&error)),
        }
    }
    let seconds = median(&mut seconds);
    let seconds = seconds.with_context(|| format!("none of {} could be read", count(images, "image")))?;
    Ok(Evaluation {
        predictions,
        microseconds: seconds * 1e6,
    })
}

fn print(mut out: impl Write, arguments: &Arguments, evaluation: &Evaluation) -> io::Result<()> {
    let has_accepted = arguments.accepted.is_some() || arguments.words == Words::Catalogue;
    if arguments.json {
        return writeln!(out, "{}", evaluation.json(has_accepted));
    }
    let three = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
    let colors = evaluation.colors();
    if colors.total() > 0 {
        writeln!(out, "{colors}\n")?;
        writeln!(out, "images        {}", colors.total())?;
        writeln!(out, "accuracy      {}", with_interval(&colors))?;
        if has_accepted {
            writeln!(out, "or accepted   {}", three(evaluation.accepted_accuracy()))?;
        }
        writeln!(out, "macro recall  {}", three(colors.macro_recall()))?;
        writeln!(out, "surest 70%    {}\n", three(evaluation.surest_colors()))?;
    }
    if let Some(types) = evaluation.types() {
        writeln!(out, "{types}\n")?;
        writeln!(out, "images        {}", types.total())?;
        writeln!(out, "accuracy      {}", with_interval(&types))?;
        writeln!(out, "macro recall  {}", three(types.macro_recall()))?;
        writeln!(out, "surest 90%    {}\n", three(evaluation.surest_types()))?;
    }
    let microseconds = evaluation.microseconds;
    writeln!(
        out,
        "median time   {microseconds:.0} us an image, without decoding"
    )
}

/// The accuracy and its 95% interval.
fn with_interval(confusion: &Confusion) -> String {
    confusion.accuracy().map_or("-".to_owned(), |accuracy| {
        let (low, high) = wilson(accuracy, confusion.total());
        format!("{accuracy:.3} ({low:.3} to {high:.3})")
    })
}
