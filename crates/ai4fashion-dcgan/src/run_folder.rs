//! All that one run writes, and what can be read of it again.
//!
//! ```text
//! config.json                  the settings, written before the first step
//! program.json                 what the program that trains wants to find again, if it does
//! real.png                     64 real pictures, as the networks see them
//! log.jsonl                    a line a step: losses and probabilities, no clock times
//! timing.jsonl                 a line a step: seconds, and seconds of them spent waiting for pictures
//! epochs.jsonl                 a line an epoch: the distance of drawn pictures from real ones, and how much they vary
//! warnings.jsonl               a line a warning
//! losses.svg, losses.png       this and all below after every epoch, or at the interval that was asked for
//! samples/epoch-NNN.png        drawn from the fixed noise, NNN from 001
//! real-vs-fake.png
//! film.png                     the samples over time
//! report.html                  all of it on one page
//! checkpoints/step-NNNNNN/     NNNNNN the steps done; the newest ones and the best one are kept:
//!     generator.safetensors, discriminator.safetensors, generator_ema.safetensors with an averaged generator,
//!     optimizer_g.safetensors, optimizer_d.safetensors, state.json with the hashes of all of them
//! ```

mod checkpoints;
mod logs;
mod saved;

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_dataset::{Limits, decode, plot::side_by_side, write_atomic, write_png};
use image::RgbImage;
use serde::{Serialize, de::DeserializeOwned};

pub use saved::SavedRun;

use crate::{
    Error, ErrorKind, Observer, Plan, Standing, StepLog, StepTime, Warning,
    grid::{grid, visible},
    loss_plot::draw_losses,
    report::{sample_epochs, sample_name},
    trainer::GRID,
    warnings::{Watch, variety},
    write_film, write_report,
};
use logs::{EpochLine, Log, Timing};

const CONFIG: &str = "config.json";
const PROGRAM: &str = "program.json";
const LOCK: &str = ".lock";

/// Pictures in a row of a grid, as in the tutorial.
const COLUMNS: usize = 8;

/// Frames of the film at most, rows of the samples in it, and how long one is shown: with 24 frames of four rows of 64x64
/// it takes about 8 MB.
const FRAMES: usize = 24;
const FILM_ROWS: u32 = 4;
const DELAY: Duration = Duration::from_millis(250);

/// Checkpoints that are kept beside the best one, unless another number is asked for.
const KEEP: usize = 2;

/// Writes a run's files as it goes: an [`Observer`].
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    interval: usize,
    keep: usize,
    program: Option<serde_json::Value>,
    real: Vec<RgbImage>,
    losses: Vec<[f32; 2]>,
    watch: Watch,
    logs: Option<Logs>,
    lock: Option<File>,
}

#[derive(Debug)]
struct Logs {
    steps: Log,
    times: Log,
    epochs: Log,
    warnings: Log,
}

impl Logs {
    fn warn(&mut self, warning: &Warning) -> Result<(), Error> {
        log::warn!("{warning}");
        self.warnings.append(warning)
    }
}

