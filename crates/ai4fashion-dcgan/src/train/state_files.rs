//! The state of a training as the files of a checkpoint, and back.

use std::collections::BTreeMap;

use ai4fashion_dataset::sha256;

use crate::{
    error::{Error, ErrorKind, WeightsProblem},
    model::{
        network::{Draw, Judge},
        weights,
    },
    train::{
        adam::Adam,
        checkpoint::{Checkpoint, CheckpointState},
        run_info::Plan,
        step::TrainState,
    },
};

pub(crate) const GENERATOR: &str = "generator.safetensors";
const DISCRIMINATOR: &str = "discriminator.safetensors";
pub(crate) const AVERAGE: &str = "generator_ema.safetensors";
const OPTIMIZER_G: &str = "optimizer_g.safetensors";
const OPTIMIZER_D: &str = "optimizer_d.safetensors";

impl<G: Draw, D: Judge> TrainState<G, D> {
    /// The same networks with the weights and the state of a checkpoint.
    ///
    /// # Errors
    /// If the checkpoint is of other networks; the message names the file and the tensors.
    pub fn restore(self, checkpoint: &Checkpoint) -> Result<Self, Error> {
        let Self {
            config,
            device,
            generator,
            discriminator,
            average,
            ..
        } = self;
        let bytes = |name: &'static str| checkpoint.file(name).map(<[u8]>::to_vec);
        let generator = weights::from_bytes(generator, bytes(GENERATOR)?).map_err(of(GENERATOR))?;
        let discriminator =
            weights::from_bytes(discriminator, bytes(DISCRIMINATOR)?).map_err(of(DISCRIMINATOR))?;
        let average = match average {
            Some(average) if checkpoint.files().contains_key(AVERAGE) => {
                Some(weights::from_bytes(average, bytes(AVERAGE)?).map_err(of(AVERAGE))?)
            }
            // A run without an average that is forced to have one.
            Some(_) => Some(generator.valid()),
            None => None,
        };
        let adam_g = Adam::from_bytes(config.beta1, checkpoint.file(OPTIMIZER_G)?, &generator, &device);
        let adam_d = Adam::from_bytes(
            config.beta1,
            checkpoint.file(OPTIMIZER_D)?,
            &discriminator,
            &device,
        );
        Ok(Self {
            generator,
            discriminator,
            average,
            adam_g: adam_g.map_err(of(OPTIMIZER_G))?,
            adam_d: adam_d.map_err(of(OPTIMIZER_D))?,
            steps_done: checkpoint.state().steps_done,
            decay: 1.0,
            config,
            device,
        })
    }

    /// The files of a checkpoint.
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
                self.adam_g.to_bytes(&self.generator).map_err(of(OPTIMIZER_G))?,
            ),
            (
                OPTIMIZER_D,
                self.adam_d
                    .to_bytes(&self.discriminator)
                    .map_err(of(OPTIMIZER_D))?,
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

    /// The checkpoint of a run of `plan` at this state.
    pub(crate) fn checkpoint(&self, plan: &Plan, distance: Option<f32>) -> Result<Checkpoint, Error> {
        let (steps_done, files) = (self.steps_done, self.files()?);
        let hashes = files.iter().map(|(name, bytes)| (name.clone(), sha256(bytes)));
        let state = CheckpointState {
            format: CheckpointState::FORMAT,
            steps_done,
            epochs_done: steps_done / plan.steps_per_epoch,
            pictures: plan.pictures,
            data: plan.data.clone(),
            distance,
            labels: plan.seen.clone(),
            config: plan.config.clone(),
            files: hashes.collect(),
        };
        Checkpoint::from_parts(state, files)
    }
}

/// For `map_err`: the file of a checkpoint that a problem is of.
fn of(file: &'static str) -> impl Fn(WeightsProblem) -> Error {
    move |source| {
        let path = file.into();
        ErrorKind::Weights { path, source }.into()
    }
}
