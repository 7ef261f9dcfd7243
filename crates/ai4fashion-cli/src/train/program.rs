//! What `train` needs besides the settings of the training: data set, device, cache, checkpoints.

use std::path::{Path, PathBuf};

use ai4fashion_dcgan::{DcganConfig, SavedRun, data::ImageCache, run::ScoreName};
use clap::{Args, value_parser};
use serde::{Deserialize, Serialize};

use super::filter::Filter;
use crate::{device::DeviceName, values::one_of};

/// Options of `train`; those that are not given keep the value of the run that is resumed.
#[derive(Debug, Args)]
pub(crate) struct ProgramOptions {
    /// Folder of the data set, as `ingest` writes it
    #[arg(long, required_unless_present = "resume")]
    data: Option<PathBuf>,
    /// Number of epochs between checkpoints, each with samples and plots [default: 1]
    #[arg(long, value_name = "EPOCHS", value_parser = value_parser!(u32).range(1..))]
    checkpoint_every: Option<u32>,
    /// Number of newest checkpoints to keep, besides the best one [default: 2]
    #[arg(long, value_name = "N", value_parser = value_parser!(u32).range(1..))]
    keep_checkpoints: Option<u32>,
    /// Score a thousand generated images at each checkpoint, beside held-out images if --split
    /// leaves some out, and keep the checkpoint that is best by this score [default: the best is
    /// nearest in its pixels at 16x16]
    #[arg(long, value_parser = one_of(ScoreName::ALL))]
    score: Option<ScoreName>,
    /// File of decoded images, so that they are decoded once [default: in DATA/cache]
    #[arg(long, value_name = "FILE")]
    cache: Option<PathBuf>,
    /// Decode the images in each epoch
    #[arg(long, conflicts_with = "cache")]
    no_cache: bool,
    /// Compute backend [default: ndarray]
    #[arg(long, value_parser = one_of(DeviceName::ALL.iter().copied()))]
    device: Option<DeviceName>,
    #[command(flatten)]
    filter: Filter,
}

/// Defaults of `--checkpoint-every` and `--keep-checkpoints`.
const CHECKPOINT_EVERY: u32 = 1;
const KEEP_CHECKPOINTS: u32 = 2;

/// Content of `metadata.json` in a run's folder.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Program {
    /// The data set.
    pub(crate) data: PathBuf,
    /// Compute backend.
    pub(crate) device: DeviceName,
    /// Images that are trained on.
    pub(crate) filter: Filter,
    /// Number of epochs between checkpoints; `None` is 1.
    pub(crate) checkpoint_every: Option<u32>,
    /// Number of checkpoints to keep; `None` is 2.
    pub(crate) keep_checkpoints: Option<u32>,
    /// The score that the best checkpoint is kept by; `None` is the distance of pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) score: Option<ScoreName>,
    /// File of decoded images; `None` is the data set's own, or no file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cache: Option<PathBuf>,
    /// Whether decoded images are not kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) no_cache: bool,
    /// Number of threads, on which the last digits depend.
    pub(crate) threads: Option<usize>,
}

impl ProgramOptions {
    /// The options that were given, over those of the run that is resumed. `config` has its
    /// settings now.
    ///
    /// # Errors
    /// If the run's `metadata.json` cannot be parsed, or the data set is not known.
    pub(crate) fn over(&self, run: Option<&SavedRun>, config: &DcganConfig) -> anyhow::Result<Program> {
        let mut program = match run.filter(|run| run.has_metadata()) {
            Some(run) => run.metadata::<Program>()?.without_default_cache(run.config()),
            None if self.data.is_some() => Program::default(),
            None => anyhow::bail!("the run does not tell its data set; name it with --data"),
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
        program.checkpoint_every = self.checkpoint_every.or(program.checkpoint_every);
        program.keep_checkpoints = self.keep_checkpoints.or(program.keep_checkpoints);
        program.score = self.score.or(program.score);
        program.threads = Some(rayon::current_num_threads());
        Ok(program.with_defaults(config))
    }
}

impl Program {
    /// Fills in the defaults of all that was not chosen.
    pub(crate) fn with_defaults(mut self, config: &DcganConfig) -> Self {
        self.checkpoint_every.get_or_insert(CHECKPOINT_EVERY);
        self.keep_checkpoints.get_or_insert(KEEP_CHECKPOINTS);
        if !self.no_cache && self.cache.is_none() {
            self.cache = Some(default_cache(&self.data, config));
        }
        self
    }

    /// Number of newest checkpoints that are kept.
    pub(crate) fn keep_newest(&self) -> usize {
        self.keep_checkpoints.unwrap_or(KEEP_CHECKPOINTS) as usize
    }

    /// Forgets a default cache: data set and settings may change, and it with them.
    fn without_default_cache(mut self, config: &DcganConfig) -> Self {
        let default = default_cache(&self.data, config);
        self.cache = self.cache.filter(|cache| *cache != default);
        self
    }

    /// Differences from `before` that change the weights, besides settings and images.
    pub(crate) fn differences(&self, before: &Self) -> Vec<String> {
        let mut lines = Vec::new();
        if self.device != before.device {
            let (before, now) = (before.device.as_str(), self.device.as_str());
            lines.push(format!("device was {before} and is {now} now"));
        }
        lines
    }

    /// A remark if the number of threads differs from `before`: sums may be taken in another order.
    pub(crate) fn other_threads(&self, before: &Self) -> Option<String> {
        let (before, now) = (before.threads?, self.threads?);
        let line = || {
            format!(
                "threads were {before} and are {now} now, so the last digits may differ from an uninterrupted run"
            )
        };
        (before != now).then(line)
    }
}

fn default_cache(data: &Path, config: &DcganConfig) -> PathBuf {
    ImageCache::default_path(data, config.image_size as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defaults_are_written_and_the_cache_follows_data_set_and_size() {
        let config = DcganConfig::tutorial();
        let program = Program {
            data: "shirts".into(),
            ..Program::default()
        };
        let written = program.clone().with_defaults(&config);
        let json = serde_json::to_value(&written).unwrap();
        assert_eq!(
            (&json["checkpoint_every"], &json["keep_checkpoints"]),
            (&1.into(), &2.into())
        );
        assert_eq!(json["cache"], "shirts/cache/images-64.bin");
        assert_eq!(json.get("no_cache"), None);
        assert!(json["filter"].get("colors").is_none(), "{json}");
        let read: Program = serde_json::from_value(json).unwrap();
        assert_eq!(read, written);

        let small = config.clone().with_image_size(32);
        let mut other = read.without_default_cache(&config);
        other.data = "skirts".into();
        let cache = other.with_defaults(&small).cache.unwrap();
        assert_eq!(cache, Path::new("skirts/cache/images-32.bin"));
        let chosen = Program {
            cache: Some("mine".into()),
            ..program.clone()
        };
        let cache = chosen.without_default_cache(&config).with_defaults(&small).cache;
        assert_eq!(cache.as_deref(), Some(Path::new("mine")));
        let nowhere = Program {
            no_cache: true,
            ..program
        };
        assert_eq!(nowhere.with_defaults(&config).cache, None);
    }
}
