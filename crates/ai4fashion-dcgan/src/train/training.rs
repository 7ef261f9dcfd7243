//! The loop over epochs and batches.

use std::{fmt, ops::ControlFlow, str::FromStr, time::Instant};

use burn::tensor::Device;

use crate::{
    data::{
        image_source::ImageSource,
        labels::Labels,
        loader::{Batch, Loader, epoch_order},
    },
    difference::Difference,
    error::{Error, ErrorKind},
    model::network::{DiscriminatorModel, GeneratorModel},
    train::{
        checkpoint::Checkpoint,
        distance::SlicedDistance,
        epoch_end::EpochEnd,
        inputs::Inputs,
        interrupter::Interrupter,
        metrics::{StepMetrics, StepTiming},
        observer::Observer,
        run_info::RunInfo,
        state::TrainState,
    },
};

/// Why a training run ended.
///
/// ```
/// use ai4fashion_dcgan::train::StopReason;
///
/// assert_eq!("finished".parse::<StopReason>()?, StopReason::Finished);
/// # Ok::<(), ai4fashion_dcgan::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// All epochs are done.
    Finished,
    /// An [`Interrupter`] stopped it; it can be resumed from the checkpoint that observers were
    /// given.
    Interrupted,
}

impl StopReason {
    /// All reasons.
    pub const ALL: [Self; 2] = [Self::Finished, Self::Interrupted];

    /// The name: `"finished"` or `"interrupted"`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for StopReason {
    type Err = Error;

    /// # Errors
    /// [`ErrorKind::Setting`] for anything but `finished` and `interrupted`.
    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|reason| reason.as_str() == name);
        known.ok_or_else(|| Error::setting("stop_reason", name, "finished or interrupted"))
    }
}

/// The result of a training run.
#[derive(Debug)]
#[non_exhaustive]
pub struct TrainOutput<G, D> {
    /// Networks and optimizers.
    pub state: TrainState<G, D>,
    /// Why the training ended.
    pub stop_reason: StopReason,
}

/// A training run that is about to begin: settings, and images that were checked.
///
/// [`Trainer::prepare`](crate::Trainer::prepare) makes it.
pub struct Training<'a, S: ?Sized> {
    pub(super) device: &'a Device,
    pub(super) interrupter: &'a Interrupter,
    pub(super) loader: Loader,
    pub(super) images: &'a S,
    pub(super) info: RunInfo,
    pub(super) distance: SlicedDistance,
}

impl<S: ?Sized> fmt::Debug for Training<'_, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Training")
            .field("info", &self.info)
            .finish_non_exhaustive()
    }
}

