//! Trains the tutorial's DCGAN on a data set: `cargo run --release --example train -- --data DATASET --run RUN`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_dataset::Dataset;
use ai4fashion_dcgan::{
    Checkpoint, DcganConfig, Ended, PictureCache, PictureSource, RunFolder, SavedRun, Selection, TrainState,
    Trainer,
};
use ai4fashion_examples::{
    device::DeviceName,
    exit::{self, Outcome},
    filter::Filter,
    interrupt::stop_on_ctrl_c,
    machine::{keep_freed_memory, peak_mib},
    precision::PrecisionName,
    progress::TrainBar,
    say::say,
    training::TrainingOptions,
    trial::{self, Trial},
};
use anyhow::{Context as _, ensure};
use clap::Parser;
use serde::{Deserialize, Serialize};

/// Trains a DCGAN on a data set, or goes on with a training that was stopped.
///
/// Ctrl-C ends the step, saves, and says how to go on. Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// The data set: a folder that `ingest` has written
    #[arg(long, required_unless_present = "resume")]
    data: Option<PathBuf>,
    /// Where log, plots, samples and weights go: a folder that is not there yet, or empty
    #[arg(long, required_unless_present_any = ["resume", "dry_run"])]
    run: Option<PathBuf>,
    /// Go on with the run in this folder; a higher --epochs extends it
    #[arg(long, value_name = "RUN", conflicts_with = "run")]
    resume: Option<PathBuf>,
    /// The checkpoint to go on from, e.g. step-000074 [default: the newest]
    #[arg(long, requires = "resume")]
    checkpoint: Option<String>,
    /// Go on although settings or data set are others than the run's
    #[arg(long, requires = "resume")]
    force: bool,
    /// Write samples, plots and a checkpoint after every so many epochs only
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    save_every: u32,
    /// Keep so many of the newest checkpoints, beside the best
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u32).range(1..))]
    keep: u32,
    /// Where decoded pictures are kept, so that they are decoded once [default: DATA/cache/pictures-SIZE.bin]
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
    /// Decode the pictures anew in each epoch
    #[arg(long, conflicts_with = "cache")]
    no_cache: bool,
    /// Train three steps to say what the run would take in time and memory; write nothing
    #[arg(long)]
    dry_run: bool,
    /// What computes [default: ndarray]
    #[arg(long, value_enum)]
    device: Option<DeviceName>,
    /// What the products of convolutions are made of [default: f32]
    #[arg(long, value_enum)]
    precision: Option<PrecisionName>,
    #[command(flatten)]
    filter: Filter,
    #[command(flatten)]
    options: TrainingOptions,
}

/// What this program needs to go on with a run: `program.json` in its folder.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Program {
    data: PathBuf,
    device: DeviceName,
    precision: PrecisionName,
    #[serde(default)]
    filter: Filter,
}

fn main() -> ExitCode {
    exit::main(run)
}

fn run() -> anyhow::Result<Outcome> {
    let args = Args::parse();
    keep_freed_memory();
    let saved = args.resume.as_ref().map(SavedRun::open).transpose()?;
    let config = match &saved {
        Some(saved) => args.options.of_run(saved.config())?,
        None => args.options.fresh()?,
    };
    let program = program(&args, saved.as_ref())?;
    program.precision.choose()?;
    let trainer = Trainer::new(config.clone(), program.device.open())?;
    let dataset = Dataset::open(&program.data)?;
    let cache = (!args.no_cache && !args.dry_run).then(|| {
        let name = format!("cache/pictures-{}.bin", config.image_size);
        let path = args.cache.clone().unwrap_or_else(|| dataset.root().join(name));
        PictureCache::open_or_build(&dataset, config.image_size as u32, path)
    });
    let cache = cache
        .transpose()
        .context("--no-cache trains without, --cache names another place")?;
    let source: &dyn PictureSource = match &cache {
        Some(cache) => cache,
        None => &dataset,
    };
    let pictures = Selection::new(source, |labels| program.filter.wants(labels, config.condition));
    if pictures.left_out() > 0 {
        say(format_args!(
            "{} of {} pictures left out",
            pictures.left_out(),
            dataset.len()
        ));
    }
    if args.dry_run {
        return plan(&trainer, &config, &pictures, &program);
    }
    let folder = match (&saved, &args.run) {
        (Some(saved), _) => RunFolder::of(saved),
        (None, Some(run)) => RunFolder::create(run)?,
        (None, None) => anyhow::bail!("--run or --resume is missing"),
    };
    let mut folder = folder
        .with_interval(args.save_every as usize)
        .with_keep(args.keep as usize)
        .with_program(&program)?;
    let checkpoint = saved
        .as_ref()
        .map(|saved| checkpoint(saved, args.checkpoint.as_deref()));
    let checkpoint = checkpoint.transpose()?.flatten();
    let mut state = TrainState::new(&config, &program.device.open())?;
    if let Some(checkpoint) = &checkpoint {
        check(checkpoint, &trainer, &pictures, args.force)?;
        state = state.restore(checkpoint)?;
    }
    let run = folder.path().to_owned();
    let trained = trainer.with_stop(stop_on_ctrl_c()?).train(
        state,
        &pictures,
        &mut [&mut folder, &mut TrainBar::new(50)],
    )?;
    report(&run, trained.ended, trained.state.steps_done());
    Ok(Outcome::Complete)
}

