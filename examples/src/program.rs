//! What `train` needs beside the settings of the training: where the pictures are, what computes, what is kept.

use std::path::{Path, PathBuf};

use ai4fashion_dcgan::{DcganConfig, PictureCache, SavedRun};
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

/// Epochs between checkpoints, and the newest ones that are kept, unless other numbers are asked for.
const SAVE_EVERY: u32 = 1;
const KEEP: u32 = 2;

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
    /// After how many epochs a checkpoint is written; `None` is after each.
    pub save_every: Option<u32>,
    /// How many checkpoints are kept; `None` is two.
    pub keep: Option<u32>,
    /// Where decoded pictures are kept; `None` in the data set's folder, or nowhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<PathBuf>,
    /// Whether they are kept nowhere.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub no_cache: bool,
    /// Threads that compute, on which the last digits depend.
    pub threads: Option<usize>,
}

impl ProgramOptions {
    /// The options that were given, over those of a run that goes on; with `config` its settings now.
    ///
    /// # Errors
    /// If the run's `program.json` cannot be understood, or neither says where the data set is.
    pub fn over(&self, run: Option<&SavedRun>, config: &DcganConfig) -> anyhow::Result<Program> {
        let mut program = match run.filter(|run| run.has_program()) {
            Some(run) => run.program::<Program>()?.with_open_cache(run.config()),
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
        Ok(program.in_force(config))
    }
}

impl Program {
    /// The same with all that is not chosen as it is then: for the run's report, and for the run itself.
    #[must_use]
    pub fn in_force(mut self, config: &DcganConfig) -> Self {
        self.save_every.get_or_insert(SAVE_EVERY);
        self.keep.get_or_insert(KEEP);
        if !self.no_cache && self.cache.is_none() {
            self.cache = Some(usual_cache(&self.data, config));
        }
        self
    }

    /// The usual cache is that of data set and settings, which may become others.
    fn with_open_cache(mut self, config: &DcganConfig) -> Self {
        let usual = usual_cache(&self.data, config);
        self.cache = self.cache.filter(|cache| *cache != usual);
        self
    }

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

fn usual_cache(data: &Path, config: &DcganConfig) -> PathBuf {
    PictureCache::default_path(data, config.image_size as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_force_is_written_and_the_usual_cache_goes_with_data_set_and_size() {
        let config = DcganConfig::tutorial();
        let program = Program {
            data: "shirts".into(),
            ..Program::default()
        };
        let written = program.clone().in_force(&config);
        let json = serde_json::to_value(&written).unwrap();
        assert_eq!((&json["save_every"], &json["keep"]), (&1.into(), &2.into()));
        assert_eq!(json["cache"], "shirts/cache/pictures-64.bin");
        assert_eq!(json.get("no_cache"), None);
        assert!(json["filter"].get("colors").is_none(), "{json}");
        let read: Program = serde_json::from_value(json).unwrap();
        assert_eq!(read, written);

        let small = config.clone().with_image_size(32);
        let mut other = read.with_open_cache(&config);
        other.data = "skirts".into();
        let cache = other.in_force(&small).cache.unwrap();
        assert_eq!(cache, Path::new("skirts/cache/pictures-32.bin"));
        let chosen = Program {
            cache: Some("mine".into()),
            ..program.clone()
        };
        let cache = chosen.with_open_cache(&config).in_force(&small).cache;
        assert_eq!(cache.as_deref(), Some(Path::new("mine")));
        let nowhere = Program {
            no_cache: true,
            ..program
        };
        assert_eq!(nowhere.in_force(&config).cache, None);
        // As it was written before.
        let older = r#"{"data": "shirts", "keep": null, "cache": null, "no_cache": false, "filter": {"colors": [], "types": [], "typed": false}}"#;
        let older: Program = serde_json::from_str(older).unwrap();
        assert_eq!(older.in_force(&config).keep, Some(2));
    }
}
