//! The colour names of pictures: `cargo run --release --example classify -- FILE|DIR...`

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_color::{BasicColor, Classification};
use ai4fashion_dataset::{Error, Folder, Limits, Source, decode_file};
use ai4fashion_examples::{
    exit::{self, Outcome},
    explanations,
    method::{Answer, Method, Namer},
    output,
    say::UNWRITTEN,
    skips,
};
use anyhow::Context;
use clap::Parser;
use rayon::prelude::*;
use serde::Serialize;

/// Names the dominant colour of each picture: black, blue, brown, green, grey, orange, pink, purple, red, white or
/// yellow.
///
/// Exit code: 0 if every picture could be read, 1 if some were skipped, 2 if none could be read.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    /// Pictures, and folders of pictures
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Who names the colours
    #[arg(long, value_enum, default_value_t = Method::Perceptual)]
    method: Method,
    /// Draw for each picture what the classifier goes by, as DIR/NAME.png: the outline of the garment, the name of each pixel, and
    /// the shares
    #[arg(long, value_name = "DIR")]
    explain: Option<PathBuf>,
    /// Print CSV instead of a table
    #[arg(long, conflicts_with = "json")]
    csv: bool,
    /// Print a line of JSON for each picture instead of a table
    #[arg(long)]
    json: bool,
}

/// What is printed of one picture. A rule knows the dominant colour and, mostly, a name for it, but nothing else.
#[derive(Debug, Serialize)]
struct Row {
    file: String,
    predicted: Option<BasicColor>,
    confidence: Option<f32>,
    runner_up: Option<BasicColor>,
    r: Option<u8>,
    g: Option<u8>,
    b: Option<u8>,
    garment_fraction: Option<f32>,
    mixed: Option<bool>,
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let (files, mut skipped) = files(&args.paths);
    let explained = match &args.explain {
        Some(folder) => {
            anyhow::ensure!(
                args.method == Method::Perceptual,
                "a rule has nothing to explain: leave --explain or --method out"
            );
            output::check_free(folder, "--explain")?;
            fs::create_dir_all(folder).with_context(|| format!("cannot create `{}`", folder.display()))?;
            explanations::paths(folder, &files)
        }
        None => Vec::new(),
    };
    let named = files.par_iter().enumerate().map_init(
        || Namer::new(args.method),
        |namer, (place, file)| row(namer, file, explained.get(place)),
    );
    let results: Vec<_> = named.collect();
    let mut rows = Vec::new();
    for result in results {
        match result {
            Ok(row) => rows.push(row),
            Err(error) => skipped.push(error.chain()),
        }
    }
    skipped.iter().for_each(skips::skipped);
    anyhow::ensure!(!rows.is_empty(), "no picture could be read");
    let out = io::stdout().lock();
    let printed = if args.csv {
        print_csv(out, &rows)
    } else if args.json {
        print_json(out, &rows)
    } else {
        print_table(out, &rows).map_err(Into::into)
    };
    printed.context(UNWRITTEN)?;
    Ok(Outcome::of_skips(skipped.len()))
}

/// The files that are named or lie in folders that are named, and what stands in the way.
fn files(paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<String>) {
    let (mut files, mut skipped) = (Vec::new(), Vec::new());
    for path in paths {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        match Folder::open(path).and_then(|folder| folder.plan()) {
            Ok(plan) => {
                files.extend(plan.pictures.into_iter().map(|entry| entry.path));
                let unreadable = plan.unreadable.into_iter().chain(plan.unreadable_folders);
                // Its message names the whole path.
                skipped.extend(unreadable.map(|skip| skip.message));
            }
            Err(error) => skipped.push(error.chain()),
        }
    }
    (files, skipped)
}

fn row(namer: &mut Namer, file: &Path, explained: Option<&PathBuf>) -> Result<Row, Error> {
    let buffer = namer.buffer(decode_file(file, &Limits::default())?);
    let Answer {
        name,
        dominant,
        classification,
    } = namer.name(&buffer);
    if let Some(path) = explained {
        explanations::write(path, file, &namer.explain(&buffer))?;
    }
    let of = classification.as_ref();
    Ok(Row {
        file: file.display().to_string(),
        predicted: name,
        confidence: of.map(Classification::confidence),
        runner_up: of.map(Classification::runner_up),
        r: dominant.map(|color| color.red),
        g: dominant.map(|color| color.green),
        b: dominant.map(|color| color.blue),
        garment_fraction: of.map(Classification::garment_fraction),
        mixed: of.map(Classification::is_mixed),
    })
}

fn print_csv(out: impl Write, rows: &[Row]) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    rows.iter().try_for_each(|row| table.serialize(row))?;
    Ok(table.flush()?)
}

fn print_json(mut out: impl Write, rows: &[Row]) -> anyhow::Result<()> {
    for row in rows {
        writeln!(out, "{}", serde_json::to_string(row)?)?;
    }
    Ok(())
}

fn print_table(mut out: impl Write, rows: &[Row]) -> io::Result<()> {
    writeln!(out, "color   sure  then    r   g   b    file")?;
    for row in rows {
        let name = |color: Option<BasicColor>| color.map_or("-", BasicColor::name);
        let byte = |value: Option<u8>| value.map_or("-".to_owned(), |value| value.to_string());
        writeln!(
            out,
            "{:<7} {:<4}  {:<7} {:>3} {:>3} {:>3}  {}",
            name(row.predicted),
            row.confidence.map_or("-".to_owned(), |sure| format!("{sure:.2}")),
            // What has hardly a share is no second name.
            if row.confidence.is_some_and(|sure| (0.0..0.95).contains(&sure)) {
                name(row.runner_up)
            } else {
                "-"
            },
            byte(row.r),
            byte(row.g),
            byte(row.b),
            row.file.replace(char::is_control, "?"),
        )?;
    }
    Ok(())
}
