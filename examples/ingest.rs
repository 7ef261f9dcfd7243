//! Photos to a colour-labelled data set:
//! `cargo run --release --example ingest -- small-fashion DIR --out DATASET`

use std::{path::PathBuf, process::ExitCode, time::Instant};

use ai4fashion_dataset::{
    Error, Ingest, IngestOptions, Keep, Report, Source, SourceKind, Split, SplitOptions, Summary, TypeTable,
};
use ai4fashion_examples::{
    exit::{self, Outcome},
    machine::peak_mib,
    progress::PictureBar,
    say::say,
    skips,
    sources::KindName,
};
use anyhow::{anyhow, bail};
use clap::{Parser, ValueEnum, value_parser};

/// Turns folders of fashion photos into one colour-labelled data set.
///
/// Exit code: 0 if every picture and row could be used, 1 if some were skipped, 2 if nothing was done.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The kind of source
    kind: KindName,
    /// Its folder
    dir: PathBuf,
    /// Where the data set goes: a folder that is not there yet, or empty
    #[arg(long)]
    out: PathBuf,
    /// Another source for the same data set, as often as you like
    #[arg(long, num_args = 2, value_names = ["KIND", "DIR"])]
    and: Vec<String>,
    /// Which pictures to keep
    #[arg(long, value_enum, default_value_t = KeepName::All)]
    keep: KeepName,
    /// Product types for the sources lookbook and folder: a CSV table with the columns stem and type
    #[arg(long)]
    types: Option<PathBuf>,
    /// Side length of the pictures in pixels, 16 to 4096
    #[arg(long, default_value_t = ai4fashion_dataset::DEFAULT_SIZE, value_parser = value_parser!(u32).range(16..=4096))]
    size: u32,
    /// JPEG quality, 1 to 100
    #[arg(long, default_value_t = ai4fashion_dataset::DEFAULT_QUALITY, value_parser = value_parser!(u8).range(1..=100))]
    quality: u8,
    /// Of a hundred pictures, about how many are for validation and for the test; equal pictures stay together
    #[arg(long, num_args = 2, value_names = ["VALIDATION", "TEST"], default_values_t = [10, 10], value_parser = value_parser!(u8).range(0..=100))]
    split: Vec<u8>,
    /// Another number parts them in another way
    #[arg(long, default_value_t = 0)]
    split_seed: u64,
    /// Replace the data set that is at OUT
    #[arg(long)]
    overwrite: bool,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeepName {
    /// All pictures
    All,
    /// Those that the source says are clothing
    Apparel,
    /// Those whose product type is known
    Typed,
}

impl From<KeepName> for Keep {
    fn from(name: KeepName) -> Self {
        match name {
            KeepName::All => Self::All,
            KeepName::Apparel => Self::Apparel,
            KeepName::Typed => Self::Typed,
        }
    }
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let ingest = Ingest::new(
        IngestOptions::default()
            .with_size(args.size)
            .with_quality(args.quality)
            .with_keep(args.keep.into())
            .with_split(
                SplitOptions::default()
                    .with_seed(args.split_seed)
                    .with_percent(args.split[0], args.split[1]),
            )
            .with_overwrite(args.overwrite),
    )?;
    let sources = open_sources(&args)?;
    let sources: Vec<&dyn Source> = sources.iter().map(|source| &**source).collect();

    let start = Instant::now();
    let report = ingest
        .run(&sources, &args.out, &PictureBar::new())
        .inspect_err(skips::report_all)?;
    print(&args, &report, start.elapsed().as_secs_f64());
    Ok(Outcome::of_skips(report.skipped.len()))
}

fn open_sources(args: &Args) -> anyhow::Result<Vec<Box<dyn Source>>> {
    let mut named = vec![(args.kind, args.dir.clone())];
    for pair in args.and.chunks_exact(2) {
        let kind = KindName::from_str(&pair[0], true);
        let legal = KindName::legal();
        let kind = kind.map_err(|_| anyhow!("`{}` is no kind of source; legal are {legal}", pair[0]))?;
        named.push((kind, PathBuf::from(&pair[1])));
    }
    let kinds: Vec<(SourceKind, PathBuf)> = named
        .into_iter()
        .map(|(kind, dir)| Ok((kind.of(&dir)?, dir)))
        .collect::<Result<_, Error>>()?;
    let types = match &args.types {
        Some(_) if !kinds.iter().any(|(kind, _)| kind.takes_types()) => {
            bail!("--types goes with lookbook and folder; small-fashion has its own types")
        }
        Some(path) => TypeTable::open(path)?,
        None => TypeTable::default(),
    };
    let sources = kinds.iter().map(|(kind, dir)| kind.open(dir, &types));
    Ok(sources.collect::<Result<_, Error>>()?)
}

fn print(args: &Args, Report { summary, skipped, .. }: &Report, seconds: f64) {
    skips::report(skipped, &args.out.join("skipped.jsonl"));
    let Summary { found, written, .. } = summary;
    let rate = *written as f64 / seconds;
    if args.json {
        let line = serde_json::json!({
            "found": found, "written": written, "skipped": summary.skipped,
            "seconds": seconds, "pictures_per_s": rate, "peak_mib": peak_mib(),
        });
        say(line);
        return;
    }
    say(format_args!(
        "{written} of {found} pictures taken in, {rate:.0} pictures/s"
    ));
    for source in &summary.sources {
        say(format_args!("  {source}"));
    }
    let parts: Vec<String> = Split::ALL
        .iter()
        .map(|split| format!("{} {split}", summary.splits[split.name()]))
        .collect();
    say(format_args!("parts     {}", parts.join(", ")));
    if summary.duplicates > 0 {
        say(format_args!(
            "          {} pictures show what another one shows, in the same part",
            summary.duplicates
        ));
    }
    say(format_args!("data set  {}", args.out.display()));
    say(format_args!("charts    {}", args.out.join("plots").display()));
}
