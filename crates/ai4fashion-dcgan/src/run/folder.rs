//! An observer that writes a run folder.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use ai4fashion_files::{
    ErrorKind as FileErrorKind, FileLock, count, json,
    json_lines::{complete_lines, read_text},
    sweep_partial,
};
use image::RgbImage;
use serde::Serialize;

#[cfg(feature = "report")]
use crate::run::report_writer::ReportWriter;
use crate::{
    error::{Error, ErrorKind},
    run::{
        begun,
        checkpointer::Checkpointer,
        durable::create_folder,
        layout::{CONFIG, LOCK, METADATA, STEPS},
        metrics_log::MetricsLog,
        sample_files,
        sample_writer::SampleWriter,
        saved::SavedRun,
        strategy::{CheckpointStrategy, keep_best::KeepBest, keep_last::KeepLast},
    },
    train::{
        epoch_end::EpochEnd,
        metrics::{StepMetrics, StepTiming},
        observer::Observer,
        run_info::RunInfo,
    },
};

/// Number of newest checkpoints that are kept beside the best one by default.
const KEEP: usize = 2;

/// Writes all files of a run into one folder.
///
/// It is made of the observers [`MetricsLog`], [`SampleWriter`], [`Checkpointer`] and, with the
/// feature `report`, `ReportWriter`, and adds the settings and a lock that keeps other processes
/// out. A new run is refused in a folder with checkpoints ([`ErrorKind::Occupied`]), because it
/// would remove them: resume from one of them, or use another folder. [The module](crate::run)
/// tells what is on the disk when.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, RunFolder, SavedRun, Trainer, cpu, image::RgbImage, run::KeepLast,
/// };
///
/// let temp = tempfile::tempdir()?;
/// let path = temp.path().join("run");
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(3);
/// let mut folder = RunFolder::create(&path)?.with_interval(2).with_checkpoints(KeepLast(1));
/// Trainer::new(config, cpu())?.fit(&vec![RgbImage::new(8, 8); 4], &mut [&mut folder])?;
/// assert_eq!(SavedRun::open(&path)?.checkpoints().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct RunFolder {
    path: PathBuf,
    metadata: Option<serde_json::Value>,
    log: MetricsLog,
    samples: SampleWriter,
    checkpoints: Checkpointer<Box<dyn CheckpointStrategy>>,
    #[cfg(feature = "report")]
    report: ReportWriter,
    lock: Option<FileLock>,
    /// Whether a run was ended in it before its first checkpoint.
    is_begun: bool,
}

impl RunFolder {
    /// Uses `path` for a new run; the folder is created when the run starts.
    ///
    /// A run that was ended in it before its first checkpoint is begun anew: nothing of it can be
    /// resumed. Its files are replaced when the run starts.
    ///
    /// # Errors
    /// [`ErrorKind::Occupied`] if it exists and holds checkpoints, the samples of several epochs,
    /// or files that are not of a run; [`ErrorKind::InUse`] if another process trains in it; also
    /// if it is not a folder.
    pub fn create(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let mut folder = Self::at(path.into());
        folder.is_begun = begun::is_begun(&folder.path)?;
        if folder.is_begun {
            folder.lock()?;
            // Another process may have trained in it until then.
            begun::is_begun(&folder.path)?;
        }
        Ok(folder)
    }

    /// Uses the folder of a run that is resumed.
    ///
    /// Everything beyond the checkpoint is removed when the run starts; a warning names removed
    /// checkpoints and samples.
    #[must_use]
    pub fn resume(run: &SavedRun) -> Self {
        Self::at(run.path().to_owned())
    }

    fn at(path: PathBuf) -> Self {
        let strategy: Box<dyn CheckpointStrategy> = Box::new((KeepLast(KEEP), KeepBest));
        Self {
            metadata: None,
            log: MetricsLog::new(&path),
            samples: SampleWriter::new(&path),
            checkpoints: Checkpointer::new(&path, strategy),
            #[cfg(feature = "report")]
            report: ReportWriter::new(&path),
            lock: None,
            is_begun: false,
            path,
        }
    }

