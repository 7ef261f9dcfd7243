//! A run, as found on disk.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use serde::de::DeserializeOwned;

use crate::{
    config::DcganConfig,
    error::{Error, ErrorKind},
    model::{generator::Generator, weights},
    run::{
        checkpoints,
        json::read_json,
        layout::{CONFIG, EPOCHS, PROGRAM, STEPS},
        logs::{self, EpochLine},
    },
    train::{
        checkpoint::{Checkpoint, CheckpointState},
        state_files::{AVERAGE, GENERATOR},
    },
};

/// The settings of the run in the folder `run`, if it is one.
pub(crate) fn read_config<T: DeserializeOwned>(run: &Path) -> Result<T, Error> {
    let file = run.join(CONFIG);
    if !file.is_file() {
        let within = run.join("run");
        return Err(ErrorKind::NotARun {
            path: run.to_owned(),
            missing: CONFIG,
            instead: within.join(CONFIG).is_file().then_some(within),
        }
        .into());
    }
    read_json(&file)
}

/// A finished or interrupted run, as found on disk.
#[derive(Clone, Debug)]
pub struct SavedRun {
    path: PathBuf,
    config: DcganConfig,
    checkpoints: Vec<PathBuf>,
}

impl SavedRun {
    /// Finds a run's settings and its checkpoints.
    ///
    /// # Errors
    /// If `path` is no run folder, or its settings cannot be understood.
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, Error> {
        let path = path.into();
        let config: DcganConfig = read_config(&path)?;
        config.validate()?;
        let checkpoints = checkpoints::list(&path)?.into_values().collect();
        Ok(Self {
            path,
            config,
            checkpoints,
        })
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The settings of the run.
    #[must_use]
    pub fn config(&self) -> &DcganConfig {
        &self.config
    }

    /// What the program has left in `program.json`.
    ///
    /// # Errors
    /// If there is none, or it is another value.
    pub fn program<T: DeserializeOwned>(&self) -> Result<T, Error> {
        read_json(&self.path.join(PROGRAM))
    }

    /// Whether the program has left anything there.
    #[must_use]
    pub fn has_program(&self) -> bool {
        self.path.join(PROGRAM).is_file()
    }

    /// The folders of its checkpoints, oldest first; none before the end of the first epoch.
    #[must_use]
    pub fn checkpoints(&self) -> &[PathBuf] {
        &self.checkpoints
    }

    /// How many steps its logs tell of, which may be more than its newest checkpoint has done.
    ///
    /// # Errors
    /// If a log cannot be read.
    pub fn logged_steps(&self) -> Result<usize, Error> {
        let steps = logs::read(&self.path.join(STEPS))?;
        let epochs = logs::read(&self.path.join(EPOCHS))?;
        let epochs =
            logs::whole_lines(&epochs).filter_map(|line| serde_json::from_str::<EpochLine>(line).ok());
        let whole = epochs.map(|epoch| epoch.steps_done).max();
        Ok(logs::whole_lines(&steps).count().max(whole.unwrap_or(0)))
    }

    /// The folder of the checkpoint of this name, e.g. `step-000074`.
    ///
    /// # Errors
    /// [`ErrorKind::NoCheckpoint`] with those that there are.
    pub fn find(&self, name: &str) -> Result<&Path, Error> {
        let name_of = |path: &Path| path.file_name().map(|name| name.display().to_string());
        let found = self
            .checkpoints
            .iter()
            .find(|path| name_of(path).as_deref() == Some(name));
        let missing = || ErrorKind::NoCheckpoint {
            name: name.to_owned(),
            there: self.checkpoints.iter().filter_map(|path| name_of(path)).collect(),
        };
        Ok(found.ok_or_else(missing)?)
    }

    /// The folder of the newest checkpoint.
    ///
    /// # Errors
    /// If there is none yet.
    pub fn newest(&self) -> Result<&Path, Error> {
        let missing = || ErrorKind::NotARun {
            path: self.path.clone(),
            missing: "checkpoints/step-NNNNNN",
            instead: None,
        };
        Ok(self.checkpoints.last().ok_or_else(missing)?)
    }

    /// Where the newest checkpoint stands in the run.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn state(&self) -> Result<CheckpointState, Error> {
        self.state_of(self.newest()?)
    }

    /// Where another checkpoint stands in the run.
    ///
    /// # Errors
    /// If it cannot be read, or is not as it was written.
    pub fn state_of(&self, checkpoint: &Path) -> Result<CheckpointState, Error> {
        checkpoints::state(checkpoint)
    }

    /// Reads one of the checkpoints, with the hash of each file checked.
    ///
    /// # Errors
    /// If it is damaged or of another version; the message names the one before it.
    pub fn load(&self, checkpoint: &Path) -> Result<Checkpoint, Error> {
        checkpoints::read(checkpoint).map_err(|source| {
            let before = self.checkpoints.iter().rev();
            let instead = before.skip_while(|path| *path != checkpoint).nth(1).cloned();
            let (path, source) = (checkpoint.to_owned(), Box::new(source));
            ErrorKind::Checkpoint {
                path,
                source,
                instead,
            }
            .into()
        })
    }

    /// The generator of the newest checkpoint, to draw with on `device`: the averaged one if there is one.
    ///
    /// # Errors
    /// If the checkpoint is damaged or does not fit the settings.
    pub fn generator(&self, device: &Device) -> Result<Generator, Error> {
        self.generator_of(self.newest()?, device)
    }

    /// The same of another checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is damaged or does not fit the settings.
    pub fn generator_of(&self, checkpoint: &Path, device: &Device) -> Result<Generator, Error> {
        let loaded = self.load(checkpoint)?;
        // A run that was forced to go on with other settings has checkpoints of both.
        let config = &loaded.state().config;
        let name = if config.ema.is_some() { AVERAGE } else { GENERATOR };
        let bytes = loaded.file(name)?.to_vec();
        weights::from_bytes(Generator::new(config, device)?, bytes).map_err(|source| {
            let path = checkpoint.join(name);
            ErrorKind::Weights { path, source }.into()
        })
    }
}
