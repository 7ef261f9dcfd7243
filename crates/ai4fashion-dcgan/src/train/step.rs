//! One training step.

use ai4fashion_kernels::{Adam, moving_average};
use burn::{
    optim::{GradientsAccumulator, GradientsParams},
    tensor::{Tensor, activation::sigmoid},
};

use crate::{
    model::network::{DiscriminatorModel, GeneratorModel},
    objective::{augment::augment, penalty::r1_penalty},
    random::{Stream, rng},
    train::{metrics::Losses, state::TrainState},
};

/// What the discriminator's step leaves for the log and for the generator's step.
struct DiscriminatorStep {
    loss: f32,
    /// Mean probability of the real images.
    real: f32,
    /// Mean probability of the generated images.
    fake: f32,
    /// The generated images, with their gradients.
    generated: Tensor<4>,
}

impl<G: GeneratorModel, D: DiscriminatorModel> TrainState<G, D> {
    /// Sets the learning rates of an epoch, from 0.
    pub fn start_epoch(&mut self, epoch: usize) {
        self.decay = self.config.lr_decay.powf(epoch as f64);
    }

    /// Trains both networks on one batch, as in the tutorial.
    ///
    /// First the discriminator is updated by its loss on `real` with label 1 and on generated
    /// images with label 0; then the generator is updated by the loss of the same generated images
    /// with label 1.
    ///
    /// # Shapes
    /// - `real`: `[batch, channels, size, size]`, in `[-1, 1]`, on the plain or the autodiff device
    /// - `noise`: `[generated, nz, 1, 1]`, standard normal; the tutorial generates as many images
    ///   as are real
    ///
    /// # Panics
    /// If a shape differs from what the networks take, or the networks are conditional.
    #[must_use]
    #[track_caller]
    pub fn step(&mut self, real: Tensor<4>, noise: Tensor<4>) -> Losses {
        self.step_conditional(real, noise, None)
    }

    /// Trains both networks on one batch with the classes of its real images; the generated images
    /// get the same classes.
    ///
    /// # Shapes
    /// - `real`, `noise`: as in [`step`](Self::step), and of equal number with classes
    /// - `classes`: `[batch, classes]`, see [`Condition::one_hot`](crate::Condition::one_hot)
    ///
    /// # Panics
    /// If a shape differs from what the networks take or from the others, `classes` are given to
    /// networks without classes, or are missing for networks with classes.
    #[must_use]
    #[track_caller]
    pub fn step_conditional(
        &mut self,
        real: Tensor<4>,
        noise: Tensor<4>,
        classes: Option<Tensor<2>>,
    ) -> Losses {
        if let Some(classes) = &classes {
            let [real, noise, classes] = [real.dims()[0], noise.dims()[0], classes.dims()[0]];
            assert!(
                real == noise && real == classes,
                "a batch of {real} real images, {noise} noise vectors and the classes of {classes} images"
            );
        }
        let (real, noise, classes) = (tracked(real), tracked(noise), classes.map(tracked));
        let step = self.discriminator_step(real, noise, classes.clone());
        let (loss_g, fake_after) = self.generator_step(step.generated, classes);
        self.update_average();
        self.steps_done += 1;
        Losses::new(step.loss, loss_g).with_probabilities(step.real, [step.fake, fake_after])
    }

    /// Updates the discriminator by its losses on real and on generated images.
    fn discriminator_step(
        &mut self,
        real: Tensor<4>,
        noise: Tensor<4>,
        classes: Option<Tensor<2>>,
    ) -> DiscriminatorStep {
        let loss = self.config.loss;
        // The two passes are normalized and differentiated apart; their gradients are summed.
        let mut gradients = GradientsAccumulator::new();
        let real = self.augmented(real, Stream::AugmentReal);
        let on_real = self.discriminator.discriminate(real.clone(), classes.clone());
        let loss_real = loss.of_real(on_real.clone(), self.config.label_smoothing);
        let penalized = self.penalized(loss_real.clone(), real, classes.clone());
        gradients.accumulate(
            &self.discriminator,
            GradientsParams::from_grads(penalized.backward(), &self.discriminator),
        );
        let generated = self.generator.generate(noise, classes.clone());
        let shown = self.augmented(generated.clone().detach(), Stream::AugmentFake);
        let on_fake = self.discriminator.discriminate(shown, classes);
        let loss_fake = loss.of_fake(on_fake.clone());
        gradients.accumulate(
            &self.discriminator,
            GradientsParams::from_grads(loss_fake.backward(), &self.discriminator),
        );
        let lr = self.config.lr_discriminator() * self.decay;
        let adam = self.adam(lr);
        self.discriminator = self
            .adam_d
            .step(adam, self.discriminator.clone(), gradients.grads());
        DiscriminatorStep {
            loss: value(loss_real) + value(loss_fake),
            real: mean_probability(on_real),
            fake: mean_probability(on_fake),
            generated,
        }
    }

    /// The loss on real images with the gradient penalty, if there is one.
    fn penalized(&self, loss: Tensor<1>, real: Tensor<4>, classes: Option<Tensor<2>>) -> Tensor<1> {
        let gamma = self.config.r1_gamma;
        if gamma <= 0.0 {
            return loss;
        }
        let twice = classes.map(|classes| Tensor::cat(vec![classes.clone(), classes], 0));
        let discriminate = |images| self.discriminator.discriminate(images, twice);
        let noise = &mut rng(self.config.seed, Stream::Penalty, self.steps_done as u64);
        loss + r1_penalty(discriminate, real, gamma, noise)
    }

    /// Updates the generator; returns its loss, and the mean probability of the generated images.
    fn generator_step(&mut self, generated: Tensor<4>, classes: Option<Tensor<2>>) -> (f32, f32) {
        // Nobody uses the gradients of the discriminator's weights here. `freeze` would also
        // switch its batch norm to the running statistics, which the tutorial does not.
        let discriminator = self.discriminator.clone().no_grad();
        let shown = self.augmented(generated, Stream::AugmentAgain);
        let logits = discriminator.discriminate(shown, classes);
        let loss = self.config.loss.of_generator(logits.clone());
        let gradients = GradientsParams::from_grads(loss.backward(), &self.generator);
        let lr = self.config.lr * self.decay;
        let adam = self.adam(lr);
        self.generator = self.adam_g.step(adam, self.generator.clone(), gradients);
        (value(loss), mean_probability(logits))
    }

    /// The settings of Adam: PyTorch's, except for the learning rate and the first decay.
    fn adam(&self, lr: f64) -> Adam {
        Adam::default().with_lr(lr).with_beta1(self.config.beta1)
    }

    /// Moves the averaged generator, if there is one.
    fn update_average(&mut self) {
        if let (Some(decay), Some(before)) = (self.config.ema, self.average.take()) {
            // Young averages forget sooner, or the first weights would be visible for long.
            let age = self.steps_done as f64;
            let decay = decay.min((1.0 + age) / (10.0 + age));
            self.average = Some(moving_average(before, &self.generator.valid(), decay));
        }
    }

    fn augmented(&self, images: Tensor<4>, stream: Stream) -> Tensor<4> {
        let rng = &mut rng(self.config.seed, stream, self.steps_done as u64);
        augment(images, &self.config.augment, rng)
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
