//! One training step.

use burn::{
    module::{ModuleVisitor, Param},
    optim::{GradientsAccumulator, GradientsParams},
    tensor::{Device, Tensor, activation::sigmoid},
};

use crate::{
    config::DcganConfig,
    error::Error,
    model::{
        discriminator::Discriminator,
        ema::average,
        generator::Generator,
        network::{Draw, Judge},
    },
    objective::{augment::augment, penalty::slope_penalty},
    random::{Stream, rng},
    train::{adam::Adam, metrics::StepLosses},
};

/// What a step of training changes: both networks, the averaged generator, and the state of both optimizers.
pub struct TrainState<G = Generator, D = Discriminator> {
    pub(super) config: DcganConfig,
    pub(super) device: Device,
    pub(super) generator: G,
    pub(super) discriminator: D,
    pub(super) average: Option<G>,
    pub(super) adam_g: Adam,
    pub(super) adam_d: Adam,
    pub(super) steps_done: usize,
    pub(super) decay: f64,
}

impl TrainState {
    /// Fresh networks and optimizers on `device`, with automatic differentiation.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        let device = device.clone().autodiff();
        let generator = Generator::new(config, &device)?;
        let discriminator = Discriminator::new(config, &device)?;
        Self::with_networks(config, generator, discriminator, &device)
    }
}

