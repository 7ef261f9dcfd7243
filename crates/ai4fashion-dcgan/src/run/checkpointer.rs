//! An observer that writes checkpoints.

use std::path::{Path, PathBuf};

use image::RgbImage;

use crate::{
    error::{Error, ErrorKind},
    run::{
        checkpoint_files,
        interval::Interval,
        log_hashes,
        strategy::{CheckpointStrategy, StoredCheckpoint},
    },
    train::{checkpoint::CheckpointState, epoch_end::EpochEnd, observer::Observer, run_info::RunInfo},
};

/// What is in a folder with checkpoints, for messages.
pub(super) const CHECKPOINTS: &str = "the checkpoints of a run, which can be resumed";

/// Writes checkpoints into the folder `checkpoints`, and keeps those that a strategy chooses.
///
/// A new run is refused where checkpoints are, because it would remove them. A resumed run removes
/// the checkpoints beyond its own, and logs a warning that names them.
///
/// ```
/// use ai4fashion_dcgan::{
///     DcganConfig, Trainer, cpu, image::RgbImage, run::{Checkpointer, KeepBest, KeepLast},
/// };
///
/// let temp = tempfile::tempdir()?;
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(3);
/// let mut checkpoints = Checkpointer::new(temp.path(), (KeepLast(1), KeepBest));
/// Trainer::new(config, cpu())?.fit(&vec![RgbImage::new(8, 8); 4], &mut [&mut checkpoints])?;
/// assert!(temp.path().join("checkpoints/step-000003/generator.safetensors").exists());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Checkpointer<S> {
    folder: PathBuf,
    strategy: S,
    interval: Interval,
}

impl<S: CheckpointStrategy> Checkpointer<S> {
    /// Creates an observer that writes below `folder` and keeps what `strategy` chooses.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>, strategy: S) -> Self {
        Self {
            folder: folder.into(),
            strategy,
            interval: Interval(1),
        }
    }

    /// Sets the number of epochs from one checkpoint to the next, at least 1; default 1. The last
    /// epoch always has one.
    #[must_use]
    pub fn with_interval(mut self, epochs: usize) -> Self {
        self.interval = Interval(epochs);
        self
    }

    /// Replaces the strategy.
    #[must_use]
    pub fn with_strategy(mut self, strategy: S) -> Self {
        self.strategy = strategy;
        self
    }

    /// Refuses options that are outside their intervals.
    pub(super) fn check_options(&self) -> Result<(), Error> {
        self.interval.check()?;
        self.strategy.check()
    }

    /// Refuses a run before anything is written.
    pub(super) fn check(&self, info: &RunInfo) -> Result<(), Error> {
        self.check_options()?;
        checkpoint_files::check_places(&self.folder)?;
        if info.steps_done == 0 && !checkpoint_files::list(&self.folder)?.is_empty() {
            let (path, content) = (self.folder.clone(), CHECKPOINTS.to_owned());
            return Err(ErrorKind::Occupied { path, content }.into());
        }
        Ok(())
    }

    /// The logs that are not as they were when the run's checkpoint was written.
    pub(super) fn changed_logs(&self, info: &RunInfo) -> Result<Vec<&'static str>, Error> {
        let checkpoints = checkpoint_files::list(&self.folder)?;
        let state = match checkpoints.get(&info.steps_done) {
            Some(path) => whole_state(path)?,
            None => None,
        };
        let logs = state.map(|state| state.logs).unwrap_or_default();
        log_hashes::changed(&self.folder, &logs)
    }

    fn save<G>(&self, end: &EpochEnd<'_, G>) -> Result<(), Error> {
        let checkpoint = end.checkpoint()?.with_logs(log_hashes::of(&self.folder)?);
        checkpoint_files::write(&self.folder, &checkpoint)?;
        self.remove_old(None)
    }

    /// Removes the checkpoints that the strategy does not keep, except for that after the steps
    /// `resumed`.
    fn remove_old(&self, resumed: Option<usize>) -> Result<(), Error> {
        let stored = checkpoint_files::list(&self.folder)?;
        let all = stored.iter().map(|(steps, path)| {
            let state = whole_state(path)?;
            Ok(StoredCheckpoint::new(*steps, state))
        });
        let all: Vec<StoredCheckpoint> = all.collect::<Result<_, Error>>()?;
        for (place, (steps, path)) in stored.iter().enumerate() {
            if Some(*steps) != resumed && !self.strategy.keeps(place, &all) {
                checkpoint_files::remove(path)?;
            }
        }
        Ok(())
    }
}

/// The state of a checkpoint; `None` if it is damaged.
fn whole_state(checkpoint: &Path) -> Result<Option<CheckpointState>, Error> {
    match checkpoint_files::state(checkpoint) {
        // A fault of the machine, which is no reason to remove it.
        Err(error) if matches!(error.kind(), ErrorKind::Io { .. }) => Err(error),
        state => Ok(state.ok()),
    }
}

impl<S: CheckpointStrategy, G> Observer<G> for Checkpointer<S> {
    fn on_start(&mut self, info: &RunInfo) -> Result<(), Error> {
        self.check(info)?;
        checkpoint_files::sweep(&self.folder)?;
        let later = checkpoint_files::after(&self.folder, info.steps_done)?;
        if !later.is_empty() {
            let names = later.iter().map(|path| checkpoint_files::name(path));
            let names = names.collect::<Vec<_>>().join(", ");
            log::warn!("removing checkpoints beyond step {}: {names}", info.steps_done);
        }
        checkpoint_files::remove_all(&self.folder, &later)?;
        // Those that a process that was killed would have removed next.
        match info.steps_done {
            0 => Ok(()),
            steps => self.remove_old(Some(steps)),
        }
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_, G>, _: &[RgbImage]) -> Result<(), Error> {
        match self.interval.is_due(end) {
            true => self.save(end),
            false => Ok(()),
        }
    }

    fn on_stop(&mut self, end: &EpochEnd<'_, G>, _: &[RgbImage]) -> Result<(), Error> {
        self.save(end)
    }
}
