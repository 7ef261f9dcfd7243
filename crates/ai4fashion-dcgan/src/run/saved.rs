//! Runs on disk.

use std::path::{Path, PathBuf};

use ai4fashion_files::{
    json,
    json_lines::{complete_lines, read_text},
};
use burn::tensor::Device;
use serde::de::DeserializeOwned;

use crate::{
    config::DcganConfig,
    error::{Error, ErrorKind},
    model::{generator::Generator, weights},
    run::{
        begun, checkpoint_files,
        layout::{CONFIG, EPOCHS, METADATA, STEPS},
        log_lines::EpochLine,
    },
    train::{
        checkpoint::{Checkpoint, CheckpointState},
        state_files::{AVERAGE, GENERATOR},
    },
};

/// Reads the settings of the run in the folder `run`, if it is a run folder.
pub(super) fn read_config<T: DeserializeOwned>(run: &Path) -> Result<T, Error> {
    let file = run.join(CONFIG);
    if !file.is_file() {
        let inner = run.join("run");
        return Err(ErrorKind::NotARun {
            path: run.to_owned(),
            missing: CONFIG,
            nearby: inner.join(CONFIG).is_file().then_some(inner),
        }
        .into());
    }
    json::read(&file).map_err(Error::file)
}

/// A finished or interrupted run on disk.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, RunFolder, SavedRun, Trainer, cpu, image::RgbImage};
///
/// let temp = tempfile::tempdir()?;
/// let path = temp.path().join("run");
/// let images = vec![RgbImage::new(8, 8); 4];
/// let config = DcganConfig::tutorial().with_image_size(8).with_nz(4).with_ngf(4).with_ndf(4).with_epochs(1);
/// let trainer = Trainer::new(config.clone(), cpu())?;
/// trainer.fit(&images, &mut [&mut RunFolder::create(&path)?])?;
///
/// // Two more epochs.
/// let run = SavedRun::open(&path)?;
/// let checkpoint = run.load(run.newest()?)?;
/// let longer = Trainer::new(config.with_epochs(3), cpu())?;
/// longer.resume(&checkpoint, &images, &mut [&mut RunFolder::resume(&run)])?;
/// assert_eq!(SavedRun::open(&path)?.state()?.epochs_done, 3);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct SavedRun {
    path: PathBuf,
    config: DcganConfig,
    checkpoints: Vec<PathBuf>,
}

