//! Photos to a colour-labelled data set:
//! `cargo run --release --example ingest -- small-fashion DIR --out DATASET`

use std::{path::PathBuf, process::ExitCode, time::Instant};

use ai4fashion_dataset::{Ingest, ProductType, Report, Source, SourceSummary, Split};
use ai4fashion_examples::{
    exit::{self, Outcome},
    ingestion::{OptionArgs, SourceArgs},
    interrupt::stop_on_ctrl_c,
    machine::peak_mib,
    progress::PictureBar,
    say::{count, say},
    skips,
};
use clap::Parser;

/// Turns folders of fashion photos into one colour-labelled data set.
///
/// It can be stopped at any moment; the same command goes on from there. On a data set that is there already it adds what
/// is new.
///
/// Exit code: 0 if every picture and row could be used, 1 if some were skipped, 2 if it failed or was stopped.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    #[command(flatten)]
    sources: SourceArgs,
    /// Where the data set goes: a folder that is not there yet, or the data set that is to be added to
    #[arg(long)]
    out: PathBuf,
    #[command(flatten)]
    options: OptionArgs,
    /// Say what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    /// Print one line of JSON instead of words
    #[arg(long)]
    json: bool,
    /// Show no progress
    #[arg(long)]
    quiet: bool,
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    let ingest = Ingest::new(args.options.options()?)?;
    let sources = args.sources.open()?;
    let sources: Vec<&dyn Source> = sources.iter().map(|source| &**source).collect();
    let bar = if args.quiet {
        PictureBar::hidden()
    } else {
        PictureBar::new()
    };
    let bar = bar.stopping(stop_on_ctrl_c()?);
    if args.dry_run {
        return plan(&args, &ingest, &sources, &bar);
    }
    let start = Instant::now();
    let report = ingest
        .run(&sources, &args.out, &bar)
        .inspect_err(skips::report_all)?;
    drop(bar);
    print(&args, &report, start.elapsed().as_secs_f64());
    Ok(Outcome::of_skips(report.skipped.len()))
}

fn plan(args: &Args, ingest: &Ingest, sources: &[&dyn Source], bar: &PictureBar) -> anyhow::Result<Outcome> {
    let plan = ingest.plan(sources, Some(&args.out), bar)?;
    let outcome = Outcome::of_skips(plan.skipped.len());
    plan.skipped.iter().for_each(skips::skipped);
    let sum = |of: fn(&SourceSummary) -> usize| plan.sources.iter().map(of).sum::<usize>();
    let written = sum(|source| source.written);
    if args.json {
        say(serde_json::json!({
            "found": sum(|source| source.found), "to_write": written, "reused": plan.reused,
            "skipped": sum(|source| source.skipped), "left_out": sum(|source| source.left_out.values().sum()), "types": plan.types, "renamed": plan.renamed.len(), "sources": plan.sources,
        }));
        return Ok(outcome);
    }
    say(format_args!(
        "{} would be taken in; nothing was written",
        count(written, "picture")
    ));
    if plan.reused > 0 {
        say(format_args!("  {:>6} of them there already", plan.reused));
    }
    for source in &plan.sources {
        say(format_args!("  {source:#}"));
    }
    for (number, pictures) in &plan.types {
        let name = ProductType::ALL
            .into_iter()
            .find(|known| known.number() == *number);
        say(format_args!(
            "  {pictures:>6} {}",
            name.map_or("type not known", ProductType::name)
        ));
    }
    for (original, stem) in &plan.renamed {
        say(format_args!(
            "  `{original}` would be named {stem}, for its name is taken"
        ));
    }
    Ok(outcome)
}

fn print(args: &Args, report: &Report, seconds: f64) {
    let Report {
        summary,
        skipped,
        reused,
        ..
    } = report;
    skips::report(skipped, &args.out.join("skipped.jsonl"));
    let rate = summary.written as f64 / seconds;
    if args.json {
        say(serde_json::json!({
            "found": summary.found, "written": summary.written, "skipped": summary.skipped, "reused": reused,
            "left_out": summary.sources.iter().flat_map(|source| source.left_out.values()).sum::<usize>(),
            "seconds": seconds, "pictures_per_s": rate, "peak_mib": peak_mib(),
        }));
        return;
    }
    if report.unchanged {
        say(format_args!(
            "{} there already; nothing was to do",
            count(summary.written, "picture")
        ));
    } else {
        let (written, found) = (summary.written, count(summary.found, "picture"));
        say(format_args!(
            "{written} of {found} taken in, {rate:.0} pictures/s"
        ));
    }
    if *reused > 0 && !report.unchanged {
        say(format_args!("          {reused} of them before"));
    }
    for source in &summary.sources {
        say(format_args!("  {source}"));
    }
    let parts = Split::ALL.map(|split| format!("{} {split}", summary.splits[split.name()]));
    say(format_args!("parts     {}", parts.join(", ")));
    if summary.duplicates + summary.near_duplicates > 0 {
        say(format_args!(
            "          {} the same as another one, {} nearly so; each is in the part of that one",
            summary.duplicates, summary.near_duplicates
        ));
    }
    if report.unsaid > 0 {
        say(format_args!(
            "lost      what was said by hand of {}, not in the sources any more or changed",
            count(report.unsaid, "picture")
        ));
    }
    let flags: Vec<String> = summary
        .flags
        .iter()
        .filter(|(_, count)| **count > 0)
        .map(|(name, count)| format!("{count} {name}"))
        .collect();
    if !flags.is_empty() {
        say(format_args!("flags     {}", flags.join(", ")));
    }
    say(format_args!("data set  {}", args.out.display()));
    say(format_args!("charts    {}", args.out.join("plots").display()));
}
