//! What `train` needs beside the settings of the training: where the pictures are, what computes, what is kept.

use std::path::PathBuf;

use ai4fashion_dcgan::SavedRun;
use clap::{Args, value_parser};
use serde::{Deserialize, Serialize};

use crate::{device::DeviceName, filter::Filter, precision::PrecisionName};

/// As options; those that are not given are the run's own where it goes on.
#[derive(Debug, Args)]
pub struct ProgramOptions {
    /// The data set: a folder that `ingest` has written
    #[arg(long, required_unless_present = "resume")]
    data: Option<PathBuf>,
    /// Write samples, plots and a checkpoint after every so many epochs only [default: 1]
    #[arg(long, value_parser = value_parser!(u32).range(1..))]
    save_every: Option<u32>,
    /// Keep so many of the newest checkpoints, beside the best [default: 2]
    #[arg(long, value_parser = value_parser!(u32).range(1..))]
    keep: Option<u32>,
    /// Where decoded pictures are kept, so that they are decoded once [default: DATA/cache/pictures-SIZE.bin]
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
    /// Decode the pictures anew in each epoch
    #[arg(long, conflicts_with = "cache")]
    no_cache: bool,
    /// What computes [default: ndarray]
    #[arg(long, value_enum)]
    device: Option<DeviceName>,
    /// What the products of convolutions are made of [default: f32]
    #[arg(long, value_enum)]
    precision: Option<PrecisionName>,
    #[command(flatten)]
    filter: Filter,
}

/// As found in `program.json` of a run's folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Program {
    /// The data set.
    pub data: PathBuf,
    /// What computes.
    pub device: DeviceName,
    /// What the products of convolutions are made of.
    pub precision: PrecisionName,
    /// Which pictures are trained on.
    pub filter: Filter,
    /// After how many epochs a checkpoint is written; `None` after each.
    pub save_every: Option<u32>,
    /// How many checkpoints are kept; `None` for two.
    pub keep: Option<u32>,
    /// Where decoded pictures are kept; `None` in the data set's folder.
    pub cache: Option<PathBuf>,
    /// Whether they are kept nowhere.
    pub no_cache: bool,
    /// Threads that compute, on which the last digits depend.
    pub threads: Option<usize>,
}

impl ProgramOptions {
    /// The options that were given, over those of a run that goes on.
    ///
    /// # Errors
    /// If the run's `program.json` cannot be understood, or neither says where the data set is.
    pub fn over(&self, run: Option<&SavedRun>) -> anyhow::Result<Program> {
        let run: Option<Program> = run
            .filter(|run| run.has_program())
            .map(SavedRun::program)
            .transpose()?;
        let mut program = match run {
            Some(program) => program,
            None if self.data.is_some() => Program::default(),
            None => anyhow::bail!("the run does not say where its data set is; name it with --data"),
        };
        if let Some(data) = &self.data {
            program.data = std::path::absolute(data)?;
        }
        if let Some(cache) = &self.cache {
            program.cache = Some(std::path::absolute(cache)?);
            program.no_cache = false;
        }
        if self.no_cache {
            program.cache = None;
            program.no_cache = true;
        }
        if !self.filter.is_open() {
            program.filter.clone_from(&self.filter);
        }
        program.device = self.device.unwrap_or(program.device);
        program.precision = self.precision.unwrap_or(program.precision);
        program.save_every = self.save_every.or(program.save_every);
        program.keep = self.keep.or(program.keep);
        program.threads = Some(rayon::current_num_threads());
        Ok(program)
    }
}

impl Program {
    /// What makes another run of it than `before`, beside settings and pictures: other bytes come of it.
    #[must_use]
    pub fn differences(&self, before: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.device != before.device {
            let (before, now) = (before.device.as_str(), self.device.as_str());
            lines.push(format!("device was {before} and is {now} now"));
        }
        if self.precision != before.precision {
            let (before, now) = (before.precision.as_str(), self.precision.as_str());
            lines.push(format!("precision was {before} and is {now} now"));
        }
        lines
    }

    /// What is to be said if it computes on another number of threads than `before`: sums may be taken in another order.
    #[must_use]
    pub fn other_threads(&self, before: &Self) -> Option<String> {
        let (before, now) = (before.threads?, self.threads?);
        let line = || {
            format!(
                "threads were {before} and are {now} now, so the last digits may be others than of an undisturbed run"
            )
        };
        (before != now).then(line)
    }
}
