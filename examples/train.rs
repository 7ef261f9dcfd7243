//! Trains the tutorial's DCGAN on a data set: `cargo run --release --example train -- --data DATASET --run RUN`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_dataset::Dataset;
use ai4fashion_dcgan::{
    Checkpoint, Ended, Error, ErrorKind, PictureCache, PictureSource, Plan, RunFolder, SavedRun, Selection,
    TrainState, Trainer,
};
use ai4fashion_examples::{
    exit::{self, Outcome},
    interrupt::stop_on_ctrl_c,
    machine::keep_freed_memory,
    program::{Program, ProgramOptions},
    progress::{PictureBar, TrainBar},
    say::say,
    training::TrainingOptions,
    trial::say_plan,
};
use anyhow::{Context as _, bail, ensure};
use clap::Parser;

/// Trains a DCGAN on a data set, or goes on with a training that was stopped.
///
/// Ctrl-C ends the step, saves, and says how to go on. Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version)]
struct Args {
    /// Where log, plots, samples and weights go: a folder that is not there yet, or empty
    #[arg(long, required_unless_present_any = ["resume", "dry_run"])]
    run: Option<PathBuf>,
    /// Go on with the run in this folder; a higher --epochs extends it
    #[arg(long, value_name = "RUN", conflicts_with = "run")]
    resume: Option<PathBuf>,
    /// The checkpoint to go on from, e.g. step-000074; what lies beyond it is removed [default: the newest]
    #[arg(long, requires = "resume")]
    checkpoint: Option<String>,
    /// Go on although settings, data set, device or precision are others than the run's
    #[arg(long, requires = "resume")]
    force: bool,
    /// Train three steps to say what the run would take in time and memory; write nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    program: ProgramOptions,
    #[command(flatten)]
    options: TrainingOptions,
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
    let program = args.program.over(saved.as_ref())?;
    program.precision.choose()?;
    let device = program.device.open();
    let trainer = Trainer::new(config.clone(), device.clone())?;
    let folder = match (&saved, &args.run) {
        (Some(saved), _) => Some(RunFolder::of(saved)),
        (None, Some(run)) => Some(RunFolder::create(run)?),
        (None, None) => None,
    };
    let name = args.checkpoint.as_deref();
    let checkpoint = saved.as_ref().map(|saved| checkpoint(saved, name)).transpose()?;
    let mut state = TrainState::new(&config, &device)?;
    let dataset = Dataset::open(&program.data)?;

    let cache = (!args.dry_run && !program.no_cache).then(|| {
        let side = config.image_size as u32;
        let place = || PictureCache::<Dataset>::default_path(dataset.root(), side);
        let path = program.cache.clone().unwrap_or_else(place);
        PictureCache::open_or_build(&dataset, side, path, &PictureBar::named("decoding")).map_err(elsewhere)
    });
    let cache = cache.transpose()?;
    let source: &dyn PictureSource = match &cache {
        Some(cache) => cache,
        None => &dataset,
    };
    let pictures = Selection::new(source, |labels| program.filter.wants(labels, config.condition));
    if pictures.left_out() > 0 {
        let (out, all) = (pictures.left_out(), dataset.len());
        say(format_args!("{out} of {all} pictures left out"));
    }
    if args.dry_run {
        say_plan(&trainer, &pictures, device)?;
        return Ok(Outcome::Complete);
    }
    let Some(folder) = folder else {
        bail!("--run or --resume is missing");
    };
    if let (Some(saved), Some(Some(checkpoint))) = (&saved, &checkpoint) {
        check(saved, checkpoint, &program, &trainer.plan(&pictures)?, args.force)?;
        state = state.restore(checkpoint)?;
    }
    let mut folder = folder
        .with_interval(program.save_every.unwrap_or(1) as usize)
        .with_keep(program.keep.unwrap_or(2) as usize)
        .with_program(&program)?;
    let run = folder.path().to_owned();
    let trainer = trainer.with_stop(stop_on_ctrl_c()?);
    let trained = trainer.train(state, &pictures, &mut [&mut folder, &mut TrainBar::new(50)])?;
    report(&run, trained.ended, trained.state.steps_done());
    Ok(Outcome::Complete)
}

/// The checkpoint that was asked for, or the newest; none if the run was ended before it saved one.
fn checkpoint(saved: &SavedRun, name: Option<&str>) -> anyhow::Result<Option<Checkpoint>> {
    let folder = match name {
        Some(name) => Some(saved.find(name)?),
        None => saved.checkpoints().last().map(PathBuf::as_path),
    };
    let loaded = folder.map(|folder| saved.load(folder)).transpose();
    loaded.context("cannot go on; name another checkpoint with --checkpoint")
}

/// Refuses to go on with another run than the one that began, unless it is forced.
fn check(
    saved: &SavedRun,
    checkpoint: &Checkpoint,
    program: &Program,
    plan: &Plan,
    force: bool,
) -> anyhow::Result<()> {
    let differences = checkpoint.differences(plan);
    let mut lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
    if saved.has_program() {
        lines.extend(program.differences(&saved.program()?));
    }
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

/// Says what to do where the cache cannot be kept.
fn elsewhere(error: Error) -> anyhow::Error {
    let is_place = !matches!(error.kind(), ErrorKind::Picture { .. });
    let error = anyhow::Error::new(error);
    if is_place {
        return error.context("--cache FILE keeps decoded pictures elsewhere, --no-cache nowhere");
    }
    error
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
    say(format_args!("all on one page    {run}/report.html"));
    say(format_args!("samples            {run}/samples, {run}/film.png"));
    say(format_args!("losses             {run}/losses.png"));
    say(format_args!("real beside drawn  {run}/real-vs-fake.png"));
    say(format_args!(
        "to draw more       cargo run --release --example generate -- --run {run} --out DIR"
    ));
    say(format_args!(
        "to train longer    cargo run --release --example train -- --resume {run} --epochs N"
    ));
}
