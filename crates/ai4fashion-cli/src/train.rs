//! `ai4fashion train`: a DCGAN is trained on a data set.

use std::path::{Path, PathBuf};

use ai4fashion_dataset::{Dataset, ingest::Progress as _};
use ai4fashion_dcgan::{
    Error, ErrorKind, ImageSource, RunFolder, TrainState, Trainer,
    data::{ImageCache, Subset},
    run::{KeepBest, KeepLast},
    train::{Interrupter, RunInfo, StopReason},
};
use ai4fashion_files::count;
use anyhow::ensure;

use crate::{
    exit::Outcome,
    hint::hinted,
    interrupt::on_ctrl_c,
    memory::keep_freed_memory,
    precision,
    progress::ImageBar,
    say::{quoted, say},
};

mod arguments;
pub(crate) mod filter;
pub(crate) mod options;
pub(crate) mod program;
mod progress;
mod resume;
mod scores;
mod settings;
mod trial;

pub(crate) use arguments::Arguments;
use progress::TrainBar;
use scores::ScoreLines;
use settings::{Job, Settings};

/// Where the data set is another one than it was when it was opened.
const CHANGED: &str = "the data set was changed meanwhile; the same command reads it as it is now";

/// Steps from one printed log line to the next.
const LOG_EVERY: usize = 50;

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<Outcome> {
    keep_freed_memory();
    let settings = Settings::new(arguments)?;
    let job = settings.job();
    precision::check(job.config.precision)?;
    let device = job.program.device.open();
    let trainer = Trainer::new(job.config.clone(), device.clone())?;
    let dataset = Dataset::open(&job.program.data)?;
    let mut outcome = Outcome::Complete;
    match settings {
        Settings::DryRun { job } => {
            let images = select(&job, &dataset)?;
            trial::say_plan(&trainer, &images, device)?;
        }
        Settings::Fresh { job, folder } => {
            say_untyped(&dataset, &job);
            let state = TrainState::new(&job.config, &device)?;
            let folder = folder_of(folder, &job)?;
            let trained = train(trainer, state, &dataset, &job, folder);
            let (ended, steps, done) = trained.map_err(|error| of_changed(error, &dataset))?;
            outcome = done;
            report(&job.path, ended, steps);
        }
        Settings::Resume {
            job,
            folder,
            run,
            force,
        } => {
            // Before the cache, which may be of another data set, and by labels alone: the cache
            // may hold the images.
            let plan = plan(&dataset, &job);
            run.check(&job.program, &plan, force)?;
            let state = run.restore(TrainState::new(&job.config, &device)?)?;
            let is_finished = state.steps_done() >= plan.steps();
            let folder = folder_of(folder, &job)?;
            let trained = train(trainer, state, &dataset, &job, folder);
            let (ended, steps, done) = trained.map_err(|error| of_changed(error, &dataset))?;
            outcome = done;
            if is_finished {
                say(format_args!(
                    "nothing to do: all {} are done; a higher --epochs trains longer",
                    count(job.config.epochs, "epoch")
                ));
            } else {
                report(&job.path, ended, steps);
            }
        }
    }
    Ok(outcome)
}

/// What the run is about to do, without a look at its images.
fn plan(dataset: &Dataset, job: &Job) -> RunInfo {
    let images = selection(job, dataset);
    let mut plan = RunInfo::new(job.config.clone(), images.len());
    plan.fingerprint = images.fingerprint();
    plan
}

fn folder_of(folder: RunFolder, job: &Job) -> Result<RunFolder, Error> {
    let (run, epochs) = (quoted(folder.path()), job.config.epochs.saturating_mul(2));
    folder
        .with_interval(job.program.checkpoint_every.unwrap_or(1) as usize)
        .with_checkpoints((KeepLast(job.program.keep_newest()), KeepBest))
        .with_commands(vec![
            format!("ai4fashion generate --run {run} --out DIR"),
            format!("ai4fashion train --resume {run} --epochs {epochs}"),
        ])
        .with_metadata(&job.program)
}