    /// Sets the number of epochs from one checkpoint, with samples and charts, to the next, at
    /// least 1; default 1.
    ///
    /// The last epoch always has one. A run does not start with 0.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.samples = self.samples.with_interval(epochs);
        self.checkpoints = self.checkpoints.with_interval(epochs);
        #[cfg(feature = "report")]
        {
            self.report = self.report.with_interval(epochs);
        }
        self
    }

    /// Sets the strategy that chooses the checkpoints to keep; default `(KeepLast(2), KeepBest)`.
    #[must_use]
    pub fn with_checkpoints(mut self, strategy: impl CheckpointStrategy + 'static) -> Self {
        self.checkpoints = self.checkpoints.with_strategy(Box::new(strategy));
        self
    }

    /// Sets commands that the report suggests, for example to resume the run; default none.
    #[cfg(feature = "report")]
    #[must_use]
    pub fn with_commands(mut self, commands: Vec<String>) -> Self {
        self.report = self.report.with_commands(commands);
        self
    }

    /// Stores the caller's own metadata, such as the path of the data set, in `metadata.json`.
    ///
    /// [`SavedRun::metadata`] reads it. Without it no such file is written.
    ///
    /// # Errors
    /// [`ErrorKind::Encode`] if it has no form in JSON.
    pub fn with_metadata(mut self, metadata: &impl Serialize) -> Result<Self, Error> {
        let path = self.path.join(METADATA);
        self.metadata = Some(serde_json::to_value(metadata).map_err(Error::encode(&path))?);
        Ok(self)
    }

    /// Returns the folder of the run.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Whether all files could be written, also those that a resumed run makes again: the report
    /// and the animation of the samples. A failure to write them is logged and ends no run.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        #[cfg(feature = "report")]
        if !self.report.is_complete() {
            return false;
        }
        self.samples.is_complete()
    }

    /// Keeps other processes out from now on, instead of from the start of the run, while this
    /// value lives.
    ///
    /// # Errors
    /// [`ErrorKind::InUse`] if another process trains in the folder; also if the folder is missing
    /// or cannot be written to.
    pub fn lock(&mut self) -> Result<(), Error> {
        if self.lock.is_some() {
            return Ok(());
        }
        match FileLock::try_acquire(self.path.join(LOCK)) {
            Ok(lock) => self.lock = Some(lock),
            Err(error) => match error.kind() {
                FileErrorKind::Locked { .. } => {
                    let path = self.path.clone();
                    return Err(ErrorKind::InUse { path }.into());
                }
                // A file system without locks.
                FileErrorKind::NoLocks { .. } => log::debug!("{error}"),
                _ => return Err(Error::file(error)),
            },
        }
        Ok(())
    }

    /// Removes what a killed process left half-written; the lock keeps others out.
    fn sweep(&self) {
        for folder in [&self.path, &sample_files::folder(&self.path)] {
            sweep_partial(folder, Duration::ZERO);
        }
    }

    fn write_settings(&self, info: &RunInfo) -> Result<(), Error> {
        // A run with settings has metadata, too, wherever this is interrupted.
        if let Some(metadata) = &self.metadata {
            json::write(self.path.join(METADATA), metadata).map_err(Error::file)?;
        }
        json::write(self.path.join(CONFIG), &info.config).map_err(Error::file)
    }

    /// Removes what is left of a run that was ended before its first checkpoint.
    fn clear(&mut self) -> Result<(), Error> {
        if std::mem::take(&mut self.is_begun) {
            self.say_begun();
            begun::remove(&self.path.join(METADATA))?;
        }
        begun::clear(&self.path)
    }

    fn say_begun(&self) {
        let steps = read_text(self.path.join(STEPS)).unwrap_or_default();
        let steps = count(complete_lines(&steps).count(), "logged step");
        let path = self.path.display();
        log::warn!("`{path}` holds a run of {steps} without a checkpoint: beginning it anew");
    }
}

impl<G> Observer<G> for RunFolder {
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        // Everything that may refuse the run comes before anything is removed or overwritten.
        self.checkpoints.check_options()?;
        create_folder(&self.path)?;
        self.lock()?;
        self.checkpoints.check(info)?;
        self.sweep();
        for name in self.checkpoints.changed_logs(info)? {
            let (path, step) = (self.path.join(name), info.steps_done);
            log::warn!(
                "`{}` is not as it was at step {step}: it was damaged or edited",
                path.display()
            );
        }
        if info.steps_done == 0 {
            self.clear()?;
        }
        let pending = self.log.read(info)?;
        // Before the logs are cut off: no checkpoint is left without its lines, wherever this is
        // interrupted.
        Observer::<G>::on_start(&mut self.checkpoints, info)?;
        self.write_settings(info)?;
        Observer::<G>::on_start(&mut self.samples, info)?;
        self.log.open(info, pending)?;
        #[cfg(feature = "report")]
        Observer::<G>::on_start(&mut self.report, info)?;
        Ok(())
    }

    fn on_step(&mut self, step: &StepMetrics, timing: StepTiming) -> Result<(), Error> {
        #[cfg(feature = "report")]
        Observer::<G>::on_step(&mut self.report, step, timing)?;
        Observer::<G>::on_step(&mut self.log, step, timing)
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        self.log.on_epoch(end, samples)?;
        self.samples.on_epoch(end, samples)?;
        #[cfg(feature = "report")]
        self.report.on_epoch(end, samples)?;
        // Last: no checkpoint is on the disk without its lines.
        self.checkpoints.on_epoch(end, samples)
    }

    fn on_stop(&mut self, end: &EpochEnd<'_, G>, samples: &[RgbImage]) -> Result<(), Error> {
        self.log.on_stop(end, samples)?;
        // Then what cannot be made again.
        self.checkpoints.on_stop(end, samples)?;
        self.samples.on_stop(end, samples)?;
        #[cfg(feature = "report")]
        self.report.on_stop(end, samples)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
