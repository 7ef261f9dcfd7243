//! Writes all that one run leaves.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use ai4fashion_dataset::{PARTIAL, plot::side_by_side, write_png};
use image::RgbImage;
use serde::Serialize;

use crate::{
    error::{Error, ErrorKind},
    run::{
        checkpoints,
        grid::page,
        json::write_json,
        layout::{CONFIG, EPOCHS, LOCK, PROGRAM, STEPS, TIMES, WARNINGS},
        logs::{EpochLine, Kept, Log, Timing},
        loss_plot::draw_losses,
        report::write_report,
        samples, samples_over_time,
        saved::SavedRun,
        warnings::{Warning, Watch, variety},
    },
    train::{
        metrics::{StepLog, StepTime},
        observer::{Observer, Standing},
        run_info::Plan,
    },
};

/// Checkpoints that are kept beside the best one, unless another number is asked for.
const KEEP: usize = 2;

/// Writes a run's files as it goes: an [`Observer`].
///
/// No run begins in a folder that holds checkpoints ([`ErrorKind::HasCheckpoints`]): it would remove them. It goes on from
/// one of them, as [`Trainer::resume`](crate::Trainer::resume) does, or begins in another folder.
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

    fn sync(&self) -> Result<(), Error> {
        let all = [&self.steps, &self.times, &self.epochs, &self.warnings];
        all.into_iter().try_for_each(Log::sync)
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

    /// The folder of a run that is to go on. What it holds beyond the checkpoint that it goes on from is cut off when it
    /// starts; checkpoints and samples that are removed are told of by a warning in the log.
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

    /// Writes samples, plots and checkpoint after every so many epochs, and after the last one; default 1. A run does not
    /// start with 0.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = epochs;
        self
    }

    /// Keeps so many of the newest checkpoints, beside the one whose pictures were the nearest to real ones; default 2. A
    /// run does not start with 0.
    #[must_use]
    pub fn with_keep(mut self, checkpoints: usize) -> Self {
        self.keep = checkpoints;
        self
    }

    /// Writes `program` to `program.json`, where [`SavedRun::program`] finds it: what a program needs to go on with the
    /// run, e.g. where its data set is.
    ///
    /// # Errors
    /// If it is not a value of JSON.
    pub fn with_program(mut self, program: &impl Serialize) -> Result<Self, Error> {
        let path = self.path.join(PROGRAM);
        self.program = Some(serde_json::to_value(program).map_err(Error::json(&path))?);
        Ok(self)
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Keeps other processes out from now on, for as long as this value lives; else they are from the start of the run on.
    ///
    /// # Errors
    /// [`ErrorKind::InUse`] if another process trains in the folder; also if the folder is not there, or not to be written to.
    pub fn lock(&mut self) -> Result<(), Error> {
        if self.lock.is_some() {
            return Ok(());
        }
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

    /// Removes what a killed process has left half-written; the lock keeps others out.
    fn sweep(&self) {
        for folder in [self.path.clone(), samples::folder(&self.path)] {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            for entry in entries {
                if entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                    // It is garbage: that it cannot be removed is no reason to stop.
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
    }

    /// Removes the checkpoints and samples of another future than that of a run that goes on after `steps`, and says so.
    fn remove_after(&self, steps: usize, epochs: usize) -> Result<(), Error> {
        let (checkpoints, later) = (
            checkpoints::after(&self.path, steps)?,
            samples::after(&self.path, epochs),
        );
        let mut names: Vec<String> = checkpoints.iter().map(|path| name(path)).collect();
        names.extend(later.iter().map(|epoch| samples::name(*epoch)));
        if !names.is_empty() {
            let names = names.join(", ");
            log::warn!("removing what lies beyond step {steps}: {names}");
        }
        checkpoints
            .iter()
            .try_for_each(|path| checkpoints::remove(path))?;
        samples::remove(&self.path, &later)
    }

    /// Plots, film and report page. The last two can be made again: what keeps them from being written does not end the
    /// run.
    fn show(&self, drawn: &RgbImage) -> Result<(), Error> {
        draw_losses(&self.losses, &self.path.join("losses"))?;
        let both = side_by_side(("Real pictures", &page(&self.real)), ("Drawn pictures", drawn))?;
        write_png(self.path.join("real-vs-fake.png"), &both)?;
        if let Err(error) = samples_over_time::write(&self.path).and_then(|()| write_report(&self.path)) {
            log::warn!("{error}");
        }
        Ok(())
    }

    /// Writes a checkpoint, and the logs before it: none is on the disk without its lines. Older ones go.
    fn save<G>(&self, standing: &Standing<'_, G>) -> Result<(), Error> {
        if let Some(logs) = &self.logs {
            logs.sync()?;
        }
        checkpoints::write(&self.path, &standing.checkpoint()?)?;
        checkpoints::prune(&self.path, self.keep)
    }
}

impl<G> Observer<G> for RunFolder {
    fn on_start(&mut self, plan: &Plan) -> Result<(), Error> {
        for (setting, value) in [("interval", self.interval), ("keep", self.keep)] {
            if value == 0 {
                return Err(Error::setting(setting, value, "1 or more"));
            }
        }
        fs::create_dir_all(&self.path).map_err(Error::io("make the folder", &self.path))?;
        self.lock()?;
        if plan.steps_done == 0 && !checkpoints::list(&self.path)?.is_empty() {
            let path = self.path.clone();
            return Err(ErrorKind::HasCheckpoints { path }.into());
        }
        self.sweep();
        let epochs_done = plan.steps_done / plan.steps_per_epoch.max(1);
        // All that may refuse the run comes before anything is removed or overwritten.
        let steps = Kept::first(self.path.join(STEPS), plan.steps_done)?;
        let is_timed = |time: &Timing| time.step < plan.steps_done;
        // No result depends on it: lines may be missing.
        let times = Kept::filtered(self.path.join(TIMES), is_timed)?;
        // Other pictures may have made other epochs of the same steps.
        let is_done = |epoch: &EpochLine| epoch.steps_done <= plan.steps_done && epoch.epoch <= epochs_done;
        let epochs = Kept::filtered(self.path.join(EPOCHS), is_done)?;
        let is_kept = |warning: &Warning| warning.step() < plan.steps_done;
        let warnings = Kept::filtered(self.path.join(WARNINGS), is_kept)?;
        let done: Vec<StepLog> = steps.values()?;
        let varieties: Vec<EpochLine> = epochs.values()?;
        let varieties: Vec<(usize, f32)> = varieties
            .iter()
            .map(|epoch| (epoch.steps_done.saturating_sub(1), epoch.variety))
            .collect();
        self.losses = done.iter().map(|step| [step.loss_d, step.loss_g]).collect();
        self.watch = Watch::replay(&done, &varieties);

        // Before the logs are cut off: no checkpoint is left without its lines, wherever this is interrupted.
        self.remove_after(plan.steps_done, epochs_done)?;
        write_json(&self.path.join(CONFIG), &plan.config)?;
        if let Some(program) = &self.program {
            write_json(&self.path.join(PROGRAM), program)?;
        }
        write_png(self.path.join("real.png"), &page(&plan.real))?;
        self.real.clone_from(&plan.real);
        self.logs = Some(Logs {
            steps: steps.open()?,
            times: times.open()?,
            epochs: epochs.open()?,
            warnings: warnings.open()?,
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
        let warnings = self.watch.step(step);
        warnings.iter().try_for_each(|warning| logs.warn(warning))
    }

    fn on_epoch(&mut self, standing: &Standing<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        let done = standing.epochs_done;
        let variety = variety(samples, &self.real);
        if let Some(logs) = &mut self.logs {
            logs.epochs.append(&EpochLine::new(standing, variety))?;
            if let Some(warning) = self.watch.epoch(standing.steps_done.saturating_sub(1), variety) {
                logs.warn(&warning)?;
            }
        }
        if !done.is_multiple_of(self.interval) && done < standing.epochs {
            return Ok(());
        }
        let drawn = page(samples);
        samples::write(&self.path, done, &drawn)?;
        self.show(&drawn)?;
        self.save(standing)
    }

    fn on_stop(&mut self, standing: &Standing<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        // First what cannot be had again.
        self.save(standing)?;
        let drawn = page(samples);
        samples::write_stopped(&self.path, &drawn)?;
        self.show(&drawn)
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().display().to_string()
}

#[cfg(test)]
mod tests;