fn program(args: &Args, saved: Option<&SavedRun>) -> anyhow::Result<Program> {
    let of_run: Option<Program> = saved
        .filter(|saved| saved.has_program())
        .map(SavedRun::program)
        .transpose()?;
    let data = match (&args.data, &of_run) {
        (Some(data), _) => std::path::absolute(data)?,
        (None, Some(program)) => program.data.clone(),
        (None, None) => anyhow::bail!("the run does not say where its data set is; name it with --data"),
    };
    let filter = match &of_run {
        Some(program) if args.filter.is_open() => program.filter.clone(),
        _ => args.filter.clone(),
    };
    let of_run = of_run.map(|program| (program.device, program.precision));
    let (device, precision) = of_run.unwrap_or_default();
    Ok(Program {
        data,
        device: args.device.unwrap_or(device),
        precision: args.precision.unwrap_or(precision),
        filter,
    })
}

/// The checkpoint that was asked for, or the newest; none if the run was ended before it saved one.
fn checkpoint(saved: &SavedRun, name: Option<&str>) -> anyhow::Result<Option<Checkpoint>> {
    let folders = saved.checkpoints();
    let folder = match name {
        None => folders.last(),
        Some(name) => {
            let found = folders.iter().find(|folder| folder.ends_with(name));
            let names = || {
                let names = folders.iter().filter_map(|folder| folder.file_name());
                names
                    .map(|name| name.display().to_string())
                    .collect::<Vec<_>>()
                    .join(", ")
            };
            Some(found.with_context(|| format!("there is no checkpoint `{name}`; there are: {}", names()))?)
        }
    };
    let loaded = folder.map(|folder| saved.load(folder)).transpose();
    loaded.context("cannot go on; name another checkpoint with --checkpoint")
}

/// Refuses to go on with another run than the one that began, unless it is forced.
fn check(
    checkpoint: &Checkpoint,
    trainer: &Trainer,
    pictures: &impl PictureSource,
    force: bool,
) -> anyhow::Result<()> {
    let differences = checkpoint.differences(&trainer.plan(pictures)?);
    let lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
    ensure!(
        lines.is_empty() || force,
        "this would be another run: {}; --force goes on all the same",
        lines.join("; ")
    );
    for line in lines {
        say(format_args!("going on although {line}"));
    }
    Ok(())
}

fn report(run: &Path, ended: Ended, steps: usize) {
    let run = run.display();
    if ended == Ended::Stopped {
        say(format_args!("stopped after step {steps}; all of it is saved"));
        say(format_args!(
            "to go on           cargo run --release --example train -- --resume {run}"
        ));
        return;
    }
    say(format_args!("samples            {run}/samples"));
    say(format_args!("losses             {run}/losses.png"));
    say(format_args!("real beside drawn  {run}/real-vs-fake.png"));
    say(format_args!(
        "to draw more       cargo run --release --example generate -- --run {run} --out DIR"
    ));
    say(format_args!(
        "to train longer    cargo run --release --example train -- --resume {run} --epochs N"
    ));
}

/// Says what a run would take.
fn plan(
    trainer: &Trainer,
    config: &DcganConfig,
    pictures: &impl PictureSource,
    program: &Program,
) -> anyhow::Result<Outcome> {
    let plan = trainer.plan(pictures)?;
    let mut trial = Trial::default();
    let short = config
        .clone()
        .with_epochs(1)
        .with_limit(Some(plan.pictures.min(trial::STEPS * config.batch_size)));
    Trainer::new(short, program.device.open())?.fit(pictures, &mut [&mut trial])?;
    say(format_args!("pictures        {}", plan.pictures));
    say(format_args!(
        "steps           {} of batch {} in each of {} epochs, {} in all",
        plan.steps_per_epoch,
        config.batch_size,
        config.epochs,
        plan.steps(),
    ));
    if let Some(step) = trial.step {
        let whole = step * u32::try_from(plan.steps()).unwrap_or(u32::MAX);
        say(format_args!(
            "time            {:.2} s a step here, {} in all",
            step.as_secs_f64(),
            indicatif::HumanDuration(whole)
        ));
    }
    if let Some(mib) = peak_mib() {
        say(format_args!("memory          {mib:.0} MiB"));
    }
    say(format_args!(
        "a checkpoint    {}",
        indicatif::HumanBytes(trial.checkpoint as u64)
    ));
    Ok(Outcome::Complete)
}
