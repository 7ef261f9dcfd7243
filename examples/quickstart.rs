//! Photos in, labelled data set, trained generator out: `cargo run --release --example quickstart`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_dataset::{
    Dataset, Error, ErrorKind, Ingest, IngestOptions, LookBook, SmallFashion, Source, SourceKind, TypeTable,
    synthetic::Catalogue,
};
use ai4fashion_dcgan::{DcganConfig, Ended, PictureCache, RunFolder, Trainer};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    interrupt::stop_on_ctrl_c,
    machine::keep_freed_memory,
    output::{check_free, first_free},
    program::Program,
    progress::{PictureBar, TrainBar},
    say::{count, quoted, say},
    skips,
};
use clap::Parser;

/// Takes photos all the way: select, letterbox, name the colours, label, plot, train a DCGAN, draw.
///
/// Without --data it draws its photos itself. Ctrl-C ends the step, saves, and says how to go on. Exit code: 0 if every picture
/// could be used, 1 if some were skipped, 2 if it failed or was stopped before the training.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
struct Args {
    /// A folder of your own photos: Kaggle's fashion-product-images-small, LookBook, or any other
    #[arg(long)]
    data: Option<PathBuf>,
    /// Where everything goes: a folder that is not there yet, or empty [default: target/quickstart, or if that is in
    /// use target/quickstart-2, ...]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Steps of the training, rounded to whole epochs
    #[arg(long, default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// What computes
    #[arg(long, value_enum, default_value_t)]
    device: DeviceName,
}

const OUT: &str = "target/quickstart";
/// Pictures of a step, and width of both networks: less than the tutorial's 128 and 64, for more steps in the same time.
const BATCH: usize = 16;
const WIDTH: usize = 32;
/// The tutorial's 0.0002 does not get far in a thousand steps; this does, if the weights that draw are a moving average: see
/// docs/results.md.
const RATE: f64 = 0.0008;
const AVERAGE: f64 = 0.98;
/// How often, at most, samples and weights are written.
const SAMPLES: usize = 25;
/// Pictures below which a user is told not to expect much.
const FEW: usize = 200;

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    keep_freed_memory();
    let out = args.out.clone().unwrap_or_else(|| first_free(OUT));
    check_free(&out, "--out")?;
    let (photos, dataset, run) = (out.join("photos"), out.join("dataset"), out.join("run"));

    let sources = match &args.data {
        Some(folder) => vec![SourceKind::detect(folder)?.open(folder, &TypeTable::default())?],
        None => draw(&photos)?,
    };
    let sources: Vec<&dyn Source> = sources.iter().map(|source| &**source).collect();
    let stop = stop_on_ctrl_c()?;
    let report = Ingest::new(IngestOptions::default())?
        .run(&sources, &dataset, &PictureBar::new().stopping(stop.clone()))
        .inspect_err(skips::report_all)
        .map_err(|error| stopped(error, &out))?;
    skips::report(&report.skipped, &dataset.join("skipped.jsonl"));
    for source in &report.summary.sources {
        say(source);
    }

    let pictures = Dataset::open(&dataset)?;
    if pictures.len() < FEW {
        say(format_args!(
            "{} to learn from: that is little, expect blurs",
            count(pictures.len(), "picture")
        ));
    }
    let config = config(pictures.len(), args.steps as usize);
    let interval = config.epochs.div_ceil(SAMPLES);
    // As `train` writes it, so that `train --resume` goes on with this run.
    let program = Program {
        data: std::path::absolute(&dataset)?,
        device: args.device,
        save_every: u32::try_from(interval).ok(),
        threads: Some(rayon::current_num_threads()),
        ..Program::default()
    }
    .in_force(&config);
    let mut folder = RunFolder::create(&run)?
        .with_interval(interval)
        .with_program(&program)?;
    let side = config.image_size as u32;
    let cache = PictureCache::default_path(&dataset, side);
    let pictures = PictureCache::open_or_build(&pictures, side, cache, &PictureBar::named("decoding"))?;
    let trainer = Trainer::new(config, args.device.open())?.with_stop(stop);
    let trained = trainer.fit(&pictures, &mut [&mut folder, &mut TrainBar::new(50)])?;

    let command = quoted(&run);
    let (dataset, run) = (dataset.display(), run.display());
    say(format_args!("labelled pictures  {dataset}/images"));
    say(format_args!("colours and types  {dataset}/plots"));
    say(format_args!("training           {run}/report.html"));
    say(format_args!("losses             {run}/losses.png"));
    say(format_args!("real beside drawn  {run}/real-vs-fake.png"));
    if trained.ended == Ended::Stopped {
        say(format_args!(
            "stopped after step {}; to go on: cargo run --release --example train -- --resume {command}",
            trained.state.steps_done()
        ));
        return Ok(Outcome::of_skips(report.skipped.len()));
    }
    say(format_args!(
        "to draw more       cargo run --release --example generate -- --run {command} --out DIR"
    ));
    say(format_args!(
        "to train longer    cargo run --release --example train -- --resume {command} --epochs N"
    ));
    Ok(Outcome::of_skips(report.skipped.len()))
}

/// Whole epochs of at most `pictures`, together about `steps`.
fn config(pictures: usize, steps: usize) -> DcganConfig {
    let limit = pictures.min(steps * BATCH);
    DcganConfig::tutorial()
        .with_batch_size(BATCH)
        .with_ngf(WIDTH)
        .with_ndf(WIDTH)
        .with_lr(RATE)
        .with_ema(Some(AVERAGE))
        .with_limit(Some(limit))
        .with_epochs((steps / limit.div_ceil(BATCH)).max(1))
}

/// Says what to do where it was stopped before there is a run to go on with.
fn stopped(error: Error, out: &Path) -> anyhow::Error {
    if matches!(error.kind(), ErrorKind::Stopped { .. }) {
        let out = out.display();
        anyhow::anyhow!("stopped before the training; delete `{out}` before the same command")
    } else {
        error.into()
    }
}

/// A catalogue in the layout of each source.
fn draw(folder: &Path) -> anyhow::Result<Vec<Box<dyn Source>>> {
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
