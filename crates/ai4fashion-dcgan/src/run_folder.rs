//! All that one run writes, and what can be read of it again.
//!
//! ```text
//! config.json                  the settings, written before the first step
//! real.png                     64 real pictures, as the networks see them
//! log.jsonl                    a line a step: losses and probabilities, no clock times
//! timing.jsonl                 a line a step: seconds
//! losses.svg, losses.png       this and all below after every epoch, or at the interval that was asked for
//! samples/epoch-NNN.png        drawn from the fixed noise, NNN from 001
//! real-vs-fake.png
//! checkpoints/step-NNNNNN/     NNNNNN the steps done:
//!     generator.safetensors, discriminator.safetensors, state.json
//! ```

use std::{
    fs::{self, File},
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    time::Instant,
};

use ai4fashion_dataset::{plot::side_by_side, write_atomic, write_png};
use burn::tensor::Device;
use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::{
    DcganConfig, EpochEnd, Error, ErrorKind, Generator, Observer, Plan, StepLog,
    grid::{grid, visible},
    load_generator,
    loss_plot::draw_losses,
    save_discriminator, save_generator,
};

const CONFIG: &str = "config.json";
const GENERATOR: &str = "generator.safetensors";
const DISCRIMINATOR: &str = "discriminator.safetensors";
const STATE: &str = "state.json";

/// Pictures in a row of a grid, as in the tutorial.
const COLUMNS: usize = 8;

/// Writes a run's files as it goes: an [`Observer`].
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    interval: usize,
    real: Vec<RgbImage>,
    losses: Vec<[f32; 2]>,
    files: Option<Logs>,
}

#[derive(Debug)]
struct Logs {
    log: BufWriter<File>,
    timing: BufWriter<File>,
    last: Instant,
}

/// Where a checkpoint stands in its run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckpointState {
    /// Epochs done.
    pub epochs_done: usize,
    /// Steps done.
    pub steps_done: usize,
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
        Ok(Self {
            path,
            interval: 1,
            real: Vec::new(),
            losses: Vec::new(),
            files: None,
        })
    }

    /// Writes samples, plots and checkpoint after every so many epochs, and after the last one; default 1, 0 counts as 1.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = epochs.max(1);
        self
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn save_checkpoint(&self, end: &EpochEnd<'_>) -> Result<(), Error> {
        let name = format!("step-{:06}", end.steps_done);
        let folder = self.path.join("checkpoints");
        let (partial, whole) = (folder.join(format!(".{name}.partial")), folder.join(&name));
        fs::create_dir_all(&partial).map_err(Error::io("make the folder", &partial))?;
        save_generator(end.generator, &partial.join(GENERATOR))?;
        save_discriminator(end.discriminator, &partial.join(DISCRIMINATOR))?;
        let state = CheckpointState {
            epochs_done: end.epoch + 1,
            steps_done: end.steps_done,
        };
        write_json(&partial.join(STATE), &state)?;
        fs::rename(&partial, &whole).map_err(Error::io("rename the checkpoint to", &whole))
    }
}

impl Observer for RunFolder {
    fn on_start(&mut self, plan: &Plan) -> Result<(), Error> {
        fs::create_dir_all(&self.path).map_err(Error::io("make the folder", &self.path))?;
        write_json(&self.path.join(CONFIG), &plan.config)?;
        write_png(&self.path.join("real.png"), &page(&plan.real))?;
        self.real.clone_from(&plan.real);
        let open = |name: &str| {
            let path = self.path.join(name);
            File::create(&path)
                .map(BufWriter::new)
                .map_err(Error::io("write", &path))
        };
        self.files = Some(Logs {
            log: open("log.jsonl")?,
            timing: open("timing.jsonl")?,
            last: Instant::now(),
        });
        Ok(())
    }

    fn on_step(&mut self, step: &StepLog) -> Result<(), Error> {
        self.losses.push([step.loss_d, step.loss_g]);
        let Some(files) = &mut self.files else {
            return Ok(());
        };
        let seconds = files.last.elapsed().as_secs_f64();
        files.last = Instant::now();
        let timing = Timing {
            step: step.step,
            seconds,
        };
        append(&mut files.log, &self.path.join("log.jsonl"), step)?;
        append(&mut files.timing, &self.path.join("timing.jsonl"), &timing)
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_>) -> Result<(), Error> {
        let done = end.epoch + 1;
        if !done.is_multiple_of(self.interval) && done < end.epochs {
            return Ok(());
        }
        let samples = self.path.join("samples");
        fs::create_dir_all(&samples).map_err(Error::io("make the folder", &samples))?;
        let drawn = page(end.samples);
        write_png(&samples.join(format!("epoch-{done:03}.png")), &drawn)?;
        draw_losses(&self.losses, &self.path.join("losses"))?;
        let both = side_by_side(("Real pictures", &page(&self.real)), ("Drawn pictures", &drawn))?;
        write_png(&self.path.join("real-vs-fake.png"), &both)?;
        self.save_checkpoint(end)
    }
}

