//! Photos in, data set and trained generator out: `cargo run --release --example quickstart`
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program prints")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_dataset::{
    Dataset, Ingest, IngestOptions, LookBook, SmallFashion,
    source::{Source, SourceKind, TypeTable},
};
use ai4fashion_dcgan::{
    DcganConfig, RunFolder, Trainer, cpu,
    data::ImageCache,
    train::{Interrupter, StopReason},
};
use ai4fashion_plot::DistributionCharts;
use ai4fashion_synthetic::Catalogue;
use anyhow::{Context as _, ensure};
use clap::Parser;
use progress::Bar;

mod progress;

/// Takes photos all the way: select, letterbox, name the colours, label, plot, train a DCGAN,
/// generate.
///
/// Without --data it renders a synthetic catalogue of photos. Ctrl-C finishes the current step,
/// saves, and says how to resume. Exit code: 0 if every photo could be used, 1 if some were
/// skipped, 2 if it failed or was stopped before the training.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Arguments {
    /// A folder of your own photos: Kaggle's fashion-product-images-small, LookBook, or any other
    #[arg(long)]
    data: Option<PathBuf>,
    /// Folder for everything, new or empty [default: target/quickstart, or target/quickstart-2, ...
    /// if it is in use]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Steps of the training, rounded to whole epochs
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
}

/// Images of a step, and width of both networks: less than the tutorial's 128 and 64, for more
/// steps in the same time.
const BATCH: usize = 16;
const WIDTH: usize = 32;
/// The tutorial's 0.0002 does not get far in a thousand steps; this does, with averaged weights of
/// the generator.
const RATE: f64 = 0.0008;
const AVERAGE: f64 = 0.98;
/// How often, at most, samples and weights are written.
const SAMPLES: usize = 25;
/// Below this number of images, not much is to be expected.
const FEW: usize = 200;

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::from(1),
        Err(error) => {
            eprintln!("error: {error}");
            error
                .chain()
                .skip(1)
                .for_each(|cause| eprintln!("  caused by: {cause}"));
            ExitCode::from(2)
        }
    }
}

/// Returns the number of photos that were skipped.
fn run(arguments: &Arguments) -> anyhow::Result<usize> {
    let out = arguments.out.clone().unwrap_or_else(first_free);
    ensure!(
        is_free(&out),
        "output folder `{}` is not empty; name another one with --out",
        out.display()
    );
    let sources = match &arguments.data {
        Some(folder) => vec![SourceKind::detect(folder)?.open(folder, &TypeTable::default())?],
        None => synthetic_photos(&out.join("photos"))?,
    };
    let stop = Interrupter::new();
    let request = stop.clone();
    ctrlc::set_handler(move || match request.should_stop() {
        true => std::process::exit(130),
        false => request.stop(),
    })?;

    let dataset = out.join("dataset");
    let sources: Vec<&dyn Source> = sources.iter().map(|source| &**source).collect();
    let report = Ingest::new(IngestOptions::default())?
        .with_sidecar(DistributionCharts)
        .run(&sources, &dataset, &Bar::new("ingesting", &stop))
        .with_context(|| format!("no data set; delete `{}` before the next try", out.display()))?;
    report
        .rejected
        .iter()
        .for_each(|skip| eprintln!("skipped: {skip}"));
    report
        .summary
        .sources
        .iter()
        .for_each(|source| println!("{source}"));

    let (run, ended) = train(arguments, &dataset, &out, stop)?;
    let [generate, resume] = commands(&run);
    let (dataset, run) = (dataset.display(), run.display());
    println!("labelled images     {dataset}/images");
    println!("colours and types   {dataset}/plots");
    println!("training            {run}/report.html");
    println!("losses              {run}/losses.png");
    println!("real and generated  {run}/real-vs-fake.png");
    if ended == StopReason::Interrupted {
        println!("stopped; to resume: {resume}");
    } else {
        println!("to generate more    {generate} --out DIR");
        println!("to train longer     {resume} --epochs N");
    }
    Ok(report.rejected.len())
}

/// Command lines that generate from the run, and that resume it.
fn commands(run: &Path) -> [String; 2] {
    ["generate --run", "train --resume"].map(|command| {
        let run = run.display();
        format!("cargo run --release -p ai4fashion-cli -- {command} '{run}'")
    })
}

fn train(
    arguments: &Arguments,
    folder: &Path,
    out: &Path,
    stop: Interrupter,
) -> anyhow::Result<(PathBuf, StopReason)> {
    let dataset = Dataset::open(folder)?;
    if dataset.len() < FEW {
        println!(
            "{} images to learn from: that is few, expect blurs",
            dataset.len()
        );
    }
    let config = config(dataset.len(), arguments.steps as usize);
    let interval = config.epochs.div_ceil(SAMPLES);
    // As `ai4fashion train` writes it, so that it can resume the run.
    let program = serde_json::json!({
        "data": std::path::absolute(folder)?,
        "device": "ndarray",
        "checkpoint_every": interval,
        "threads": rayon::current_num_threads(),
    });
    let run = out.join("run");
    let [generate, resume] = commands(&run);
    let mut files = RunFolder::create(&run)?
        .with_interval(interval)
        .with_commands(vec![
            format!("{generate} --out DIR"),
            format!("{resume} --epochs {}", config.epochs.saturating_mul(2)),
        ])
        .with_metadata(&program)?;
    let side = config.image_size as u32;
    let cache = ImageCache::default_path(folder, side);
    let decoding = Bar::new("decoding", &stop);
    let images = ImageCache::open_or_build(&dataset, side, cache, &|done, total| decoding.show(done, total))?;
    drop(decoding);
    let mut bar = Bar::new("training", &stop);
    let trainer = Trainer::new(config, cpu())?.with_interrupter(stop);
    let trained = trainer.fit(&images, &mut [&mut files, &mut bar])?;
    Ok((run, trained.stop_reason))
}

/// Whole epochs of at most `images`, together about `steps`.
fn config(images: usize, steps: usize) -> DcganConfig {
    let limit = images.min(steps * BATCH);
    DcganConfig::tutorial()
        .with_batch_size(BATCH)
        .with_ngf(WIDTH)
        .with_ndf(WIDTH)
        .with_lr(RATE)
        .with_ema(Some(AVERAGE))
        .with_limit(Some(limit))
        .with_epochs((steps / limit.div_ceil(BATCH)).max(1))
}

/// A synthetic catalogue in the layout of each source.
fn synthetic_photos(folder: &Path) -> anyhow::Result<Vec<Box<dyn Source>>> {
    let (small_fashion, lookbook) = (folder.join("small-fashion"), folder.join("lookbook"));
    Catalogue::new(1)
        .with_per_label(3)
        .write_small_fashion(&small_fashion)?;
    Catalogue::new(2).with_per_label(2).write_lookbook(&lookbook)?;
    let types = TypeTable::open(lookbook.join("types.csv"))?;
    Ok(vec![
        Box::new(SmallFashion::open(small_fashion)?),
        Box::new(LookBook::open(lookbook)?.with_types(types)),
    ])
}

/// `target/quickstart`, or the first of `target/quickstart-2`, ... that is not in use.
fn first_free() -> PathBuf {
    let numbered = (2..u32::MAX).map(|number| format!("target/quickstart-{number}"));
    let mut names = std::iter::once("target/quickstart".to_owned())
        .chain(numbered)
        .map(PathBuf::from);
    names.find(|path| is_free(path)).unwrap_or_default()
}

fn is_free(folder: &Path) -> bool {
    match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    }
}
