//! The loop over epochs and batches.

use std::{ops::ControlFlow, time::Instant};

use burn::tensor::{Device, Tensor, TensorData};
use rand_chacha::ChaCha12Rng;

use crate::{
    config::DcganConfig,
    data::{
        image_source::PictureSource,
        labels::Labels,
        loader::{Batch, Loader, epoch_order},
        tensors::{to_picture, to_pictures},
    },
    difference::Difference,
    error::{Error, ErrorKind},
    model::network::{Draw, Judge},
    random::{Stream, normal, rng},
    train::{
        checkpoint::Checkpoint,
        distance::distance,
        interrupter::Stop,
        metrics::{StepLog, StepTime},
        observer::{Observer, Standing},
        run_info::Plan,
        step::TrainState,
    },
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
#[non_exhaustive]
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
        let condition = self.config.condition;
        let labels = || (0..count).map(|index| pictures.labels(index));
        let mut lacks = labels().filter_map(|labels| condition.missing(labels)).peekable();
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
            seen: condition.count(labels()),
        })
    }

    /// Trains on `pictures` from the beginning.
    ///
    /// # Errors
    /// If there are no pictures, one cannot be read, a loss or, at an epoch's end, a weight is NaN or infinite, or an
    /// observer returns an error.
    pub fn fit(
        &self,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer],
    ) -> Result<Trained<crate::model::generator::Generator, crate::model::discriminator::Discriminator>, Error>
    {
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
    ) -> Result<Trained<crate::model::generator::Generator, crate::model::discriminator::Discriminator>, Error>
    {
        let fresh = TrainState::new(&self.config, &self.device)?;
        self.resume_with(fresh, checkpoint, pictures, observers)
    }

    /// The same with networks of your own, which `fresh` holds as they began.
    ///
    /// # Errors
    /// As [`resume`](Self::resume).
    pub fn resume_with<G: Draw, D: Judge>(
        &self,
        fresh: TrainState<G, D>,
        checkpoint: &Checkpoint,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer<G>],
    ) -> Result<Trained<G, D>, Error> {
        unchanged(checkpoint.differences(&self.plan(pictures)?))?;
        self.train(fresh.restore(checkpoint)?, pictures, observers)
    }

    /// Trains `state`, which may hold networks of your own, from where it stands to the last epoch.
    ///
    /// # Errors
    /// As [`fit`](Self::fit); [`ErrorKind::Changed`] if the state was made with other settings, but for epochs and workers;
    /// and if more steps are done than the epochs asked for have.
    pub fn train<G: Draw, D: Judge>(
        &self,
        mut state: TrainState<G, D>,
        pictures: &(impl PictureSource + ?Sized),
        observers: &mut [&mut dyn Observer<G>],
    ) -> Result<Trained<G, D>, Error> {
        unchanged(self.config.differences(state.config()))?;
        let mut plan = self.plan(pictures)?;
        plan.steps_done = state.steps_done();
        let plan = plan;
        if plan.steps_done > plan.steps() {
            let (done, an_epoch) = (plan.steps_done, plan.steps_per_epoch);
            let least = done.div_ceil(an_epoch);
            let legal = format!("at least {least}: {done} steps are done, and an epoch has {an_epoch}");
            return Err(Error::setting("epochs", self.config.epochs, legal));
        }
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
                    observer.on_step(&log, StepTime::new(total, waited))
                })?;
                Ok(if self.stop.is_requested() {
                    ControlFlow::Break(())
                } else {
                    ControlFlow::Continue(())
                })
            })?;
            if !state.is_finite() {
                let steps = state.steps_done();
                return Err(ErrorKind::WeightsNotFinite { steps }.into());
            }
            let sampler = state.sampler();
            let is_whole = state.steps_done() == (epoch + 1) * plan.steps_per_epoch;
            let is_stopped = self.stop.is_requested() && state.steps_done() < plan.steps();
            let samples = if is_whole || is_stopped {
                self.samples(&sampler, &plan)
            } else {
                Vec::new()
            };
            let distance = is_whole.then(|| distance(&samples, &plan.real)).flatten();
            let checkpoint = || state.checkpoint(&plan, distance);
            let standing =
                Standing::new(&plan, state.steps_done(), &sampler, &checkpoint).with_distance(distance);
            if is_whole {
                each(observers, |observer| observer.on_epoch(&standing, &samples))?;
            }
            if is_stopped {
                each(observers, |observer| observer.on_stop(&standing, &samples))?;
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

fn unchanged(differences: Vec<Difference>) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(ErrorKind::Changed { differences }.into())
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
mod tests;
