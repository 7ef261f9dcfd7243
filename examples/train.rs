//! Trains the tutorial's DCGAN on a data set: `cargo run --release --example train -- --data DATASET --run RUN`

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use ai4fashion_dataset::Dataset;
use ai4fashion_dcgan::{
    Ended, Error, ErrorKind, PictureCache, PictureSource, Plan, RunFolder, SavedRun, Selection, TrainState,
    Trainer,
};
use ai4fashion_examples::{
    exit::{self, Outcome},
    hint::hinted,
    interrupt::stop_on_ctrl_c,
    machine::keep_freed_memory,
    program::ProgramOptions,
    progress::{PictureBar, TrainBar},
    resume::Resumed,
    say::{count, quoted, say},
    training::TrainingOptions,
    trial::say_plan,
};
use anyhow::bail;
use clap::Parser;

/// Trains a DCGAN on a data set, or goes on with a training that was stopped.
///
/// Ctrl-C ends the step, saves, and says how to go on. Exit code: 0, or 2 if it failed.
#[derive(Debug, Parser)]
#[command(version, allow_negative_numbers = true)]
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
    let saved = args.resume.as_deref().map(SavedRun::open).transpose()?;
    let mut folder = match (&saved, &args.run) {
        (Some(saved), _) => Some(RunFolder::of(saved)),
        (None, Some(run)) => Some(RunFolder::create(run)?),
        (None, None) => None,
    };
    if let (Some(_), Some(folder), false) = (&saved, &mut folder, args.dry_run) {
        // A run that is being trained is not to be judged by what it has saved so far.
        folder.lock()?;
    }
    let name = args.checkpoint.as_deref();
    let resumed = saved.map(|saved| Resumed::new(saved, name)).transpose()?;
    let saved = resumed.as_ref().map(|resumed| &resumed.run);
    let config = match saved {
        Some(saved) => args.options.of_run(saved.config())?,
        None => args.options.fresh()?,
    };
    let program = args.program.over(saved, &config)?;
    program.precision.choose()?;
    let device = program.device.open();
    let trainer = Trainer::new(config.clone(), device.clone())?;
    let mut state = TrainState::new(&config, &device)?;
    let dataset = Dataset::open(&program.data)?;
    let wanted = |labels| program.filter.wants(labels, config.condition);
    if let (Some(resumed), false) = (&resumed, args.dry_run) {
        // Before the cache, which may be of another data set, and without a look at the pictures, which it may hold.
        let chosen = Selection::new(&dataset, wanted);
        let mut plan = Plan::new(
            config.clone(),
            chosen.len().min(config.limit.unwrap_or(usize::MAX)),
        );
        plan.data = chosen.fingerprint();
        resumed.check(&program, &plan, args.force)?;
        state = resumed.restore(state)?;
    }

    let path = program.cache.as_deref().filter(|_| !args.dry_run);
    let cache = path.map(|path| {
        let (side, bar) = (config.image_size as u32, PictureBar::named("decoding"));
        PictureCache::open_or_build(&dataset, side, path, &bar).map_err(elsewhere)
    });
    let cache = cache.transpose()?;
    let source: &dyn PictureSource = match &cache {
        Some(cache) => cache,
        None => &dataset,
    };
    let pictures = Selection::new(source, wanted);
    if pictures.left_out() > 0 {
        let (out, all) = (pictures.left_out(), count(dataset.len(), "picture"));
        say(format_args!("{out} of {all} left out"));
    }
    if args.dry_run {
        say_plan(&trainer, &pictures, device)?;
        return Ok(Outcome::Complete);
    }
    let Some(folder) = folder else {
        bail!("--run or --resume is missing");
    };
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

/// Says what to do where the cache cannot be kept.
fn elsewhere(error: Error) -> anyhow::Error {
    let is_picture = matches!(
        error.kind(),
        ErrorKind::Picture { .. } | ErrorKind::OtherPicture { .. }
    );
    if is_picture {
        return error.into();
    }
    hinted(
        error,
        "--cache FILE keeps decoded pictures elsewhere, --no-cache nowhere",
    )
}

fn report(run: &Path, ended: Ended, steps: usize) {
    let (shown, run) = (run.display(), quoted(run));
    if ended == Ended::Stopped {
        say(format_args!("stopped after step {steps}; all of it is saved"));
        say(format_args!(
            "to go on           cargo run --release --example train -- --resume {run}"
        ));
        return;
    }
    say(format_args!("all on one page    {shown}/report.html"));
    say(format_args!(
        "samples            {shown}/samples, {shown}/film.png"
    ));
    say(format_args!("losses             {shown}/losses.png"));
    say(format_args!("real beside drawn  {shown}/real-vs-fake.png"));
    say(format_args!(
        "to draw more       cargo run --release --example generate -- --run {run} --out DIR"
    ));
    say(format_args!(
        "to train longer    cargo run --release --example train -- --resume {run} --epochs N"
    ));
}
