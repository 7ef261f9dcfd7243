//! How often a colour name agrees with a catalogue's:
//! `cargo run --release --example evaluate_color -- --images DIR --labels CSV`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use ai4fashion_color::BasicColor;
use ai4fashion_dataset::{Limits, decode, read_file};
use ai4fashion_examples::{
    confusion::Confusion,
    corrected,
    exit::{self, Outcome},
    method::Method,
    skips,
};
use anyhow::{Context, bail, ensure};
use clap::Parser;
use serde::Deserialize;

/// Names labelled pictures and compares.
///
/// Exit code: 0 if every picture could be read, 1 if some were skipped, 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The folder of pictures, ID.jpg
    #[arg(long, required_unless_present = "dataset", requires = "labels")]
    images: Option<PathBuf>,
    /// A CSV table with the columns id and color, or file and color; rows without a colour are left out
    #[arg(long, requires = "images")]
    labels: Option<PathBuf>,
    /// In place of both, a data set: its pictures whose colour a person has said
    #[arg(long, conflicts_with_all = ["images", "labels"])]
    dataset: Option<PathBuf>,
    /// Who names the colours
    #[arg(long, value_enum, default_value_t = Method::Perceptual)]
    method: Method,
    /// Print one line of JSON instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Deserialize)]
struct Label {
    id: Option<String>,
    file: Option<String>,
    color: String,
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let labels = match (&args.dataset, &args.images, &args.labels) {
        (Some(dataset), ..) => {
            let labels = corrected::labels(dataset)?.into_iter();
            labels.map(|(file, color)| (dataset.join(file), color)).collect()
        }
        (None, Some(images), Some(table)) => labels(images, table)?,
        _ => bail!("name a data set, or pictures and labels"),
    };
    let limits = Limits::default();
    let (mut confusion, mut seconds) = (Confusion::default(), Vec::new());
    let mut skipped = 0;
    for (path, color) in &labels {
        let decoded = match read_file(path, &limits).and_then(|bytes| decode(&bytes, &limits)) {
            Ok(decoded) => decoded,
            Err(error) => {
                skips::skipped(format_args!("`{}`: {}", path.display(), error.chain()));
                skipped += 1;
                continue;
            }
        };
        let start = Instant::now();
        let answer = args.method.name(decoded).name;
        seconds.push(start.elapsed().as_secs_f64());
        confusion.add(*color, answer);
    }
    ensure!(
        !seconds.is_empty(),
        "none of {} pictures could be read",
        labels.len()
    );
    seconds.sort_by(f64::total_cmp);
    let microseconds = seconds[seconds.len() / 2] * 1e6;
    let out = io::stdout().lock();
    if args.json {
        print_json(out, &confusion, microseconds)?;
    } else {
        print_tables(out, &confusion, microseconds)?;
    }
    Ok(Outcome::of_skips(skipped))
}

fn labels(images: &Path, path: &Path) -> anyhow::Result<Vec<(PathBuf, BasicColor)>> {
    let table = || format!("cannot read the labels `{}`", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(table)?;
    let mut labels = Vec::new();
    for row in reader.deserialize() {
        let Label { id, file, color } = row.with_context(table)?;
        let file = file.or(id.map(|id| format!("{id}.jpg")));
        let file = file
            .context("labels have neither a column id nor a column file")
            .with_context(table)?;
        if !color.is_empty() {
            labels.push((images.join(file), color.parse().with_context(table)?));
        }
    }
    ensure!(!labels.is_empty(), "no row of `{}` has a colour", path.display());
    Ok(labels)
}

fn print_json(mut out: impl Write, confusion: &Confusion, microseconds: f64) -> io::Result<()> {
    let figures = |name| {
        serde_json::json!({
            "n": confusion.count(name),
            "recall": confusion.recall(name),
            "precision": confusion.precision(name),
        })
    };
    let per_color = BasicColor::ALL.map(|name| (name.name().to_owned(), figures(name)));
    let line = serde_json::json!({
        "n": confusion.total(),
        "accuracy": confusion.accuracy(),
        "macro_recall": confusion.macro_recall(),
        "per_color": serde_json::Map::from_iter(per_color),
        "us_per_image": microseconds,
    });
    writeln!(out, "{line}")
}

fn print_tables(mut out: impl Write, confusion: &Confusion, microseconds: f64) -> io::Result<()> {
    writeln!(out, "{confusion}\n")?;
    writeln!(out, "pictures      {}", confusion.total())?;
    writeln!(out, "accuracy      {:.3}", confusion.accuracy())?;
    writeln!(out, "macro recall  {:.3}", confusion.macro_recall())?;
    writeln!(out, "median time   {microseconds:.0} us a picture, decoded")
}
