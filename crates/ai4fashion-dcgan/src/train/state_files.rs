//! Conversions between the state of a training run and the files of a checkpoint.

use std::collections::BTreeMap;

use ai4fashion_files::sha256_hex;

use crate::{
    error::{Error, ErrorKind, WeightsError},
    model::{
        network::{DiscriminatorModel, GeneratorModel},
        weights,
    },
    train::{
        checkpoint::{Checkpoint, CheckpointState},
        optimizer_file,
        run_info::RunInfo,
        state::TrainState,
    },
};

pub(crate) const GENERATOR: &str = "generator.safetensors";
const DISCRIMINATOR: &str = "discriminator.safetensors";
pub(crate) const AVERAGE: &str = "generator_ema.safetensors";
const OPTIMIZER_G: &str = "optimizer_g.safetensors";
const OPTIMIZER_D: &str = "optimizer_d.safetensors";

impl<G: GeneratorModel, D: DiscriminatorModel> TrainState<G, D> {
    /// Replaces weights and optimizers by those of a checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is of different networks; the message names the file and the tensors.
    pub fn restore(self, checkpoint: &Checkpoint) -> Result<Self, Error> {
        let Self {
            config,
            device,
            generator,
            discriminator,
            average,
            ..
        } = self;
        let bytes = |name: &'static str| checkpoint.file(name);
        let generator = weights::from_bytes(generator, bytes(GENERATOR)?).map_err(of(GENERATOR))?;
        let discriminator =
            weights::from_bytes(discriminator, bytes(DISCRIMINATOR)?).map_err(of(DISCRIMINATOR))?;
        let average = match average {
            Some(average) if checkpoint.files().contains_key(AVERAGE) => {
                Some(weights::from_bytes(average, bytes(AVERAGE)?).map_err(of(AVERAGE))?)
            }
            // A run without an average is forced to have one.
            Some(_) => Some(generator.valid()),
            None => None,
        };
        let adam_g = checkpoint.file(OPTIMIZER_G)?;
        let adam_g = optimizer_file::from_bytes(adam_g, &generator, &device).map_err(of(OPTIMIZER_G))?;
        let adam_d = checkpoint.file(OPTIMIZER_D)?;
        let adam_d = optimizer_file::from_bytes(adam_d, &discriminator, &device).map_err(of(OPTIMIZER_D))?;
        Ok(Self {
            generator,
            discriminator,
            average,
            adam_g,
            adam_d,
            logit_averages: checkpoint.state().logit_averages.filter(|_| config.lecam > 0.0),
            steps_done: checkpoint.state().steps_done,
            decay: 1.0,
            config,
            device,
        })
    }

    /// Serializes networks and optimizers.
    fn files(&self) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        let mut files = BTreeMap::from([
            (
                GENERATOR,
                weights::to_bytes(&self.generator).map_err(of(GENERATOR))?,
            ),
            (
                DISCRIMINATOR,
                weights::to_bytes(&self.discriminator).map_err(of(DISCRIMINATOR))?,
            ),
            (
                OPTIMIZER_G,
                optimizer_file::to_bytes(&self.adam_g, &self.generator).map_err(of(OPTIMIZER_G))?,
            ),
            (
                OPTIMIZER_D,
                optimizer_file::to_bytes(&self.adam_d, &self.discriminator).map_err(of(OPTIMIZER_D))?,
            ),
        ]);
        if let Some(average) = &self.average {
            files.insert(AVERAGE, weights::to_bytes(average).map_err(of(AVERAGE))?);
        }
        Ok(files
            .into_iter()
            .map(|(name, bytes)| (name.to_owned(), bytes))
            .collect())
    }

    /// Makes a checkpoint of the run `info`, with the distance of its samples from real images.
    pub(crate) fn checkpoint(&self, info: &RunInfo, distance: Option<f32>) -> Result<Checkpoint, Error> {
        let (steps_done, files) = (self.steps_done, self.files()?);
        let hashes = files
            .iter()
            .map(|(name, bytes)| (name.clone(), sha256_hex(bytes)));
        let state = CheckpointState {
            format: CheckpointState::FORMAT,
            steps_done,
            epochs_done: steps_done / info.steps_per_epoch,
            images: info.images,
            fingerprint: info.fingerprint.clone(),
            distance,
            logit_averages: self.logit_averages,
            class_counts: info.class_counts.clone(),
            config: info.config.clone(),
            files: hashes.collect(),
            logs: BTreeMap::new(),
        };
        Checkpoint::from_parts(state, files)
    }
}

/// Names the file of a checkpoint that an error is about, for `map_err`.
fn of(file: &'static str) -> impl Fn(WeightsError) -> Error {
    move |source| {
        let path = file.into();
        ErrorKind::Weights { path, source }.into()
    }
}