impl RunFolder {
    /// Makes `path` a new run's folder; it is made when the run starts.
    ///
    /// # Errors
    /// If it is there and not empty, or no folder.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        match fs::read_dir(&path).map(|mut entries| entries.next()) {
            Ok(None) => {}
            Ok(Some(_)) => return Err(ErrorKind::RunExists { path }.into()),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Error::io("read the folder", &path)(error)),
        }
        Ok(Self::at(path))
    }

    /// The folder of a run that is to go on. What its logs hold beyond the checkpoint that it goes on from is cut off when
    /// it starts.
    #[must_use]
    pub fn of(run: &SavedRun) -> Self {
        Self::at(run.path().to_owned())
    }

    fn at(path: PathBuf) -> Self {
        Self {
            path,
            interval: 1,
            keep: KEEP,
            program: None,
            real: Vec::new(),
            losses: Vec::new(),
            watch: Watch::default(),
            logs: None,
            lock: None,
        }
    }

    /// Writes samples, plots and checkpoint after every so many epochs, and after the last one; default 1, 0 counts as 1.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = epochs.max(1);
        self
    }

    /// Keeps so many of the newest checkpoints, beside the one whose pictures were the nearest to real ones; default 2, 0
    /// counts as 1.
    #[must_use]
    pub fn with_keep(mut self, checkpoints: usize) -> Self {
        self.keep = checkpoints.max(1);
        self
    }

    /// Writes `program` to `program.json`, where [`SavedRun::program`] finds it: what a program needs to go on with the
    /// run, e.g. where its data set is.
    ///
    /// # Errors
    /// If it is not a value of JSON.
    pub fn with_program(mut self, program: &impl Serialize) -> Result<Self, Error> {
        let json = |source| ErrorKind::Json {
            path: self.path.join(PROGRAM),
            source,
        };
        self.program = Some(serde_json::to_value(program).map_err(json)?);
        Ok(self)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps other processes out for as long as this value lives.
    fn lock(&mut self) -> Result<(), Error> {
        let path = self.path.join(LOCK);
        let file = File::create(&path).map_err(Error::io("write", &path))?;
        match file.try_lock() {
            Ok(()) => self.lock = Some(file),
            Err(fs::TryLockError::WouldBlock) => {
                let path = self.path.clone();
                return Err(ErrorKind::InUse { path }.into());
            }
            // A file system without locks.
            Err(fs::TryLockError::Error(error)) => log::debug!("cannot lock `{}`: {error}", path.display()),
        }
        Ok(())
    }

    /// Film and report page, which can be made again: what keeps them from being written does not end the run.
    fn show(&self) {
        if let Err(error) = self.film().and_then(|()| write_report(&self.path)) {
            log::warn!("{error}");
        }
    }

    /// The first samples over time, of at most [`FRAMES`] epochs.
    fn film(&self) -> Result<(), Error> {
        if sample_epochs(&self.path).is_empty() {
            return Ok(());
        }
        let epochs = sample_epochs(&self.path);
        let every = epochs.len().div_ceil(FRAMES).max(1);
        // Counted from the end, so that the newest is always there.
        let mut shown: Vec<usize> = epochs.into_iter().rev().step_by(every).collect();
        shown.reverse();
        let read = |epoch| {
            let bytes = fs::read(self.path.join(sample_name(epoch))).ok()?;
            let page = decode(&bytes, &Limits::default()).ok()?.into_rgb();
            let rows = page.height() * FILM_ROWS / (GRID / COLUMNS) as u32;
            Some(image::imageops::crop_imm(&page, 0, 0, page.width(), rows).to_image())
        };
        let frames: Vec<RgbImage> = shown.into_iter().filter_map(read).collect();
        write_film(&frames, DELAY, &self.path.join("film.png"))
    }

    fn draw_losses(&self) -> Result<(), Error> {
        draw_losses(&self.losses, &self.path.join("losses"))
    }
}

impl<G> Observer<G> for RunFolder {
    fn on_start(&mut self, plan: &Plan) -> Result<(), Error> {
        fs::create_dir_all(&self.path).map_err(Error::io("make the folder", &self.path))?;
        self.lock()?;
        checkpoints::remove_after(&self.path, plan.steps_done)?;
        for epoch in sample_epochs(&self.path) {
            if epoch > plan.steps_done / plan.steps_per_epoch {
                let path = self.path.join(sample_name(epoch));
                fs::remove_file(&path).map_err(Error::io("remove", &path))?;
            }
        }
        write_json(&self.path.join(CONFIG), &plan.config)?;
        if let Some(program) = &self.program {
            write_json(&self.path.join(PROGRAM), program)?;
        }
        write_png(&self.path.join("real.png"), &page(&plan.real))?;
        self.real.clone_from(&plan.real);
        let open = |name: &str, lines| Log::open(self.path.join(name), lines);
        let steps = open("log.jsonl", plan.steps_done)?;
        let epochs = open("epochs.jsonl", plan.steps_done / plan.steps_per_epoch)?;
        let done: Vec<StepLog> = steps.read()?;
        let varieties: Vec<EpochLine> = epochs.read()?;
        let varieties: Vec<(usize, f32)> = varieties
            .iter()
            .map(|epoch| (epoch.steps_done - 1, epoch.variety))
            .collect();
        self.losses = done.iter().map(|step| [step.loss_d, step.loss_g]).collect();
        self.watch = Watch::replay(&done, &varieties);
        let is_kept = |warning: &Warning| warning.step() < plan.steps_done;
        self.logs = Some(Logs {
            steps,
            times: open("timing.jsonl", plan.steps_done)?,
            epochs,
            warnings: Log::filtered(self.path.join("warnings.jsonl"), is_kept)?,
        });
        Ok(())
    }

