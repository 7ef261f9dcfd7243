//! Facts of a run that are known before its first step.

use image::RgbImage;

use crate::{
    config::DcganConfig,
    data::{class_count::ClassCount, labels::Labels},
};

/// Facts of a run that are known before its first step.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RunInfo {
    /// The run's settings.
    pub config: DcganConfig,
    /// The number of training images.
    pub images: usize,
    /// The number of steps in an epoch; the last step may take fewer images.
    pub steps_per_epoch: usize,
    /// The number of steps done before; 0 unless a run is resumed.
    pub steps_done: usize,
    /// The fingerprint of the images, see
    /// [`ImageSource::fingerprint`](crate::ImageSource::fingerprint).
    pub fingerprint: String,
    /// Up to 64 real images, the first of the first epoch, cropped and scaled for the networks.
    pub real: Vec<RgbImage>,
    /// The labels of those images.
    pub labels: Vec<Labels>,
    /// The classes of all training images that the run's condition uses; empty without a condition.
    pub class_counts: Vec<ClassCount>,
}

impl RunInfo {
    /// Describes a new run from its number of images alone, for example to test an
    /// [`Observer`](crate::Observer).
    #[must_use]
    pub fn new(config: DcganConfig, images: usize) -> Self {
        Self {
            steps_per_epoch: images.div_ceil(config.batch_size.max(1)),
            config,
            images,
            steps_done: 0,
            fingerprint: String::new(),
            real: Vec::new(),
            labels: Vec::new(),
            class_counts: Vec::new(),
        }
    }

    /// The number of steps of the whole run.
    ///
    /// ```
    /// use ai4fashion_dcgan::{DcganConfig, train::RunInfo};
    ///
    /// let info = RunInfo::new(DcganConfig::tutorial().with_epochs(3), 300);
    /// assert_eq!((info.steps_per_epoch, info.steps()), (3, 9));
    /// ```
    #[must_use]
    pub fn steps(&self) -> usize {
        self.steps_per_epoch.saturating_mul(self.config.epochs)
    }
}
