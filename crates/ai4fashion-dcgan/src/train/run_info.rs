//! What a run is, before its first step.

use image::RgbImage;

use crate::{
    config::DcganConfig,
    data::{class_count::LabelCount, labels::Labels},
};

/// What is known before the first step.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The run's settings.
    pub config: DcganConfig,
    /// Pictures that are trained on.
    pub pictures: usize,
    /// Steps of one epoch; the last may take fewer pictures.
    pub steps_per_epoch: usize,
    /// Steps done before this sitting; 0 unless it goes on with a run.
    pub steps_done: usize,
    /// The fingerprint of the pictures, see [`PictureSource::fingerprint`](crate::PictureSource::fingerprint).
    pub data: String,
    /// Up to 64 real pictures, the first of the first epoch, as the networks see them.
    pub real: Vec<RgbImage>,
    /// Their labels.
    pub labels: Vec<Labels>,
    /// The labels of all pictures that the run's condition tells apart; empty without one.
    pub seen: Vec<LabelCount>,
}

impl Plan {
    /// A run from the beginning on so many pictures, of which nothing else is known: to test an [`Observer`](crate::Observer) with.
    #[must_use]
    pub fn new(config: DcganConfig, pictures: usize) -> Self {
        Self {
            steps_per_epoch: pictures.div_ceil(config.batch_size.max(1)),
            config,
            pictures,
            steps_done: 0,
            data: String::new(),
            real: Vec::new(),
            labels: Vec::new(),
            seen: Vec::new(),
        }
    }

    /// Steps of the whole run.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps_per_epoch.saturating_mul(self.config.epochs)
    }
}