impl SavedRun {
    /// Finds the settings and the checkpoints of a run.
    ///
    /// # Errors
    /// If `path` is not a run folder, its settings cannot be parsed, or another version has written
    /// it.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let checkpoints: Vec<PathBuf> = checkpoint_files::list(&path)?.into_values().collect();
        let config: DcganConfig = read_config(&path).map_err(|error| {
            // The settings of another version may have other names.
            let version = checkpoints
                .last()
                .map(|newest| checkpoint_files::check_version(newest));
            version.and_then(Result::err).unwrap_or(error)
        })?;
        config.validate()?;
        Ok(Self {
            path,
            config,
            checkpoints,
        })
    }

    /// Returns the folder of the run.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the settings of the run.
    #[must_use]
    pub fn config(&self) -> &DcganConfig {
        &self.config
    }

    /// Reads the caller's own metadata from `metadata.json`.
    ///
    /// [`RunFolder::with_metadata`](crate::RunFolder::with_metadata) stored it.
    ///
    /// # Errors
    /// If there is none, or its type differs.
    pub fn metadata<T: DeserializeOwned>(&self) -> Result<T, Error> {
        json::read(self.path.join(METADATA)).map_err(Error::file)
    }

    /// Returns whether the run has metadata of the caller's own.
    #[must_use]
    pub fn has_metadata(&self) -> bool {
        self.path.join(METADATA).is_file()
    }

    /// Returns the folders of the run's checkpoints, oldest first.
    #[must_use]
    pub fn checkpoints(&self) -> &[PathBuf] {
        &self.checkpoints
    }

    /// Returns whether the run has something worth keeping: a checkpoint, or samples of more epochs
    /// than come before the first one.
    ///
    /// A run without was ended before its first checkpoint: nothing of it can be resumed, and
    /// [`RunFolder::create`](crate::RunFolder::create) begins it anew.
    #[must_use]
    pub fn has_results(&self) -> bool {
        !self.checkpoints.is_empty() || begun::has_results(&self.path)
    }

    /// Counts the steps in the run's logs; there may be more than its newest checkpoint has done.
    ///
    /// # Errors
    /// If a log cannot be read.
    pub fn logged_steps(&self) -> Result<usize, Error> {
        let steps = read_text(self.path.join(STEPS)).map_err(Error::file)?;
        let epochs = read_text(self.path.join(EPOCHS)).map_err(Error::file)?;
        let epochs = complete_lines(&epochs).filter_map(|line| serde_json::from_str::<EpochLine>(line).ok());
        let whole = epochs.map(|epoch| epoch.steps_done).max();
        Ok(complete_lines(&steps).count().max(whole.unwrap_or(0)))
    }

    /// Finds the folder of the checkpoint with this name, such as `step-000074`.
    ///
    /// # Errors
    /// [`ErrorKind::NoCheckpoint`] with those that exist.
    pub fn find(&self, name: &str) -> Result<&Path, Error> {
        let name_of = |path: &Path| path.file_name().map(|name| name.display().to_string());
        let found = self
            .checkpoints
            .iter()
            .find(|path| name_of(path).as_deref() == Some(name));
        let missing = || ErrorKind::NoCheckpoint {
            name: name.to_owned(),
            existing: self.checkpoints.iter().filter_map(|path| name_of(path)).collect(),
        };
        Ok(found.ok_or_else(missing)?)
    }

    /// Finds the folder of the newest checkpoint.
    ///
    /// # Errors
    /// If there is no checkpoint yet.
    pub fn newest(&self) -> Result<&Path, Error> {
        let missing = || ErrorKind::NotARun {
            path: self.path.clone(),
            missing: "checkpoints/step-NNNNNN",
            nearby: None,
        };
        Ok(self.checkpoints.last().ok_or_else(missing)?)
    }

    /// Reads the state of the newest checkpoint.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn state(&self) -> Result<CheckpointState, Error> {
        self.state_of(self.newest()?)
    }

    /// Reads the state of a checkpoint.
    ///
    /// # Errors
    /// If it cannot be read, or is not as it was written.
    pub fn state_of(&self, checkpoint: &Path) -> Result<CheckpointState, Error> {
        checkpoint_files::state(checkpoint)
    }

    /// Reads a checkpoint, and checks the hash of each file.
    ///
    /// # Errors
    /// If it is damaged or of another version; the message names the one before it.
    pub fn load(&self, checkpoint: &Path) -> Result<Checkpoint, Error> {
        checkpoint_files::read(checkpoint).map_err(|source| {
            let before = self.checkpoints.iter().rev();
            let previous = before.skip_while(|path| *path != checkpoint).nth(1).cloned();
            let (path, source) = (checkpoint.to_owned(), Box::new(source));
            ErrorKind::Checkpoint {
                path,
                source,
                previous,
            }
            .into()
        })
    }

    /// Reads the generator of the newest checkpoint, for use on `device`: the averaged one if there
    /// is one.
    ///
    /// # Errors
    /// If the checkpoint is damaged or does not fit the settings.
    pub fn generator(&self, device: &Device) -> Result<Generator, Error> {
        self.generator_of(self.newest()?, device)
    }

    /// Reads the generator of a checkpoint, for use on `device`: the averaged one if there is one.
    ///
    /// # Errors
    /// If the checkpoint is damaged or does not fit the settings.
    pub fn generator_of(&self, checkpoint: &Path, device: &Device) -> Result<Generator, Error> {
        let loaded = self.load(checkpoint)?;
        // A run that was forced to change its settings has checkpoints of both.
        let config = &loaded.state().config;
        let name = if config.ema.is_some() { AVERAGE } else { GENERATOR };
        let bytes = loaded.file(name)?;
        weights::from_bytes(Generator::new(config, device)?, bytes).map_err(|source| {
            let path = checkpoint.join(name);
            ErrorKind::Weights { path, source }.into()
        })
    }
}
