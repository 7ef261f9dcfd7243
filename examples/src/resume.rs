//! Going on with a run.

use std::path::PathBuf;

use ai4fashion_dcgan::{Checkpoint, Discriminator, Error, ErrorKind, Generator, Plan, SavedRun, TrainState};
use anyhow::ensure;

use crate::{
    program::Program,
    say::{count, say},
};

/// A run that is to go on, and where.
#[derive(Debug)]
pub struct Resumed {
    /// The run.
    pub run: SavedRun,
    /// `None` if it was ended before it saved any.
    checkpoint: Option<Checkpoint>,
}

impl Resumed {
    /// Reads the run's checkpoint of this name, or the newest.
    ///
    /// # Errors
    /// If there is no checkpoint of this name, or it is damaged.
    pub fn new(run: SavedRun, name: Option<&str>) -> anyhow::Result<Self> {
        let folder = match name {
            Some(name) => Some(run.find(name)?),
            None => run.checkpoints().last().map(PathBuf::as_path),
        };
        let checkpoint = folder.map(|folder| run.load(folder)).transpose();
        let checkpoint = checkpoint.map_err(|error| cannot_go_on(error, run.checkpoints().len()))?;
        Ok(Self { run, checkpoint })
    }

    /// Refuses to go on with another run than the one that began, unless it is forced; then says what is ignored.
    ///
    /// # Errors
    /// If something differs, or steps that are done have no checkpoint, and it is not forced.
    pub fn check(&self, program: &Program, plan: &Plan, force: bool) -> anyhow::Result<()> {
        let before: Option<Program> = self.run.has_program().then(|| self.run.program()).transpose()?;
        let differences = match &self.checkpoint {
            Some(checkpoint) => checkpoint.differences(plan),
            None => plan.config.differences(self.run.config()),
        };
        let mut lines: Vec<String> = differences.iter().map(ToString::to_string).collect();
        lines.extend(before.iter().flat_map(|before| program.differences(before)));
        ensure!(
            lines.is_empty() || force,
            "this would be another run: {}; --force goes on all the same",
            lines.join("; ")
        );
        if self.checkpoint.is_none() {
            let logged = self.run.logged_steps()?;
            ensure!(
                logged == 0 || force,
                "the run has no checkpoint, so its {} would be lost; --force begins anew",
                count(logged, "logged step")
            );
            say("no checkpoint, beginning anew");
        }
        for line in lines {
            say(format_args!("going on although {line}"));
        }
        if let Some(line) = before.and_then(|before| program.other_threads(&before)) {
            say(line);
        }
        Ok(())
    }

    /// `state` with all that the checkpoint holds.
    ///
    /// # Errors
    /// If the checkpoint is of other networks.
    pub fn restore(
        &self,
        state: TrainState<Generator, Discriminator>,
    ) -> Result<TrainState<Generator, Discriminator>, Error> {
        match &self.checkpoint {
            Some(checkpoint) => state.restore(checkpoint),
            None => Ok(state),
        }
    }
}

/// Says what is left to do where a checkpoint cannot be used.
fn cannot_go_on(error: Error, checkpoints: usize) -> anyhow::Error {
    let is_damaged = matches!(error.kind(), ErrorKind::Checkpoint { .. });
    let error = anyhow::Error::new(error);
    match checkpoints {
        _ if !is_damaged => error,
        1 => error.context("cannot go on: it is the run's only checkpoint; begin anew with --run"),
        _ => error.context("cannot go on; name another checkpoint with --checkpoint"),
    }
}