    fn on_step(&mut self, step: &StepLog, time: StepTime) -> Result<(), Error> {
        self.losses.push([step.loss_d, step.loss_g]);
        let Some(logs) = &mut self.logs else {
            return Ok(());
        };
        logs.steps.append(step)?;
        logs.times.append(&Timing::new(step.step, time))?;
        match self.watch.step(step) {
            Some(warning) => logs.warn(&warning),
            None => Ok(()),
        }
    }

    fn on_epoch(&mut self, standing: &Standing<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let done = standing.epochs_done;
        let variety = variety(samples, &self.real);
        if let Some(logs) = &mut self.logs {
            logs.epochs.append(&EpochLine::new(standing, variety))?;
            if let Some(warning) = self.watch.epoch(standing.steps_done - 1, variety) {
                logs.warn(&warning)?;
            }
        }
        if !done.is_multiple_of(self.interval) && done < standing.epochs {
            return Ok(());
        }
        let folder = self.path.join("samples");
        fs::create_dir_all(&folder).map_err(Error::io("make the folder", &folder))?;
        let drawn = page(samples);
        write_png(&self.path.join(sample_name(done)), &drawn)?;
        self.draw_losses()?;
        let both = side_by_side(("Real pictures", &page(&self.real)), ("Drawn pictures", &drawn))?;
        write_png(&self.path.join("real-vs-fake.png"), &both)?;
        self.show();
        checkpoints::write(&self.path, &standing.checkpoint()?)?;
        checkpoints::prune(&self.path, self.keep)
    }

    fn on_stop(&mut self, standing: &Standing<'_, G>) -> Result<(), Error> {
        checkpoints::write(&self.path, &standing.checkpoint()?)?;
        self.draw_losses()?;
        self.show();
        Ok(())
    }
}

