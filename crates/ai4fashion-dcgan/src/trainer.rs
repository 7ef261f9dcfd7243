//! The loop over epochs and batches.

use burn::{
    module::Module,
    tensor::{Device, Tensor, TensorData},
};
use rand_chacha::ChaCha12Rng;

use crate::{
    DcganConfig, EpochEnd, Error, ErrorKind, Generator, Observer, PictureSource, Plan, StepLog, TrainState,
    loader::{Batch, Loader, epoch_order},
    networks::CHANNELS,
    pictures::{to_picture, to_pictures},
    random::{Stream, normal, rng},
};

/// Pictures of a grid, as in the tutorial.
const GRID: usize = 64;

/// Trains a DCGAN.
///
/// The trainer prints and writes nothing: [`Observer`]s do. The same seed, pictures, device and
/// number of threads give the same weights and losses.
#[derive(Clone, Debug)]
pub struct Trainer {
    config: DcganConfig,
    device: Device,
}

impl Trainer {
    /// A trainer of these settings on `device`.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: DcganConfig, device: Device) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self {
            config,
            device: device.without_autodiff(),
        })
    }

    /// What a run on `pictures` would be, without training.
    ///
    /// # Errors
    /// If there are no pictures, or the first ones cannot be read.
    pub fn plan(&self, pictures: &(impl PictureSource + ?Sized)) -> Result<Plan, Error> {
        let count = pictures.len().min(self.config.limit.unwrap_or(usize::MAX));
        if count == 0 {
            return Err(ErrorKind::NoPictures.into());
        }
        let loader = self.loader();
        let order = epoch_order(0..count, self.config.seed, 0);
        let first = loader.read(pictures, &order[..count.min(GRID)])?;
        let size = self.config.image_size;
        let real = first.values.chunks_exact(CHANNELS * size * size);
        Ok(Plan {
            config: self.config.clone(),
            pictures: count,
            steps_per_epoch: loader.batches(count),
            real: real.map(|values| to_picture(values, size, size)).collect(),
        })
    }

    /// Trains on `pictures` from the beginning and returns the trained networks.
    ///
    /// # Errors
    /// If there are no pictures, one cannot be read, a loss becomes NaN or infinite, or an
    /// observer returns an error.
    pub fn fit(
        &self,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer],
    ) -> Result<TrainState, Error> {
        let plan = self.plan(pictures)?;
        let mut state = TrainState::new(&self.config, &self.device)?;
        each(observers, |observer| observer.on_start(&plan))?;
        for epoch in 0..self.config.epochs {
            let order = epoch_order(0..plan.pictures, self.config.seed, epoch);
            self.loader().for_each(pictures, &order, |batch, real| {
                let step = epoch * plan.steps_per_epoch + batch;
                let noise = self.noise(real.len, rng(self.config.seed, Stream::Noise, step as u64));
                let losses = state.step(self.tensor(real), noise);
                let log = StepLog::new(&plan, epoch, batch, losses);
                finite(&log)?;
                each(observers, |observer| observer.on_step(&log))
            })?;
            let (generator, discriminator) = (state.generator().valid(), state.discriminator().valid());
            let samples = self.samples(&generator);
            let end = EpochEnd {
                epoch,
                epochs: self.config.epochs,
                steps_done: (epoch + 1) * plan.steps_per_epoch,
                generator: &generator,
                discriminator: &discriminator,
                samples: &samples,
            };
            each(observers, |observer| observer.on_epoch(&end))?;
        }
        Ok(state)
    }

    fn loader(&self) -> Loader {
        Loader {
            batch_size: self.config.batch_size,
            image_size: self.config.image_size,
            workers: self.config.workers,
        }
    }

    fn tensor(&self, batch: Batch) -> Tensor<4> {
        let size = self.config.image_size;
        let data = TensorData::new(batch.values, [batch.len, CHANNELS, size, size]);
        Tensor::from_data(data, &self.device)
    }

    fn noise(&self, count: usize, mut rng: ChaCha12Rng) -> Tensor<4> {
        let values = normal(&mut rng, count * self.config.nz, 0.0, 1.0);
        Tensor::from_data(
            TensorData::new(values, [count, self.config.nz, 1, 1]),
            &self.device,
        )
    }

    fn samples(&self, generator: &Generator) -> Vec<image::RgbImage> {
        to_pictures(generator.forward(self.noise(GRID, rng(self.config.seed, Stream::FixedNoise, 0))))
    }
}

