//! An observer that writes metrics as JSON lines.

use std::{fs, path::PathBuf};

use ai4fashion_files::json_lines::Log;
use image::RgbImage;

use crate::{
    error::Error,
    run::{
        layout::{EPOCHS, STEPS, TIMES, WARNINGS},
        log_lines::{EpochLine, Kept, TimingLine},
        warnings::{Warning, Watch, diversity},
    },
    train::{
        epoch_end::EpochEnd,
        metrics::{StepMetrics, StepTiming},
        observer::Observer,
        run_info::RunInfo,
    },
};

/// Writes metrics as JSON lines: `log.jsonl`, `timing.jsonl`, `epochs.jsonl` and `warnings.jsonl`.
///
/// A resumed run continues the logs; lines beyond its checkpoint are cut off. Lines are on the disk
/// at the end of each epoch.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Trainer, cpu, image::RgbImage, run::MetricsLog};
///
/// let temp = tempfile::tempdir()?;
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(3);
/// let mut log = MetricsLog::new(temp.path());
/// Trainer::new(config, cpu())?.fit(&vec![RgbImage::new(8, 8); 4], &mut [&mut log])?;
/// let lines = std::fs::read_to_string(temp.path().join("log.jsonl"))?;
/// assert_eq!(lines.lines().count(), 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct MetricsLog {
    folder: PathBuf,
    real: Vec<RgbImage>,
    watch: Watch,
    logs: Option<Logs>,
}

#[derive(Debug)]
struct Logs {
    steps: Log,
    times: Log,
    epochs: Log,
    warnings: Log,
}

/// Logs that were read, and may still refuse the run.
pub(super) struct Pending {
    steps: Kept,
    times: Kept,
    epochs: Kept,
    warnings: Kept,
    watch: Watch,
}

impl MetricsLog {
    /// Creates an observer that writes into `folder`, which is created when the run starts.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: folder.into(),
            real: Vec::new(),
            watch: Watch::default(),
            logs: None,
        }
    }

    /// Reads the lines that the run keeps; nothing is written yet.
    pub(super) fn read(&self, info: &RunInfo) -> Result<Pending, Error> {
        let path = |name| self.folder.join(name);
        let epochs_done = info.steps_done / info.steps_per_epoch.max(1);
        let steps = Kept::first(path(STEPS), info.steps_done)?;
        // No result depends on it: lines may be missing.
        let times = Kept::filtered(path(TIMES), |line: &TimingLine| line.step < info.steps_done)?;
        // Other images may have made other epochs of the same steps.
        let is_done = |line: &EpochLine| line.steps_done <= info.steps_done && line.epoch <= epochs_done;
        let epochs = Kept::filtered(path(EPOCHS), is_done)?;
        let is_kept = |warning: &Warning| warning.step() < info.steps_done;
        let warnings = Kept::filtered(path(WARNINGS), is_kept)?;
        let diversities: Vec<EpochLine> = epochs.values()?;
        let diversities: Vec<(usize, f32)> = diversities
            .iter()
            .map(|line| (line.steps_done.saturating_sub(1), line.diversity))
            .collect();
        Ok(Pending {
            watch: Watch::replay(&steps.values::<StepMetrics>()?, &diversities),
            steps,
            times,
            epochs,
            warnings,
        })
    }

    /// Cuts the logs off, and opens them.
    pub(super) fn open(&mut self, info: &RunInfo, pending: Pending) -> Result<(), Error> {
        self.watch = pending.watch;
        self.real.clone_from(&info.real);
        self.logs = Some(Logs {
            steps: pending.steps.open()?,
            times: pending.times.open()?,
            epochs: pending.epochs.open()?,
            warnings: pending.warnings.open()?,
        });
        Ok(())
    }

    /// Waits until all lines are on the disk.
    fn sync(&self) -> Result<(), Error> {
        let Some(Logs {
            steps,
            times,
            epochs,
            warnings,
        }) = &self.logs
        else {
            return Ok(());
        };
        let all = [steps, times, epochs, warnings];
        all.into_iter().try_for_each(Log::sync).map_err(Error::file)
    }
}

impl Logs {
    fn warn(&mut self, warning: &Warning) -> Result<(), Error> {
        log::warn!("{warning}");
        self.warnings.append(warning).map_err(Error::file)
    }
}

impl<G> Observer<G> for MetricsLog {
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        fs::create_dir_all(&self.folder).map_err(Error::io("create the folder", &self.folder))?;
        let pending = self.read(info)?;
        self.open(info, pending)
    }

    fn on_step(&mut self, step: &StepMetrics, timing: StepTiming) -> Result<(), Error> {
        let Some(logs) = &mut self.logs else {
            return Ok(());
        };
        logs.steps.append(step).map_err(Error::file)?;
        let line = TimingLine::new(step.step, timing);
        logs.times.append(&line).map_err(Error::file)?;
        let warnings = self.watch.step(step);
        warnings.iter().try_for_each(|warning| logs.warn(warning))
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let diversity = diversity(samples, &self.real);
        if let Some(logs) = &mut self.logs {
            let line = EpochLine::new(end, diversity);
            logs.epochs.append(&line).map_err(Error::file)?;
            let last_step = end.steps_done.saturating_sub(1);
            if let Some(warning) = self.watch.epoch(last_step, diversity) {
                logs.warn(&warning)?;
            }
        }
        self.sync()
    }

    fn on_stop(&mut self, _: &EpochEnd<'_, G>, _: &[RgbImage]) -> Result<(), Error> {
        self.sync()
    }
}
