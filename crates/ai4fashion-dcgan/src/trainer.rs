//! The loop over epochs and batches.

use std::{ops::ControlFlow, time::Instant};

use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha12Rng;

use crate::{
    Checkpoint, DcganConfig, Draw, Error, ErrorKind, Judge, Labels, Observer, PictureSource, Plan, Standing,
    StepLog, StepTime, Stop, TrainState,
    distance::distance,
    loader::{Batch, Loader, epoch_order},
    pictures::{to_picture, to_pictures},
    random::{Stream, normal, rng},
};

/// Pictures of a grid, as in the tutorial.
pub(crate) const GRID: usize = 64;

/// Trains a DCGAN.
///
/// The trainer prints and writes nothing: [`Observer`]s do. The same seed, pictures, device and
/// number of threads give the same weights and losses, in one sitting or in several.
#[derive(Clone, Debug)]
pub struct Trainer {
    config: DcganConfig,
    device: Device,
    stop: Stop,
}

/// How a training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// All epochs are done.
    Finished,
    /// It was asked to [`Stop`], and can go on from the checkpoint that the observers were handed.
    Stopped,
}

/// What a training leaves behind.
#[derive(Debug)]
#[non_exhaustive]
pub struct Trained<G, D> {
    /// Networks and optimizers.
    pub state: TrainState<G, D>,
    /// How it ended.
    pub ended: Ended,
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
            stop: Stop::new(),
        })
    }

    /// Ends the training early when `stop` is requested.
    #[must_use]
    pub fn with_stop(mut self, stop: Stop) -> Self {
        self.stop = stop;
        self
    }

    /// What a run on `pictures` would be, without training.
    ///
    /// # Errors
    /// If there are no pictures, one lacks a label that the condition needs, or the first ones cannot be read.
    pub fn plan(&self, pictures: &(impl PictureSource + ?Sized)) -> Result<Plan, Error> {
        let count = pictures.len().min(self.config.limit.unwrap_or(usize::MAX));
        if count == 0 {
            return Err(ErrorKind::NoPictures.into());
        }
        let lacking = |index: usize| self.config.condition.missing(pictures.labels(index));
        let mut lacks = (0..count).filter_map(lacking).peekable();
        if let Some(what) = lacks.peek().copied() {
            let count = lacks.count();
            return Err(ErrorKind::Unlabelled { what, count }.into());
        }
        let loader = self.loader();
        let first = &epoch_order(0..count, self.config.seed, 0)[..count.min(GRID)];
        let size = self.config.image_size;
        let real = loader.read(pictures, first)?;
        let real = real.values.chunks_exact(self.config.channels * size * size);
        Ok(Plan {
            config: self.config.clone(),
            pictures: count,
            steps_per_epoch: loader.batches(count),
            steps_done: 0,
            data: pictures.fingerprint(),
            real: real.map(|values| to_picture(values, size, size)).collect(),
            labels: first.iter().map(|index| pictures.labels(*index)).collect(),
        })
    }

    /// Trains on `pictures` from the beginning.
    ///
    /// # Errors
    /// If there are no pictures, one cannot be read, a loss becomes NaN or infinite, or an
    /// observer returns an error.
    pub fn fit(
        &self,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer],
    ) -> Result<Trained<crate::Generator, crate::Discriminator>, Error> {
        self.train(TrainState::new(&self.config, &self.device)?, pictures, observers)
    }

    /// Goes on with the run that `checkpoint` is of, as if it had never been interrupted.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); and [`ErrorKind::Changed`] if the settings or the pictures are others than the run's, but for
    /// the number of epochs and of workers. To go on all the same, [`train`](Self::train) a state that was
    /// [restored](TrainState::restore).
    pub fn resume(
        &self,
        checkpoint: &Checkpoint,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer],
    ) -> Result<Trained<crate::Generator, crate::Discriminator>, Error> {
        let differences = checkpoint.differences(&self.plan(pictures)?);
        if !differences.is_empty() {
            return Err(ErrorKind::Changed { differences }.into());
        }
        let state = TrainState::new(&self.config, &self.device)?.restore(checkpoint)?;
        self.train(state, pictures, observers)
    }

    /// Trains `state`, which may hold networks of your own, from where it stands to the last epoch.
    ///
    /// # Errors
    /// As [`fit`](Self::fit).
    pub fn train<G: Draw, D: Judge>(
        &self,
        mut state: TrainState<G, D>,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer<G>],
    ) -> Result<Trained<G, D>, Error> {
        let mut plan = self.plan(pictures)?;
        plan.steps_done = state.steps_done();
        let plan = plan;
        each(observers, |observer| observer.on_start(&plan))?;
        let mut last = Instant::now();
        for epoch in state.steps_done() / plan.steps_per_epoch..self.config.epochs {
            state.start_epoch(epoch);
            let first = state.steps_done() % plan.steps_per_epoch;
            let order = epoch_order(0..plan.pictures, self.config.seed, epoch);
            self.loader().for_each(pictures, &order, first, |place, batch| {
                let waited = batch.waited;
                let labels: Vec<Labels> = batch
                    .indices
                    .iter()
                    .map(|index| pictures.labels(*index))
                    .collect();
                let classes = self.config.condition.one_hot(&labels, &self.device);
                let step = epoch * plan.steps_per_epoch + place;
                let noise = self.noise(labels.len(), rng(self.config.seed, Stream::Noise, step as u64));
                let losses = state.step_as(self.tensor(batch), noise, classes);
                let log = StepLog::new(&plan, epoch, place, losses);
                finite(&log)?;
                let total = last.elapsed();
                last = Instant::now();
                each(observers, |observer| {
                    observer.on_step(&log, StepTime { total, waited })
                })?;
                Ok(if self.stop.is_requested() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            let sampler = state.sampler();
            let is_whole = state.steps_done() == (epoch + 1) * plan.steps_per_epoch;
            let samples = if is_whole {
                self.samples(&sampler, &plan)
            } else {
                Vec::new()
            };
            if is_whole {
                state.distance = distance(&samples, &plan.real);
            }
            let standing = Standing {
                epochs_done: state.steps_done() / plan.steps_per_epoch,
                epochs: self.config.epochs,
                steps_done: state.steps_done(),
                generator: &sampler,
                distance: state.distance,
                checkpoint: &|| Checkpoint::of(&plan, &state),
            };
            if is_whole {
                each(observers, |observer| observer.on_epoch(&standing, &samples))?;
            }
            if self.stop.is_requested() && state.steps_done() < plan.steps() {
                each(observers, |observer| observer.on_stop(&standing))?;
                let ended = Ended::Stopped;
                return Ok(Trained { state, ended });
            }
        }
        let ended = Ended::Finished;
        Ok(Trained { state, ended })
    }

    fn loader(&self) -> Loader {
        Loader {
            batch_size: self.config.batch_size,
            image_size: self.config.image_size,
            channels: self.config.channels,
            workers: self.config.workers,
        }
    }

    fn tensor(&self, batch: Batch) -> Tensor<4> {
        let size = self.config.image_size;
        let shape = [batch.indices.len(), self.config.channels, size, size];
        Tensor::from_data(TensorData::new(batch.values, shape), &self.device)
    }

    fn noise(&self, count: usize, mut rng: ChaCha12Rng) -> Tensor<4> {
        let values = normal(&mut rng, count * self.config.nz, 0.0, 1.0);
        Tensor::from_data(
            TensorData::new(values, [count, self.config.nz, 1, 1]),
            &self.device,
        )
    }

    /// Pictures from the fixed noise; of a condition those of the real pictures that are shown beside them.
    fn samples(&self, generator: &impl Draw, plan: &Plan) -> Vec<image::RgbImage> {
        let labels: Vec<Labels> = plan.labels.iter().copied().cycle().take(GRID).collect();
        let classes = self.config.condition.one_hot(&labels, &self.device);
        let noise = self.noise(GRID, rng(self.config.seed, Stream::FixedNoise, 0));
        to_pictures(generator.draw(noise, classes))
    }
}

fn each<G>(
    observers: &mut [&mut dyn Observer<G>],
    mut tell: impl FnMut(&mut dyn Observer<G>) -> Result<(), Error>,
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
    use crate::{
        Augment, Loss,
        layers::tests::{device, on_each_device},
    };

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
        fn on_step(&mut self, step: &StepLog, time: StepTime) -> Result<(), Error> {
            assert!(time.waited <= time.total);
            self.steps.push(step.clone());
            Ok(())
        }

        fn on_epoch(&mut self, standing: &Standing<'_>, samples: &[RgbImage]) -> Result<(), Error> {
            assert_eq!(standing.steps_done, self.steps.len());
            assert!(standing.distance.is_some());
            self.samples.push(samples.to_vec());
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

    /// Asks for a stop after a number of steps and keeps the checkpoint.
    struct StopAfter(usize, Stop, Option<Checkpoint>);

    impl Observer for StopAfter {
        fn on_step(&mut self, step: &StepLog, _: StepTime) -> Result<(), Error> {
            if step.step + 1 == self.0 {
                self.1.request();
            }
            Ok(())
        }

        fn on_stop(&mut self, standing: &Standing<'_>) -> Result<(), Error> {
            assert_eq!((standing.steps_done, standing.epochs_done), (self.0, self.0 / 3));
            self.2 = Some(standing.checkpoint()?);
            Ok(())
        }
    }

    /// Many options at once.
    fn all_options() -> DcganConfig {
        config()
            .with_lr_decay(0.7)
            .with_lr_discriminator(Some(0.001))
            .with_ema(Some(0.9))
            .with_label_smoothing(0.1)
            .with_augment(Augment::ALL.to_vec())
            .with_slope_penalty(1.0)
    }

    #[test]
    fn training_in_two_sittings_is_the_same_as_in_one() {
        on_each_device(|| {
            let hinge = config()
                .with_loss(Loss::Hinge)
                .with_spectral_norm(true)
                .with_slope_penalty(1.0)
                .with_channels(1);
            for config in [config(), all_options(), hinge] {
                let config = config.with_epochs(3);
                let whole = run(config.clone());
                // At the end of an epoch, and in the middle of one.
                for stop_after in [3, 4] {
                    let stop = Stop::new();
                    let mut seen = Seen::default();
                    let mut stopping = StopAfter(stop_after, stop.clone(), None);
                    let trainer = Trainer::new(config.clone(), device()).unwrap();
                    let trained = trainer
                        .clone()
                        .with_stop(stop)
                        .fit(&pictures()[..], &mut [&mut seen, &mut stopping])
                        .unwrap();
                    assert_eq!((trained.ended, seen.steps.len()), (Ended::Stopped, stop_after));
                    let checkpoint = stopping.2.unwrap();
                    let trained = trainer
                        .resume(&checkpoint, &pictures()[..], &mut [&mut seen])
                        .unwrap();
                    assert_eq!(trained.ended, Ended::Finished);
                    assert_eq!(seen.steps, whole.steps, "stopped after {stop_after}");
                    assert_eq!(seen.samples, whole.samples, "stopped after {stop_after}");
                }
            }
        });
    }

    #[test]
    fn finished_training_can_be_extended() {
        on_each_device(|| {
            let mut stopping = StopAfter(3, Stop::new(), None);
            let trainer = Trainer::new(config().with_epochs(3), device()).unwrap();
            let whole = run(config().with_epochs(3));
            let short = Trainer::new(config().with_epochs(1), device()).unwrap();
            let trained = short.fit(&pictures()[..], &mut [&mut stopping]).unwrap();
            assert_eq!(trained.ended, Ended::Finished);
            let plan = short.plan(&pictures()[..]).unwrap();
            let checkpoint = Checkpoint::of(&plan, &trained.state).unwrap();
            let mut seen = Seen {
                steps: whole.steps[..3].to_vec(),
                samples: whole.samples[..1].to_vec(),
            };
            trainer
                .resume(&checkpoint, &pictures()[..], &mut [&mut seen])
                .unwrap();
            assert_eq!((seen.steps, seen.samples), (whole.steps, whole.samples));
            // Nothing is left to do.
            let again = short.resume(&checkpoint, &pictures()[..], &mut []).unwrap();
            assert_eq!(again.ended, Ended::Finished);
        });
    }

    #[test]
    fn other_settings_and_pictures_are_refused_with_the_difference() {
        on_each_device(|| {
            let trainer = Trainer::new(config().with_epochs(1), device()).unwrap();
            let trained = trainer.fit(&pictures()[..], &mut []).unwrap();
            let plan = trainer.plan(&pictures()[..]).unwrap();
            let checkpoint = Checkpoint::of(&plan, &trained.state).unwrap();
            let refused = |config: DcganConfig, pictures: &[RgbImage]| {
                let trainer = Trainer::new(config, device()).unwrap();
                trainer
                    .resume(&checkpoint, pictures, &mut [])
                    .unwrap_err()
                    .to_string()
            };
            let error = refused(config().with_lr(0.1), &pictures());
            assert!(error.contains("lr was 0.0002 and is 0.1 now"), "{error}");
            let error = refused(config(), &pictures()[1..]);
            assert!(
                error.contains("pictures of the data set was 10 and is 9 now"),
                "{error}"
            );
            let mut changed = pictures();
            changed[3].put_pixel(0, 0, image::Rgb([9; 3]));
            let error = refused(config(), &changed);
            assert!(error.contains("hash of the data set was"), "{error}");
        });
    }

    /// Pictures of two colours, labelled.
    struct Colors(usize);

    impl PictureSource for Colors {
        fn len(&self) -> usize {
            10
        }

        fn picture(&self, index: usize) -> Result<RgbImage, Error> {
            let color = if index.is_multiple_of(2) {
                [220, 20, 20]
            } else {
                [20, 20, 220]
            };
            Ok(RgbImage::from_pixel(8, 8, image::Rgb(color)))
        }

        fn labels(&self, index: usize) -> Labels {
            use ai4fashion_dataset::BasicColor::{Blue, Red};
            if index < self.0 {
                return Labels::default();
            }
            Labels::default().with_color(if index.is_multiple_of(2) { Red } else { Blue })
        }
    }

    #[test]
    fn conditional_generator_draws_the_color_that_is_asked_for() {
        on_each_device(|| {
            let config = config()
                .with_condition(crate::Condition::Color)
                .with_nz(2)
                .with_ngf(8)
                .with_ndf(8)
                .with_lr(0.002)
                .with_epochs(40);
            let trainer = Trainer::new(config, device()).unwrap();
            let state = trainer.fit(&Colors(0), &mut []).unwrap().state;
            let plan = trainer.plan(&Colors(0)).unwrap();
            let samples = trainer.samples(&state.sampler(), &plan);
            let right = samples
                .iter()
                .zip(plan.labels.iter().cycle())
                .filter(|(sample, labels)| {
                    let sum = |channel: usize| {
                        sample
                            .pixels()
                            .map(|pixel| u32::from(pixel.0[channel]))
                            .sum::<u32>()
                    };
                    let is_red = labels.color == Some(ai4fashion_dataset::BasicColor::Red);
                    is_red == (sum(0) > sum(2))
                });
            let right = right.count();
            assert!(right > 60, "{right} of {}", samples.len());
        });
    }

    #[test]
    fn pictures_without_the_label_that_is_needed_are_counted() {
        on_each_device(|| {
            let trainer = Trainer::new(config().with_condition(crate::Condition::Color), device()).unwrap();
            let error = trainer.plan(&Colors(3)).unwrap_err();
            assert!(
                matches!(
                    error.kind(),
                    ErrorKind::Unlabelled {
                        what: "color",
                        count: 3
                    }
                ),
                "{error}"
            );
        });
    }
}
