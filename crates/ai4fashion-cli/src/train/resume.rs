//! Resuming a run.

use std::path::PathBuf;

use ai4fashion_dcgan::{
    Discriminator, Error, ErrorKind, Generator, SavedRun, TrainState,
    train::{Checkpoint, RunInfo},
};
use ai4fashion_files::count;
use anyhow::ensure;

use super::program::Program;
use crate::say::say;

/// A run, and the checkpoint that it is resumed from.
#[derive(Debug)]
pub(super) struct Resumed {
    /// The run.
    pub(super) run: SavedRun,
    /// `None` if it was ended before its first checkpoint.
    checkpoint: Option<Checkpoint>,
}

impl Resumed {
    /// Reads the run's checkpoint of this name, or the newest.
    ///
    /// # Errors
    /// If there is no checkpoint of this name, or it is damaged.
    pub(super) fn new(run: SavedRun, name: Option<&str>) -> anyhow::Result<Self> {
        let folder = match name {
            Some(name) => Some(run.find(name)?),
            None => run.checkpoints().last().map(PathBuf::as_path),
        };
        let checkpoint = folder.map(|folder| run.load(folder)).transpose();
        let checkpoint = checkpoint.map_err(|error| cannot_resume(error, run.checkpoints().len()))?;
        Ok(Self { run, checkpoint })
    }

    /// Refuses to resume with settings that differ from the run's unless forced; then says what
    /// differs.
    ///
    /// # Errors
    /// If something differs, or whole epochs have no checkpoint, and it is not forced.
    pub(super) fn check(&self, program: &Program, plan: &RunInfo, force: bool) -> anyhow::Result<()> {
        let before: Option<Program> = self.run.has_metadata().then(|| self.run.metadata()).transpose()?;
        let differences = match &self.checkpoint {
            Some(checkpoint) => checkpoint.differences(plan),
            None => plan.config.differences(self.run.config()),
        };
        let mut lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
        lines.extend(before.iter().flat_map(|before| program.differences(before)));
        ensure!(
            lines.is_empty() || force,
            "settings differ from the run's: {}; --force resumes all the same",
            lines.join("; ")
        );
        if self.checkpoint.is_none() {
            // A damaged log is begun anew, too.
            let logged = count(self.run.logged_steps().unwrap_or_default(), "logged step");
            ensure!(
                !self.run.has_results() || force,
                "the run has samples but no checkpoint, so its {logged} would be lost; --force starts over"
            );
            say(format_args!("no checkpoint, starting over after {logged}"));
        }
        for line in lines {
            say(format_args!("resuming although {line}"));
        }
        if let Some(line) = before.and_then(|before| program.other_threads(&before)) {
            say(line);
        }
        Ok(())
    }

    /// `state` with everything from the checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is of different networks.
    pub(super) fn restore(
        &self,
        state: TrainState<Generator, Discriminator>,
    ) -> Result<TrainState<Generator, Discriminator>, Error> {
        match &self.checkpoint {
            Some(checkpoint) => state.restore(checkpoint),
            None => Ok(state),
        }
    }
}

/// Says what can be done where a checkpoint cannot be used.
fn cannot_resume(error: Error, checkpoints: usize) -> anyhow::Error {
    let is_damaged = matches!(error.kind(), ErrorKind::Checkpoint { .. });
    let error = anyhow::Error::new(error);
    match checkpoints {
        _ if !is_damaged => error,
        1 => error.context(
            "cannot resume: it is the run's only checkpoint; start over with --run in another folder",
        ),
        _ => error.context("cannot resume; name another checkpoint with --checkpoint"),
    }
}