fn write_json(path: &Path, value: &impl Serialize) -> Result<(), Error> {
    let json = |source| ErrorKind::Json {
        path: path.to_owned(),
        source,
    };
    let mut text = serde_json::to_string_pretty(value).map_err(json)?;
    text.push('\n');
    Ok(write_atomic(path, text.as_bytes())?)
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, Error> {
    let text = fs::read(path).map_err(Error::io("read", path))?;
    serde_json::from_slice(&text).map_err(|source| {
        ErrorKind::Json {
            path: path.to_owned(),
            source,
        }
        .into()
    })
}

/// The pictures on one page, large enough to be looked at.
fn page(pictures: &[RgbImage]) -> RgbImage {
    let visible: Vec<RgbImage> = pictures.iter().map(visible).collect();
    grid(&visible, COLUMNS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        DcganConfig, Drawing, Stop, Trainer, generate,
        layers::tests::{device, on_each_device},
    };

    fn config() -> DcganConfig {
        DcganConfig::tutorial()
            .with_image_size(8)
            .with_nz(4)
            .with_ngf(4)
            .with_ndf(4)
            .with_batch_size(5)
            .with_epochs(2)
    }

    fn pictures() -> Vec<RgbImage> {
        (0..10_u8)
            .map(|i| RgbImage::from_pixel(8, 8, image::Rgb([i * 25, 90, 200])))
            .collect()
    }

    fn train(path: &Path) {
        let mut folder = RunFolder::create(path).unwrap();
        Trainer::new(config(), device())
            .unwrap()
            .fit(&pictures()[..], &mut [&mut folder])
            .unwrap();
    }

    /// Every file below a run's folder but those that hold clock times or the folder's name.
    fn files(path: &Path) -> Vec<(PathBuf, Vec<u8>)> {
        let mut files = Vec::new();
        let mut folders = vec![path.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let entry = entry.unwrap().path();
                if entry.is_dir() {
                    folders.push(entry);
                } else if !entry.ends_with("timing.jsonl") && !entry.ends_with("report.html") {
                    files.push((
                        entry.strip_prefix(path).unwrap().to_owned(),
                        fs::read(&entry).unwrap(),
                    ));
                }
            }
        }
        files.sort();
        files
    }

    /// Stops a training after a number of steps; `killed` ends it by an error instead, with nothing saved.
    struct EndAfter {
        steps: usize,
        stop: Option<Stop>,
    }

    impl Observer for EndAfter {
        fn on_step(&mut self, step: &StepLog, _: StepTime) -> Result<(), Error> {
            match &self.stop {
                _ if step.step + 1 < self.steps => {}
                Some(stop) => stop.request(),
                None => return Err(ErrorKind::Worker.into()),
            }
            Ok(())
        }
    }

    #[test]
    fn run_that_was_stopped_or_killed_ends_with_the_same_bytes_as_an_undisturbed_one() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let whole = temp.path().join("whole");
            train(&whole);
            for (name, steps, stop) in [
                ("stopped", 3, Some(Stop::new())),
                ("stopped at an epoch's end", 2, Some(Stop::new())),
                ("killed", 3, None),
                ("killed before the first checkpoint", 1, None),
            ] {
                let path = temp.path().join(name);
                let mut folder = RunFolder::create(&path).unwrap();
                let mut end = EndAfter {
                    steps,
                    stop: stop.clone(),
                };
                let trainer = Trainer::new(config(), device()).unwrap();
                let interrupted = trainer
                    .clone()
                    .with_stop(stop.clone().unwrap_or_default())
                    .fit(&pictures()[..], &mut [&mut folder, &mut end]);
                assert_eq!(interrupted.is_ok(), stop.is_some());
                drop(folder);

                let run = SavedRun::open(&path).unwrap();
                let mut folder = RunFolder::of(&run);
                match run.newest() {
                    Ok(newest) => {
                        let checkpoint = run.load(newest).unwrap();
                        trainer.resume(&checkpoint, &pictures()[..], &mut [&mut folder])
                    }
                    Err(_) => trainer.fit(&pictures()[..], &mut [&mut folder]),
                }
                .unwrap();
                let (expected, found) = (files(&whole), files(&path));
                let names = |files: &[(PathBuf, Vec<u8>)]| {
                    files.iter().map(|file| file.0.clone()).collect::<Vec<_>>()
                };
                let mut kept = names(&found);
                // The one that was written where it stopped.
                kept.retain(|file| !file.starts_with("checkpoints/step-000003"));
                let mut wanted = names(&expected);
                if stop.is_some() && steps == 3 {
                    wanted.retain(|file| !file.starts_with("checkpoints/step-000002") || kept.contains(file));
                }
                assert_eq!(kept, wanted, "{name}");
                for (file, bytes) in found.iter().filter(|(file, _)| kept.contains(file)) {
                    let expected = expected.iter().find(|(name, _)| name == file).unwrap();
                    assert!(*bytes == expected.1, "{name}: {}", file.display());
                }
            }
        });
    }

    #[test]
    fn damaged_checkpoint_is_named_and_the_one_before_it_offered() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("run");
            train(&path);
            let run = SavedRun::open(&path).unwrap();
            let newest = run.newest().unwrap();
            for (file, damage) in [
                ("optimizer_d.safetensors", Some(40)),
                ("generator.safetensors", None),
            ] {
                let file = newest.join(file);
                let whole = fs::read(&file).unwrap();
                match damage {
                    Some(at) => {
                        let mut bytes = whole.clone();
                        bytes[at] ^= 1;
                        fs::write(&file, bytes).unwrap();
                    }
                    None => fs::remove_file(&file).unwrap(),
                }
                let error = run.load(newest).unwrap_err();
                let ErrorKind::Checkpoint {
                    path,
                    source,
                    instead,
                } = error.kind()
                else {
                    panic!("{error}")
                };
                assert_eq!(path, newest);
                let name = file.file_name().unwrap().to_str().unwrap();
                assert_eq!(source.to_string(), format!("`{name}` is missing or damaged"));
                assert_eq!(instead.as_deref(), Some(&*run.checkpoints()[0]));
                run.load(instead.as_ref().unwrap()).unwrap();
                fs::write(&file, whole).unwrap();
            }
            run.load(newest).unwrap();
            let state = newest.join("state.json");
            let text = fs::read_to_string(&state).unwrap();
            fs::write(&state, text.replace("\"format\": 1", "\"format\": 7")).unwrap();
            let error = run.load(newest).unwrap_err();
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert_eq!(source, "the checkpoint has format 7, this version reads 1");
        });
    }

    #[test]
    fn newest_checkpoints_and_the_best_are_kept() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("run");
            let mut folder = RunFolder::create(&path).unwrap().with_keep(1);
            let config = config().with_epochs(6).with_lr(0.01);
            let trainer = Trainer::new(config, device()).unwrap();
            trainer.fit(&pictures()[..], &mut [&mut folder]).unwrap();
            let text = fs::read_to_string(path.join("epochs.jsonl")).unwrap();
            let distances: Vec<f64> = text
                .lines()
                .map(|line| {
                    serde_json::from_str::<serde_json::Value>(line).unwrap()["distance"]
                        .as_f64()
                        .unwrap()
                })
                .collect();
            assert_eq!(distances.len(), 6);
            let best = (0..6)
                .min_by(|a, b| distances[*a].total_cmp(&distances[*b]))
                .unwrap();
            let mut expected = vec![2 * (best + 1), 12];
            expected.dedup();
            let kept: Vec<usize> = checkpoints::list(&path).unwrap().into_keys().collect();
            assert_eq!(kept, expected, "{distances:?}");
        });
    }

    #[test]
    fn run_that_goes_on_from_an_earlier_checkpoint_leaves_nothing_of_its_other_future() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("run");
            train(&path);
            let run = SavedRun::open(&path).unwrap();
            let first = run.load(&run.checkpoints()[0]).unwrap();
            let trainer = Trainer::new(config().with_lr(0.01), device()).unwrap();
            let state = crate::TrainState::new(&config().with_lr(0.01), &device()).unwrap();
            let state = state.restore(&first).unwrap();
            let (stop, mut folder) = (Stop::new(), RunFolder::of(&run));
            let mut end = EndAfter {
                steps: 3,
                stop: Some(stop.clone()),
            };
            let trainer = trainer.with_stop(stop);
            trainer
                .train(state, &pictures()[..], &mut [&mut folder, &mut end])
                .unwrap();
            let steps: Vec<usize> = checkpoints::list(&path).unwrap().into_keys().collect();
            assert_eq!(steps, [2, 3]);
            assert_eq!(sample_epochs(&path), [1]);
            assert_eq!(
                fs::read_to_string(path.join("log.jsonl"))
                    .unwrap()
                    .lines()
                    .count(),
                3
            );
        });
    }

    #[test]
    fn second_process_in_a_run_folder_is_refused() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("run");
            train(&path);
            let run = SavedRun::open(&path).unwrap();
            let trainer = Trainer::new(config(), device()).unwrap();
            let plan = trainer.plan(&pictures()[..]).unwrap();
            let (mut first, mut second) = (RunFolder::of(&run), RunFolder::of(&run));
            Observer::<crate::Generator>::on_start(&mut first, &plan).unwrap();
            let error = Observer::<crate::Generator>::on_start(&mut second, &plan).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::InUse { .. }), "{error}");
        });
    }

    #[test]
    fn run_leaves_every_file_and_its_generator_draws() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let path = temp.path().join("run");
            train(&path);
            for file in [
                "config.json",
                "real.png",
                "losses.svg",
                "losses.png",
                "samples/epoch-001.png",
                "samples/epoch-002.png",
                "real-vs-fake.png",
                "checkpoints/step-000002/state.json",
                "checkpoints/step-000004/generator.safetensors",
                "checkpoints/step-000004/discriminator.safetensors",
                "checkpoints/step-000004/optimizer_g.safetensors",
                "checkpoints/step-000004/optimizer_d.safetensors",
                "epochs.jsonl",
                "film.png",
                "report.html",
            ] {
                assert!(path.join(file).is_file(), "{file} is missing");
            }
            let log = fs::read_to_string(path.join("log.jsonl")).unwrap();
            let steps: Vec<StepLog> = log
                .lines()
                .map(|line| serde_json::from_str(line).unwrap())
                .collect();
            assert_eq!(steps.iter().map(|s| s.step).collect::<Vec<_>>(), [0, 1, 2, 3]);
            assert_eq!(
                fs::read_to_string(path.join("timing.jsonl"))
                    .unwrap()
                    .lines()
                    .count(),
                4
            );

            let run = SavedRun::open(&path).unwrap();
            assert_eq!(run.config(), &config());
            let state = run.state().unwrap();
            assert_eq!((state.epochs_done, state.steps_done), (2, 4));
            assert_eq!(run.checkpoints().len(), 2);
            let generator = run.generator(&device()).unwrap();
            let mut drawn = 0;
            let count = |_, picture: RgbImage| {
                assert_eq!(picture.dimensions(), (8, 8));
                drawn += 1;
                Ok::<(), Error>(())
            };
            generate(&generator, &Drawing::new(1), 3, count).unwrap();
            assert_eq!(drawn, 3);
        });
    }

    #[test]
    fn same_seed_leaves_the_same_bytes() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let files = [
                "log.jsonl",
                "losses.png",
                "samples/epoch-002.png",
                "checkpoints/step-000004/generator.safetensors",
            ];
            let read = |name: &str| {
                let path = temp.path().join(name);
                train(&path);
                files.map(|file| fs::read(path.join(file)).unwrap())
            };
            assert!(read("one") == read("two"));
        });
    }

    #[test]
    fn folder_in_use_is_refused() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("keep.txt"), "mine").unwrap();
        let error = RunFolder::create(temp.path()).unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::RunExists { .. }));
        assert_eq!(fs::read_to_string(temp.path().join("keep.txt")).unwrap(), "mine");
    }

    #[test]
    fn folder_that_is_no_run_says_what_is_missing() {
        on_each_device(|| {
            let temp = tempfile::tempdir().unwrap();
            let error = SavedRun::open(temp.path()).unwrap_err();
            assert!(
                matches!(
                    error.kind(),
                    ErrorKind::NotARun {
                        missing: "config.json",
                        ..
                    }
                ),
                "{error}"
            );
            fs::write(
                temp.path().join("config.json"),
                serde_json::to_string(&config()).unwrap(),
            )
            .unwrap();
            let error = SavedRun::open(temp.path())
                .unwrap()
                .generator(&device())
                .unwrap_err();
            assert!(
                error.to_string().contains("checkpoints/step-NNNNNN is missing"),
                "{error}"
            );
            fs::write(temp.path().join("config.json"), "{").unwrap();
            let error = SavedRun::open(temp.path()).unwrap_err();
            assert!(matches!(error.kind(), ErrorKind::Json { .. }), "{error}");
        });
    }
}