fn train(
    trainer: Trainer,
    state: TrainState,
    dataset: &Dataset,
    job: &Job,
    mut folder: RunFolder,
) -> anyhow::Result<(StopReason, usize, Outcome)> {
    let images = select(job, dataset)?;
    let cache = cache_path(job, images.len() == dataset.len()).map(|path| {
        let (side, bar) = (job.config.image_size as u32, ImageBar::new("decoding"));
        let progress = |done, total| {
            if done == 0 {
                bar.start(total);
            }
            bar.advance(done);
        };
        ImageCache::open_or_build(&images, side, path, &progress).map_err(elsewhere)
    });
    let cache = cache.transpose()?;
    let images: &dyn ImageSource = match &cache {
        Some(cache) => cache,
        None => &images,
    };
    let stop = Interrupter::new();
    let request = stop.clone();
    on_ctrl_c(move || request.stop())?;
    let trainer = trainer.with_interrupter(stop);
    let training = trainer.prepare(images)?;
    let scores = scores::score_log(&job.path, job, dataset, images)?;
    let mut bar = TrainBar::new(LOG_EVERY);
    let trained = match (scores, job.program.score) {
        (Some(mut log), Some(score)) => {
            let (keep, best) = (job.program.keep_newest(), log.keep_best(score));
            folder = folder.with_checkpoints((KeepLast(keep), best));
            let mut scores = ScoreLines::new(log, score, bar.printer());
            training.train(state, &mut [&mut scores, &mut folder, &mut bar])?
        }
        _ => training.train(state, &mut [&mut folder, &mut bar])?,
    };
    let outcome = Outcome::of_skips(usize::from(!folder.is_complete()));
    Ok((trained.stop_reason, trained.state.steps_done(), outcome))
}

/// The file of decoded images. Those of a filter or a limit have a file beside that of all images,
/// so that a short trial does not take its place.
fn cache_path(job: &Job, is_all: bool) -> Option<PathBuf> {
    let path = job.program.cache.clone()?;
    let default = ImageCache::default_path(&job.program.data, job.config.image_size as u32);
    if is_all || path != default {
        return Some(path);
    }
    Some(path.with_file_name(format!("images-{}-selected.bin", job.config.image_size)))
}

/// The images that are trained on.
fn selection<'a>(job: &Job, dataset: &'a Dataset) -> Subset<'a, Dataset> {
    Subset::new(dataset, |labels| job.wants(labels)).with_limit(job.config.limit)
}

/// The images that are trained on, of which there must be some; says how many are not.
fn select<'a>(job: &Job, dataset: &'a Dataset) -> anyhow::Result<Subset<'a, Dataset>> {
    let images = selection(job, dataset);
    let (out, all) = (images.filtered(), count(dataset.len(), "image"));
    ensure!(
        out == 0 || out < dataset.len(),
        "{} none of {all}",
        job.program.filter.words(job.config.condition)
    );
    if out > 0 {
        say(format_args!("{out} of {all} filtered out"));
    }
    Ok(images)
}

/// Tells newcomers of images that are often no clothing.
fn say_untyped(dataset: &Dataset, job: &Job) {
    let labels = (0..dataset.len()).map(|index| dataset.labels(index));
    let untyped = labels.filter(|labels| labels.product_type.is_none() && job.wants(*labels));
    let untyped = untyped.count();
    // Where no image has a type, the option would leave nothing.
    if untyped > 0 && untyped < dataset.len() {
        let all = count(dataset.len(), "image");
        say(format_args!(
            "{untyped} of {all} have no product type; --require-type leaves them out"
        ));
    }
}

/// Adds a hint where the cache cannot be written.
fn elsewhere(error: Error) -> anyhow::Error {
    if matches!(error.kind(), ErrorKind::Image { .. }) {
        return error.into();
    }
    hinted(
        error,
        "--cache FILE keeps decoded images elsewhere, --no-cache nowhere",
    )
}

/// Adds a hint where an image cannot be read because the data set is another one by now.
fn of_changed(error: anyhow::Error, dataset: &Dataset) -> anyhow::Error {
    let kind = error.downcast_ref::<Error>().map(Error::kind);
    if !matches!(kind, Some(ErrorKind::Image { .. })) {
        return error;
    }
    match Dataset::open(dataset.root()) {
        Ok(now) if now.fingerprint() == dataset.fingerprint() => error,
        _ => hinted(error, CHANGED),
    }
}

/// Says where everything is and what can be done next.
fn report(run: &Path, ended: StopReason, steps: usize) {
    let (shown, run) = (run.display(), quoted(run));
    if ended == StopReason::Interrupted {
        say(format_args!("stopped after step {steps}; everything is saved"));
        say(format_args!("to resume          ai4fashion train --resume {run}"));
        return;
    }
    say(format_args!("report             {shown}/report.html"));
    say(format_args!(
        "samples            {shown}/samples, {shown}/samples-over-time.png"
    ));
    say(format_args!("losses             {shown}/losses.png"));
    say(format_args!("real and generated {shown}/real-vs-fake.png"));
    say(format_args!(
        "to generate more   ai4fashion generate --run {run} --out DIR"
    ));
    say(format_args!(
        "to train longer    ai4fashion train --resume {run} --epochs N"
    ));
}
