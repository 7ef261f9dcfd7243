//! All that a training needs to go on.

use std::collections::BTreeMap;

use ai4fashion_dataset::sha256;
use serde::{Deserialize, Serialize};

use crate::{DcganConfig, Difference, Draw, Error, ErrorKind, Judge, LabelCount, Plan, TrainState};

/// Both networks, the averaged generator if there is one, both optimizers, and where the run stands.
///
/// Everything that is drawn at random is keyed by the seed and the step, so that the step is the state of the random
/// numbers, of the order of the pictures and of the augmentation.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    state: CheckpointState,
    files: BTreeMap<String, Vec<u8>>,
}

/// Where a checkpoint stands in its run, and what run that is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckpointState {
    /// The format of a checkpoint, [`CheckpointState::FORMAT`].
    pub format: u32,
    /// Steps done.
    pub steps_done: usize,
    /// Whole epochs done.
    pub epochs_done: usize,
    /// Pictures that are trained on.
    pub pictures: usize,
    /// The fingerprint of those pictures, see [`PictureSource::fingerprint`](crate::PictureSource::fingerprint).
    pub data: String,
    /// How far drawn pictures are from real ones, see [`Standing`](crate::Standing); `None` in the middle of an epoch.
    pub distance: Option<f32>,
    /// The labels of those pictures that the run's condition tells apart; empty without one.
    pub labels: Vec<LabelCount>,
    /// The run's settings.
    pub config: DcganConfig,
    /// The SHA-256 of each file, in hexadecimal.
    pub files: BTreeMap<String, String>,
}

impl CheckpointState {
    /// The format that this version writes and reads.
    pub const FORMAT: u32 = 2;

    /// Whether its run is shown the same real pictures, so that distances from them can be compared.
    pub(crate) fn has_pictures_of(&self, other: &Self) -> bool {
        let shown = |state: &Self| {
            let config = &state.config;
            let order = (config.seed, config.limit, config.image_size, config.channels);
            (state.data.clone(), state.pictures, order)
        };
        shown(self) == shown(other)
    }
}

impl Checkpoint {
    pub(crate) fn of<G: Draw, D: Judge>(
        plan: &Plan,
        state: &TrainState<G, D>,
        distance: Option<f32>,
    ) -> Result<Self, Error> {
        let (steps_done, files) = (state.steps_done(), state.files()?);
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
        Ok(Self { state, files })
    }

    /// A checkpoint that was stored as its state and its files.
    ///
    /// # Errors
    /// [`ErrorKind::Format`] if another version has written it, [`ErrorKind::DamagedFile`] for the first file that is
    /// missing or whose hash is not that of the state.
    pub fn from_parts(state: CheckpointState, files: BTreeMap<String, Vec<u8>>) -> Result<Self, Error> {
        if state.format != CheckpointState::FORMAT {
            return Err(ErrorKind::Format { found: state.format }.into());
        }
        for (name, hash) in &state.files {
            let whole = files.get(name).is_some_and(|bytes| sha256(bytes) == *hash);
            if !whole {
                return Err(ErrorKind::DamagedFile { name: name.clone() }.into());
            }
        }
        Ok(Self { state, files })
    }

    /// Where it stands.
    #[must_use]
    pub fn state(&self) -> &CheckpointState {
        &self.state
    }

    /// Its files: names and bytes.
    #[must_use]
    pub fn files(&self) -> &BTreeMap<String, Vec<u8>> {
        &self.files
    }

    pub(crate) fn file(&self, name: &str) -> Result<&[u8], Error> {
        let missing = || ErrorKind::DamagedFile {
            name: name.to_owned(),
        };
        Ok(self.files.get(name).ok_or_else(missing)?)
    }

    /// How a run of `plan` would differ from the one that this checkpoint is of; empty if it would go on with it.
    #[must_use]
    pub fn differences(&self, plan: &Plan) -> Vec<Difference> {
        let mut found = plan.config.differences(&self.state.config);
        if plan.pictures != self.state.pictures {
            found.push(Difference::new(
                "pictures of the data set",
                self.state.pictures,
                plan.pictures,
            ));
        } else if plan.data != self.state.data {
            let short = |hash: &str| hash.chars().take(12).collect::<String>();
            let (before, now) = (short(&self.state.data), short(&plan.data));
            found.push(Difference::new("hash of the data set", before, now));
        }
        found
    }
}
