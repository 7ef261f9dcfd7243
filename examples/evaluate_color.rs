//! How often a colour name agrees with a catalogue's:
//! `cargo run --release --example evaluate_color -- --images DIR --labels CSV`

use std::{
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use ai4fashion_dataset::{Limits, decode_file};
use ai4fashion_examples::{
    corrected,
    evaluation::{Evaluation, Judged},
    exit::{self, Outcome},
    labels::{self, Labelled},
    method::{Method, Namer},
    mistakes,
    output::check_replaceable,
    say::{UNWRITTEN, count},
    skips,
};
use anyhow::{Context as _, bail, ensure};
use clap::{Parser, ValueEnum};

/// Names labelled pictures and compares.
///
/// Exit code: 0 if every picture could be read, 1 if some were skipped, 2 if it failed.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    /// The folder of pictures, ID.jpg
    #[arg(long, required_unless_present = "dataset", requires = "labels")]
    images: Option<PathBuf>,
    /// A CSV table with the columns id and color, or file and color; rows without a colour are left out
    #[arg(long, requires = "images")]
    labels: Option<PathBuf>,
    /// In place of both, a data set: its pictures whose colour a person has said
    #[arg(long, conflicts_with_all = ["images", "labels", "accepted"])]
    dataset: Option<PathBuf>,
    /// A CSV table of other names that count as right too, with the columns id and accepted (names separated by blanks)
    #[arg(long, value_name = "CSV")]
    accepted: Option<PathBuf>,
    /// Who names the colours
    #[arg(long, value_enum, default_value_t = Method::Perceptual)]
    method: Method,
    /// Write a CSV table of all answers
    #[arg(long, value_name = "OUT.csv")]
    predictions: Option<PathBuf>,
    /// Write a page of the mistakes, the surest first, with the pictures in it
    #[arg(long, value_name = "OUT.html")]
    html: Option<PathBuf>,
    /// Print one line of JSON instead of tables
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    // Where the pictures are, what tells their colours, and what it tells.
    let (root, table, labels) = match (&args.dataset, &args.images, &args.labels) {
        (Some(dataset), ..) => (dataset, dataset, corrected::labels(dataset)?),
        (None, Some(images), Some(_)) if !images.is_dir() => {
            bail!("there is no folder `{}`", images.display())
        }
        (None, Some(images), Some(table)) => (images, table, labels::read(table, args.accepted.as_deref())?),
        _ => bail!("name a data set, or pictures and labels"),
    };
    ensure!(!labels.is_empty(), "no row of `{}` has a colour", table.display());
    if let Some(path) = &args.predictions {
        check_replaceable(path, "--predictions", Evaluation::PREDICTIONS)?;
    }
    if let Some(path) = &args.html {
        check_replaceable(path, "--html", mistakes::HEAD)?;
    }
    let pictures = labels.len();
    let evaluation = evaluate(&args, root, labels)?;
    if let Some(path) = &args.predictions {
        evaluation.write_predictions(path)?;
    }
    if let Some(path) = &args.html {
        let method = args.method.to_possible_value();
        let method = method.as_ref().map_or("", |value| value.get_name());
        let title = format!("Colour names of {}, {method}", table.display());
        mistakes::write_page(path, &evaluation, &title)?;
    }
    let out = io::stdout().lock();
    print(out, &args, &evaluation).context(UNWRITTEN)?;
    Ok(Outcome::of_skips(pictures - evaluation.judged.len()))
}

/// Names the pictures one by one, so that the time of one is its own.
fn evaluate(args: &Args, root: &Path, labels: Vec<Labelled>) -> anyhow::Result<Evaluation> {
    let limits = Limits::default();
    let mut namer = Namer::new(args.method);
    let (mut judged, mut seconds) = (Vec::new(), Vec::new());
    let pictures = labels.len();
    for label in labels {
        let path = root.join(&label.file);
        match decode_file(&path, &limits) {
            Ok(decoded) => {
                let buffer = namer.buffer(decoded);
                let start = Instant::now();
                let answer = namer.name(&buffer);
                seconds.push(start.elapsed().as_secs_f64());
                judged.push(Judged { path, label, answer });
            }
            Err(error) => skips::skipped(error.chain()),
        }
    }
    let all = count(pictures, "picture");
    ensure!(!seconds.is_empty(), "none of {all} could be read");
    seconds.sort_by(f64::total_cmp);
    let microseconds = seconds[seconds.len() / 2] * 1e6;
    Ok(Evaluation { judged, microseconds })
}

fn print(mut out: impl Write, args: &Args, evaluation: &Evaluation) -> io::Result<()> {
    let has_accepted = args.accepted.is_some();
    if args.json {
        return writeln!(out, "{}", evaluation.json(has_accepted));
    }
    let confusion = evaluation.confusion();
    writeln!(out, "{confusion}\n")?;
    writeln!(out, "pictures      {}", confusion.total())?;
    writeln!(out, "accuracy      {:.3}", confusion.accuracy())?;
    if has_accepted {
        writeln!(out, "or accepted   {:.3}", evaluation.accepted_accuracy())?;
    }
    writeln!(out, "macro recall  {:.3}", confusion.macro_recall())?;
    let microseconds = evaluation.microseconds;
    writeln!(out, "median time   {microseconds:.0} us a picture, decoded")
}