/// A finished or interrupted run, as found on disk.
#[derive(Clone, Debug)]
pub struct SavedRun {
    path: PathBuf,
    config: DcganConfig,
    checkpoint: PathBuf,
}

impl SavedRun {
    /// Finds a run's settings and its newest checkpoint.
    ///
    /// # Errors
    /// If `path` is no run folder, or holds no checkpoint yet.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let file = path.join(CONFIG);
        if !file.is_file() {
            let within = path.join("run");
            return Err(ErrorKind::NotARun {
                instead: within.join(CONFIG).is_file().then_some(within),
                missing: CONFIG,
                path,
            }
            .into());
        }
        let config: DcganConfig = read_json(&file)?;
        config.validate()?;
        let Some(checkpoint) = newest_checkpoint(&path.join("checkpoints"))? else {
            return Err(ErrorKind::NotARun {
                path,
                missing: "checkpoints/step-NNNNNN",
                instead: None,
            }
            .into());
        };
        Ok(Self {
            path,
            config,
            checkpoint,
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The settings of the run.
    #[must_use]
    pub fn config(&self) -> &DcganConfig {
        &self.config
    }

    /// The folder of its newest checkpoint.
    #[must_use]
    pub fn checkpoint(&self) -> &Path {
        &self.checkpoint
    }

    /// Where the newest checkpoint stands in the run.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn state(&self) -> Result<CheckpointState, Error> {
        read_json(&self.checkpoint.join(STATE))
    }

    /// The generator of the newest checkpoint, to draw with on `device`.
    ///
    /// # Errors
    /// If its weights cannot be read or do not fit.
    pub fn generator(&self, device: &Device) -> Result<Generator, Error> {
        load_generator(&self.config, device, &self.checkpoint.join(GENERATOR))
    }
}

fn newest_checkpoint(folder: &Path) -> Result<Option<PathBuf>, Error> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let mut newest: Option<(usize, PathBuf)> = None;
    for entry in fs::read_dir(folder).map_err(Error::io("read the folder", folder))? {
        let path = entry.map_err(Error::io("read the folder", folder))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let step = name.and_then(|name| name.strip_prefix("step-")?.parse().ok());
        if let Some(step) = step
            && newest.as_ref().is_none_or(|(newest, _)| step > *newest)
        {
            newest = Some((step, path));
        }
    }
    Ok(newest.map(|(_, path)| path))
}

/// A line of `timing.jsonl`.
#[derive(Serialize)]
struct Timing {
    step: usize,
    seconds: f64,
}

fn append(file: &mut BufWriter<File>, path: &Path, line: &impl Serialize) -> Result<(), Error> {
    let json = |source| ErrorKind::Json {
        path: path.to_owned(),
        source,
    };
    let mut text = serde_json::to_string(line).map_err(json)?;
    text.push('\n');
    // Flushed line by line: a run that is killed keeps its log.
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(Error::io("write", path))
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

fn read_json<T: for<'a> Deserialize<'a>>(path: &Path) -> Result<T, Error> {
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
        Trainer, generate,
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

    fn train(path: &Path) {
        let pictures: Vec<_> = (0..10_u8)
            .map(|i| RgbImage::from_pixel(8, 8, image::Rgb([i * 25, 90, 200])))
            .collect();
        let mut folder = RunFolder::create(path).unwrap();
        Trainer::new(config(), device())
            .unwrap()
            .fit(&pictures[..], &mut [&mut folder])
            .unwrap();
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
            assert_eq!(
                run.state().unwrap(),
                CheckpointState {
                    epochs_done: 2,
                    steps_done: 4
                }
            );
            let generator = run.generator(&device()).unwrap();
            let mut drawn = 0;
            let count = |_, picture: RgbImage| {
                assert_eq!(picture.dimensions(), (8, 8));
                drawn += 1;
                Ok::<(), Error>(())
            };
            generate(&generator, 3, 1, count).unwrap();
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
            let error = SavedRun::open(temp.path()).unwrap_err();
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
