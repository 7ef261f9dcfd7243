//! One training step.

mod discriminator;

use ai4fashion_kernels::optim::{Adam, moving_average};
use burn::{
    optim::GradientsParams,
    tensor::{Tensor, activation::sigmoid},
};

use crate::{
    model::network::{DiscriminatorModel, GeneratorModel},
    objective::{
        augment::augment,
        loss::{Loss, relativistic::relativistic},
    },
    random::{Stream, rng},
    train::{metrics::Losses, state::TrainState},
};

impl<G: GeneratorModel, D: DiscriminatorModel> TrainState<G, D> {
    /// Sets the learning rates of an epoch, from 0.
    pub fn start_epoch(&mut self, epoch: usize) {
        self.decay = self.config.lr_decay.powf(epoch as f64);
    }

    /// Trains both networks on one batch, as in the tutorial.
    ///
    /// First the discriminator is updated by its loss on `real` with label 1 and on generated
    /// images with label 0; then the generator is updated by the loss of the same generated images
    /// with label 1. With [`Loss::Relativistic`] each real image is paired with the generated one
    /// at its place, in both updates.
    ///
    /// # Shapes
    /// - `real`: `[batch, channels, size, size]`, in `[-1, 1]`, on the plain or the autodiff device
    /// - `noise`: `[generated, nz, 1, 1]`, standard normal; the tutorial generates as many images
    ///   as are real
    ///
    /// # Panics
    /// If a shape differs from what the networks take, the networks are conditional, or the loss
    /// is the relativistic one and `real` and `noise` are not of equal number.
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
        if self.config.loss == Loss::Relativistic {
            let [real, noise] = [real.dims()[0], noise.dims()[0]];
            assert!(
                real == noise,
                "the relativistic loss pairs each real image with a generated one: a batch of {real} real \
                 images and {noise} noise vectors"
            );
        }
        let (real, noise, classes) = (tracked(real), tracked(noise), classes.map(tracked));
        let step = self.discriminator_step(real.clone(), noise, classes.clone());
        let (loss_g, fake_after) = self.generator_step(real, step.generated, classes);
        self.update_average();
        self.steps_done += 1;
        Losses::new(step.loss, loss_g).with_probabilities(step.real, [step.fake, fake_after])
    }

    /// Updates the generator; returns its loss, and the mean probability of the generated images.
    ///
    /// The loss of pairs takes the logits of the real images, too.
    fn generator_step(
        &mut self,
        real: Tensor<4>,
        generated: Tensor<4>,
        classes: Option<Tensor<2>>,
    ) -> (f32, f32) {
        // Nobody uses the gradients of the discriminator's weights here. `freeze` would also
        // switch its batch norm to the running statistics, which the tutorial does not.
        let discriminator = self.discriminator.clone().no_grad();
        let logits = |images, stream| {
            let shown = self.augmented(images, stream);
            discriminator.discriminate(shown, classes.clone())
        };
        let (loss, logits) = match self.config.loss.per_image() {
            Some(loss) => {
                let on_fake = logits(generated, Stream::AugmentAgain);
                (loss.of_generator(on_fake.clone()), on_fake)
            }
            None => {
                let on_real = logits(real, Stream::AugmentRealAgain).detach();
                let on_fake = logits(generated, Stream::AugmentAgain);
                let loss = relativistic(on_fake.clone(), on_real.clone());
                (loss, on_fake - on_real)
            }
        };
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
