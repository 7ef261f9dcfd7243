//! The trainer.

use burn::tensor::Device;

use crate::{
    config::DcganConfig,
    data::{
        image_source::ImageSource,
        loader::{Loader, epoch_order},
        tensors::to_image,
    },
    error::{Error, ErrorKind},
    model::{discriminator::Discriminator, generator::Generator},
    train::{
        checkpoint::Checkpoint,
        distance::SlicedDistance,
        inputs::SAMPLES,
        interrupter::Interrupter,
        observer::Observer,
        run_info::RunInfo,
        state::TrainState,
        training::{TrainOutput, Training},
    },
};

/// Trains a DCGAN.
///
/// The trainer prints and writes nothing; [`Observer`]s do. The same seed, images, device and
/// number of threads give the same weights and losses, whether a run is interrupted or not.
///
/// ```
/// use ai4fashion_dcgan::{DcganConfig, Trainer, cpu, image::{Rgb, RgbImage}};
///
/// let image = |i: u8| RgbImage::from_pixel(8, 8, Rgb([i * 30, 80, 200]));
/// let images: Vec<_> = (0..8).map(image).collect();
/// let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_epochs(2);
/// let output = Trainer::new(config, cpu())?.fit(&images, &mut [])?;
/// assert_eq!(output.state.steps_done(), 2);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Trainer {
    config: DcganConfig,
    device: Device,
    interrupter: Interrupter,
}

impl Trainer {
    /// Creates a trainer with these settings on `device`.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: DcganConfig, device: Device) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self {
            config,
            device: device.without_autodiff(),
            interrupter: Interrupter::new(),
        })
    }

    /// Sets the interrupter that stops the training early.
    #[must_use]
    pub fn with_interrupter(mut self, interrupter: Interrupter) -> Self {
        self.interrupter = interrupter;
        self
    }

    /// Trains new networks on `images`.
    ///
    /// # Errors
    /// If there are no images, one cannot be read, a loss or, at the end of an epoch, a weight is
    /// NaN or infinite, or an observer returns an error.
    pub fn fit(
        &self,
        images: &(impl ImageSource + ?Sized),
        observers: &mut [&mut dyn Observer],
    ) -> Result<TrainOutput<Generator, Discriminator>, Error> {
        self.prepare(images)?.train(self.new_state()?, observers)
    }

    /// Resumes the run of `checkpoint`, as if it had not been interrupted.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); and [`ErrorKind::Changed`] if settings or images differ from the
    /// run's, except for the numbers of epochs and of workers. To resume all the same,
    /// [`train`](Training::train) a state that was [restored](TrainState::restore).
    pub fn resume(
        &self,
        checkpoint: &Checkpoint,
        images: &(impl ImageSource + ?Sized),
        observers: &mut [&mut dyn Observer],
    ) -> Result<TrainOutput<Generator, Discriminator>, Error> {
        self.prepare(images)?
            .resume(self.new_state()?, checkpoint, observers)
    }

    fn new_state(&self) -> Result<TrainState, Error> {
        TrainState::new(&self.config, &self.device)
    }

    /// Checks the images and prepares a training run.
    ///
    /// It is for networks of your own, or for facts that are needed before the run.
    ///
    /// # Errors
    /// If there are no images, one lacks a label that the condition needs, or the first ones cannot
    /// be read.
    ///
    /// ```
    /// use ai4fashion_dcgan::{DcganConfig, TrainState, Trainer, cpu, image::RgbImage};
    ///
    /// let config = DcganConfig::tutorial().with_image_size(8).with_ngf(4).with_ndf(4).with_epochs(1);
    /// let trainer = Trainer::new(config.clone(), cpu())?;
    /// let images = vec![RgbImage::new(8, 8); 10];
    /// let training = trainer.prepare(&images)?;
    /// assert_eq!(training.info().steps(), 1);
    /// training.train(TrainState::new(&config, &cpu())?, &mut [])?;
    /// # Ok::<(), ai4fashion_dcgan::Error>(())
    /// ```
    pub fn prepare<'a, S: ImageSource + ?Sized>(&'a self, images: &'a S) -> Result<Training<'a, S>, Error> {
        let info = self.info(images)?;
        Ok(Training {
            distance: SlicedDistance::from_real(&info.real),
            device: &self.device,
            interrupter: &self.interrupter,
            loader: self.loader(),
            images,
            info,
        })
    }

    fn info(&self, images: &(impl ImageSource + ?Sized)) -> Result<RunInfo, Error> {
        let count = images.len().min(self.config.limit.unwrap_or(usize::MAX));
        if count == 0 {
            return Err(ErrorKind::NoImages.into());
        }
        let condition = self.config.condition;
        let labels = || (0..count).map(|index| images.labels(index));
        let mut missing = labels().filter_map(|labels| condition.missing(labels)).peekable();
        if let Some(label) = missing.peek().copied() {
            let count = missing.count();
            return Err(ErrorKind::Unlabeled { label, count }.into());
        }
        let first = &epoch_order(0..count, self.config.seed, 0)[..count.min(SAMPLES)];
        let loader = self.loader();
        let size = self.config.image_size;
        let real = loader.read(images, first)?;
        let real = real.values.chunks_exact(self.config.channels * size * size);
        Ok(RunInfo {
            steps_per_epoch: loader.batches(count),
            fingerprint: images.fingerprint(),
            real: real.map(|values| to_image(values, size, size)).collect(),
            labels: first.iter().map(|index| images.labels(*index)).collect(),
            class_counts: condition.count(labels()),
            ..RunInfo::new(self.config.clone(), count)
        })
    }

    fn loader(&self) -> Loader {
        Loader {
            batch_size: self.config.batch_size,
            image_size: self.config.image_size,
            channels: self.config.channels,
            workers: self.config.workers,
        }
    }
}

#[cfg(test)]
mod tests;