impl<S: ImageSource + ?Sized> Training<'_, S> {
    /// Facts of the run, such as its number of steps.
    #[must_use]
    pub fn info(&self) -> &RunInfo {
        &self.info
    }

    /// Resumes the run of `checkpoint` with networks of your own; `new` holds them as they were
    /// created.
    ///
    /// # Errors
    /// As [`Trainer::resume`](crate::Trainer::resume).
    pub fn resume<G: GeneratorModel, D: DiscriminatorModel>(
        self,
        new: TrainState<G, D>,
        checkpoint: &Checkpoint,
        observers: &mut [&mut dyn Observer<G>],
    ) -> Result<TrainOutput<G, D>, Error> {
        check_unchanged(checkpoint.differences(&self.info))?;
        self.train(new.restore(checkpoint)?, observers)
    }

    /// Trains `state`, which may hold networks of your own, from its step to the last epoch.
    ///
    /// # Errors
    /// As [`Trainer::fit`](crate::Trainer::fit); [`ErrorKind::Changed`] if the state was made with
    /// other settings, except for epochs and workers; and if the state has more steps than all
    /// epochs have.
    pub fn train<G: GeneratorModel, D: DiscriminatorModel>(
        mut self,
        mut state: TrainState<G, D>,
        observers: &mut [&mut dyn Observer<G>],
    ) -> Result<TrainOutput<G, D>, Error> {
        check_unchanged(self.info.config.differences(state.config()))?;
        self.info.steps_done = state.steps_done();
        check_steps(&self.info)?;
        each(observers, |observer| observer.on_start(&self.info))?;
        let mut last_end = Instant::now();
        for epoch in state.steps_done() / self.info.steps_per_epoch..self.info.config.epochs {
            self.train_epoch(&mut state, epoch, observers, &mut last_end)?;
            check_weights(&state, epoch)?;
            let is_whole = state.steps_done() == (epoch + 1) * self.info.steps_per_epoch;
            let is_stopped = self.interrupter.should_stop() && state.steps_done() < self.info.steps();
            if is_whole || is_stopped {
                self.end_epoch(&state, [is_whole, is_stopped], observers)?;
            }
            if is_stopped {
                let stop_reason = StopReason::Interrupted;
                return Ok(TrainOutput { state, stop_reason });
            }
        }
        let stop_reason = StopReason::Finished;
        Ok(TrainOutput { state, stop_reason })
    }

    /// Trains the rest of an epoch, until it is interrupted.
    fn train_epoch<G: GeneratorModel, D: DiscriminatorModel>(
        &self,
        state: &mut TrainState<G, D>,
        epoch: usize,
        observers: &mut [&mut dyn Observer<G>],
        last_end: &mut Instant,
    ) -> Result<(), Error> {
        state.start_epoch(epoch);
        let first = state.steps_done() % self.info.steps_per_epoch;
        let order = epoch_order(0..self.info.images, self.info.config.seed, epoch);
        self.loader.for_each(self.images, &order, first, |place, batch| {
            let waited = batch.waited;
            let step = self.train_step(state, [epoch, place], batch)?;
            let timing = StepTiming::new(last_end.elapsed(), waited);
            *last_end = Instant::now();
            each(observers, |observer| observer.on_step(&step, timing))?;
            Ok(match self.interrupter.should_stop() {
                true => ControlFlow::Break(()),
                false => ControlFlow::Continue(()),
            })
        })
    }

    /// Trains on one batch.
    fn train_step<G: GeneratorModel, D: DiscriminatorModel>(
        &self,
        state: &mut TrainState<G, D>,
        [epoch, place]: [usize; 2],
        batch: Batch,
    ) -> Result<StepMetrics, Error> {
        let inputs = self.inputs();
        let indices = batch.indices.iter();
        let labels: Vec<Labels> = indices.map(|index| self.images.labels(*index)).collect();
        let classes = inputs.classes(&labels);
        let noise = inputs.noise(labels.len(), epoch * self.info.steps_per_epoch + place);
        let losses = state.step_conditional(inputs.images(batch), noise, classes);
        let metrics = StepMetrics::new(&self.info, epoch, place, losses);
        check_losses(&metrics)?;
        Ok(metrics)
    }

    /// Generates samples, and tells observers that the epoch is whole, or the training stopped, or
    /// both.
    fn end_epoch<G: GeneratorModel, D: DiscriminatorModel>(
        &self,
        state: &TrainState<G, D>,
        [is_whole, is_stopped]: [bool; 2],
        observers: &mut [&mut dyn Observer<G>],
    ) -> Result<(), Error> {
        let sampler = state.sampler();
        let samples = self.inputs().samples(&sampler, &self.info.labels);
        let distance = is_whole.then(|| self.distance.of(&samples)).flatten();
        let checkpoint = || state.checkpoint(&self.info, distance);
        let end =
            EpochEnd::new(&self.info, state.steps_done(), &sampler, &checkpoint).with_distance(distance);
        if is_whole {
            each(observers, |observer| observer.on_epoch(&end, &samples))?;
        }
        if is_stopped {
            each(observers, |observer| observer.on_stop(&end, &samples))?;
        }
        Ok(())
    }

    fn inputs(&self) -> Inputs<'_> {
        Inputs {
            config: &self.info.config,
            device: self.device,
        }
    }
}

fn each<G>(
    observers: &mut [&mut dyn Observer<G>],
    mut tell: impl FnMut(&mut dyn Observer<G>) -> Result<(), Error>,
) -> Result<(), Error> {
    observers.iter_mut().try_for_each(|observer| tell(*observer))
}

fn check_unchanged(differences: Vec<Difference>) -> Result<(), Error> {
    if differences.is_empty() {
        return Ok(());
    }
    Err(ErrorKind::Changed { differences }.into())
}

fn check_steps(info: &RunInfo) -> Result<(), Error> {
    let (done, in_epoch) = (info.steps_done, info.steps_per_epoch);
    if done <= info.steps() {
        return Ok(());
    }
    let least = done.div_ceil(in_epoch);
    let legal = format!("at least {least}: {done} steps are done, and an epoch has {in_epoch}");
    Err(Error::setting("epochs", info.config.epochs, legal))
}

fn check_losses(metrics: &StepMetrics) -> Result<(), Error> {
    let (epoch, step) = (metrics.epoch, metrics.step);
    for (what, value) in [
        ("loss of the discriminator", metrics.loss_d),
        ("loss of the generator", metrics.loss_g),
    ] {
        if !value.is_finite() {
            return Err(ErrorKind::NotFinite {
                what,
                value,
                epoch,
                step,
            }
            .into());
        }
    }
    Ok(())
}

fn check_weights<G: GeneratorModel, D: DiscriminatorModel>(
    state: &TrainState<G, D>,
    epoch: usize,
) -> Result<(), Error> {
    if state.is_finite() {
        return Ok(());
    }
    let (what, value, step) = (
        "sum of the weights",
        f32::NAN,
        state.steps_done().saturating_sub(1),
    );
    Err(ErrorKind::NotFinite {
        what,
        value,
        epoch,
        step,
    }
    .into())
}