impl<G: Draw, D: Judge> TrainState<G, D> {
    /// Networks of your own, made on `device` with automatic differentiation, and fresh optimizers.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn with_networks(
        config: &DcganConfig,
        generator: G,
        discriminator: D,
        device: &Device,
    ) -> Result<Self, Error> {
        config.validate()?;
        Ok(Self {
            device: device.clone().without_autodiff(),
            average: config.ema.map(|_| generator.valid()),
            generator,
            discriminator,
            adam_g: Adam::new(config.beta1),
            adam_d: Adam::new(config.beta1),
            steps_done: 0,
            decay: 1.0,
            config: config.clone(),
        })
    }

    /// The settings that it was made with.
    #[must_use]
    pub fn config(&self) -> &DcganConfig {
        &self.config
    }

    /// The generator, in training mode.
    #[must_use]
    pub fn generator(&self) -> &G {
        &self.generator
    }

    /// The discriminator, in training mode.
    #[must_use]
    pub fn discriminator(&self) -> &D {
        &self.discriminator
    }

    /// The generator that samples are drawn by, in evaluation mode: the averaged one if there is one.
    #[must_use]
    pub fn sampler(&self) -> G {
        self.average.clone().unwrap_or_else(|| self.generator.valid())
    }

    /// Steps done since the first weights were drawn.
    #[must_use]
    pub fn steps_done(&self) -> usize {
        self.steps_done
    }

    /// Whether all weights and running statistics of both networks are finite.
    #[must_use]
    pub fn is_finite(&self) -> bool {
        let mut search = NotFinite(false);
        self.generator.valid().visit(&mut search);
        self.discriminator.valid().visit(&mut search);
        !search.0
    }

    /// Sets the learning rates of an epoch, from 0.
    pub fn start_epoch(&mut self, epoch: usize) {
        self.decay = self.config.lr_decay.powf(epoch as f64);
    }

    /// One step as in the tutorial: the discriminator's loss on `real` with label 1 and on drawn
    /// pictures with label 0, one update of it; then the generator's loss, the same drawn pictures
    /// with label 1, and one update of it.
    ///
    /// # Shapes
    /// - `real`: `[batch, channels, size, size]`, in `[-1, 1]`, on the plain or the autodiff device
    /// - `noise`: `[drawn, nz, 1, 1]`, standard normal; the tutorial draws as many as there are real ones
    ///
    /// # Panics
    /// If the shapes are not those that the networks take, or they are to be told classes.
    #[must_use]
    #[track_caller]
    pub fn step(&mut self, real: Tensor<4>, noise: Tensor<4>) -> StepLosses {
        self.step_as(real, noise, None)
    }

    /// The same with the classes of the real pictures, which the drawn ones are to have too.
    ///
    /// # Shapes
    /// - `real`, `noise`: as in [`step`](Self::step), and as many of one as of the other where there are classes
    /// - `classes`: `[batch, classes]`, see [`Condition::one_hot`](crate::Condition::one_hot)
    ///
    /// # Panics
    /// If the shapes are not those that the networks take or do not fit each other, or `classes` are given where the
    /// networks have none, or the other way round.
    #[must_use]
    #[track_caller]
    pub fn step_as(&mut self, real: Tensor<4>, noise: Tensor<4>, classes: Option<Tensor<2>>) -> StepLosses {
        if let Some(classes) = &classes {
            let [real, noise, classes] = [real.dims()[0], noise.dims()[0], classes.dims()[0]];
            assert!(
                real == noise && real == classes,
                "a batch of {real} real pictures, {noise} noise vectors and the classes of {classes} pictures"
            );
        }
        let (real, noise, classes) = (tracked(real), tracked(noise), classes.map(tracked));
        let loss = self.config.loss;
        let place = self.steps_done as u64;
        let seed = self.config.seed;
        let seen = |pictures, stream| augment(pictures, &self.config.augment, &mut rng(seed, stream, place));

        // The two passes are normalized and differentiated apart; their gradients are summed.
        let mut gradients = GradientsAccumulator::new();
        let real = seen(real, Stream::AugmentReal);
        let on_real = self.discriminator.judge(real.clone(), classes.clone());
        let loss_real = loss.of_real(on_real.clone(), self.config.label_smoothing);
        let penalized = if self.config.slope_penalty > 0.0 {
            let twice = classes
                .clone()
                .map(|classes| Tensor::cat(vec![classes.clone(), classes], 0));
            let judge = |pictures| self.discriminator.judge(pictures, twice);
            let noise = &mut rng(seed, Stream::Penalty, place);
            loss_real.clone() + slope_penalty(judge, real, self.config.slope_penalty, noise)
        } else {
            loss_real.clone()
        };
        gradients.accumulate(
            &self.discriminator,
            GradientsParams::from_grads(penalized.backward(), &self.discriminator),
        );
        let drawn = self.generator.draw(noise, classes.clone());
        let shown = seen(drawn.clone().detach(), Stream::AugmentDrawn);
        let on_drawn = self.discriminator.judge(shown, classes.clone());
        let loss_drawn = loss.of_drawn(on_drawn.clone());
        gradients.accumulate(
            &self.discriminator,
            GradientsParams::from_grads(loss_drawn.backward(), &self.discriminator),
        );
        let lr_d = self.config.lr_discriminator() * self.decay;
        self.discriminator = self
            .adam_d
            .step(lr_d, self.discriminator.clone(), gradients.grads());

        // Nobody uses the gradients to the discriminator's weights here. `freeze` would also
        // switch its batch norm to the running statistics, which the tutorial does not.
        let judge = self.discriminator.clone().no_grad();
        let again = judge.judge(seen(drawn, Stream::AugmentAgain), classes);
        let loss_g = loss.of_generator(again.clone());
        let gradients = GradientsParams::from_grads(loss_g.backward(), &self.generator);
        let lr_g = self.config.lr * self.decay;
        self.generator = self.adam_g.step(lr_g, self.generator.clone(), gradients);
        if let (Some(decay), Some(before)) = (self.config.ema, self.average.take()) {
            // Young averages forget sooner, or the first weights would be seen for long.
            let age = self.steps_done as f64;
            let decay = decay.min((1.0 + age) / (10.0 + age));
            self.average = Some(average(before, &self.generator.valid(), decay));
        }
        self.steps_done += 1;

        let drawn = [on_drawn, again].map(mean_probability);
        StepLosses::new(value(loss_real) + value(loss_drawn), value(loss_g))
            .with_probabilities(mean_probability(on_real), drawn)
    }
}

impl<G, D> std::fmt::Debug for TrainState<G, D> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrainState")
            .field("config", &self.config)
            .field("steps_done", &self.steps_done)
            .finish_non_exhaustive()
    }
}

/// Whether a tensor was met that holds NaN or infinity.
struct NotFinite(bool);

impl ModuleVisitor for NotFinite {
    fn visit_float<const R: usize>(&mut self, param: &Param<Tensor<R>>) {
        // One that is not finite makes the sum so, too.
        self.0 |= !param.val().sum().into_scalar::<f32>().is_finite();
    }
}

fn tracked<const R: usize>(tensor: Tensor<R>) -> Tensor<R> {
    if tensor.device().is_autodiff() {
        tensor
    } else {
        Tensor::from_inner(tensor)
    }
}

fn value(scalar: Tensor<1>) -> f32 {
    scalar.into_scalar::<f32>()
}

fn mean_probability(logits: Tensor<1>) -> f32 {
    value(sigmoid(logits.inner()).mean())
}

#[cfg(test)]
mod tests;