fn each(
    observers: &mut [&mut dyn Observer],
    mut tell: impl FnMut(&mut dyn Observer) -> Result<(), Error>,
) -> Result<(), Error> {
    observers.iter_mut().try_for_each(|observer| tell(*observer))
}

fn finite(log: &StepLog) -> Result<(), Error> {
    for (network, value) in [("discriminator", log.loss_d), ("generator", log.loss_g)] {
        if !value.is_finite() {
            let (epoch, step) = (log.epoch, log.step);
            return Err(ErrorKind::NotFinite {
                network,
                value,
                epoch,
                step,
            }
            .into());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use image::RgbImage;

    use super::*;
    use crate::layers::tests::{device, on_each_device};

    fn config() -> DcganConfig {
        DcganConfig::tutorial()
            .with_image_size(8)
            .with_nz(4)
            .with_ngf(4)
            .with_ndf(4)
            .with_batch_size(4)
            .with_epochs(2)
    }

    fn pictures() -> Vec<RgbImage> {
        (0..10_u8)
            .map(|i| RgbImage::from_fn(8, 8, |x, y| image::Rgb([i * 20, x as u8 * 30, y as u8 * 30])))
            .collect()
    }

    #[derive(Default)]
    struct Seen {
        steps: Vec<StepLog>,
        samples: Vec<Vec<RgbImage>>,
    }

    impl Observer for Seen {
        fn on_step(&mut self, step: &StepLog) -> Result<(), Error> {
            self.steps.push(step.clone());
            Ok(())
        }

        fn on_epoch(&mut self, end: &EpochEnd<'_>) -> Result<(), Error> {
            assert_eq!(end.steps_done, self.steps.len());
            self.samples.push(end.samples.to_vec());
            Ok(())
        }
    }

    fn run(config: DcganConfig) -> Seen {
        let mut seen = Seen::default();
        Trainer::new(config, device())
            .unwrap()
            .fit(&pictures()[..], &mut [&mut seen])
            .unwrap();
        seen
    }

    #[test]
    fn every_batch_of_every_epoch_is_one_step() {
        on_each_device(|| {
            let seen = run(config());
            let places: Vec<_> = seen.steps.iter().map(|s| (s.epoch, s.batch, s.step)).collect();
            assert_eq!(
                places,
                [(0, 0, 0), (0, 1, 1), (0, 2, 2), (1, 0, 3), (1, 1, 4), (1, 2, 5)]
            );
            assert!(seen.samples.iter().all(|samples| samples.len() == 64));
            assert_ne!(seen.samples[0], seen.samples[1]);
        });
    }

    #[test]
    fn same_seed_gives_the_same_run_for_any_number_of_workers() {
        on_each_device(|| {
            let (one, two) = (run(config().with_workers(1)), run(config().with_workers(3)));
            assert_eq!(one.steps, two.steps);
            assert_eq!(one.samples, two.samples);
            assert_ne!(one.steps, run(config().with_seed(1)).steps);
        });
    }

    #[test]
    fn limit_takes_the_first_pictures_only() {
        on_each_device(|| {
            let trainer = Trainer::new(config().with_limit(Some(5)), device()).unwrap();
            let plan = trainer.plan(&pictures()[..]).unwrap();
            assert_eq!((plan.pictures, plan.steps_per_epoch, plan.real.len()), (5, 2, 5));
        });
    }

    #[test]
    fn no_pictures_is_an_error() {
        on_each_device(|| {
            let trainer = Trainer::new(config(), device()).unwrap();
            let none: &[RgbImage] = &[];
            assert!(matches!(
                trainer.plan(none).unwrap_err().kind(),
                ErrorKind::NoPictures
            ));
        });
    }

    #[test]
    fn loss_that_is_not_finite_ends_the_run_and_names_the_step() {
        on_each_device(|| {
            let trainer = Trainer::new(config().with_lr(1e30).with_epochs(30), device()).unwrap();
            let mut seen = Seen::default();
            let error = trainer.fit(&pictures()[..], &mut [&mut seen]).unwrap_err();
            let ErrorKind::NotFinite { step, .. } = *error.kind() else {
                panic!("{error}")
            };
            assert_eq!(step, seen.steps.len());
        });
    }
}
