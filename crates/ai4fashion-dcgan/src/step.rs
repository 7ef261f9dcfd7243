//! One training step.

use burn::{
    module::Module,
    optim::{GradientsAccumulator, GradientsParams, ModuleOptimizer},
    tensor::{Device, Tensor, activation::sigmoid},
};

use crate::{
    DcganConfig, Discriminator, Error, Generator,
    adam::Adam,
    loss::{Label, binary_cross_entropy},
};

/// What a step of training changes: both networks and the state of both optimizers.
pub struct TrainState {
    generator: Generator,
    discriminator: Discriminator,
    generator_adam: ModuleOptimizer,
    discriminator_adam: ModuleOptimizer,
    lr: f64,
}

/// The five numbers of the tutorial's log line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepLosses {
    /// Loss of the discriminator on the real and on the drawn pictures, summed.
    pub loss_d: f32,
    /// Loss of the generator.
    pub loss_g: f32,
    /// Mean probability that the discriminator gives the real pictures: D(x).
    pub d_x: f32,
    /// The same of the drawn pictures before the discriminator's update: the first D(G(z)).
    pub d_g_z1: f32,
    /// The same after its update: the second D(G(z)).
    pub d_g_z2: f32,
}

impl TrainState {
    /// Fresh networks and optimizers on `device`, with automatic differentiation.
    ///
    /// # Errors
    /// If the configuration is not valid.
    pub fn new(config: &DcganConfig, device: &Device) -> Result<Self, Error> {
        let device = device.clone().autodiff();
        let adam = Adam { beta_1: config.beta1 };
        Ok(Self {
            generator: Generator::new(config, &device)?,
            discriminator: Discriminator::new(config, &device)?,
            generator_adam: adam.into(),
            discriminator_adam: adam.into(),
            lr: config.lr,
        })
    }

    /// The generator, in training mode.
    #[must_use]
    pub fn generator(&self) -> &Generator {
        &self.generator
    }

    /// The discriminator, in training mode.
    #[must_use]
    pub fn discriminator(&self) -> &Discriminator {
        &self.discriminator
    }

    /// One step as in the tutorial: the discriminator's loss on `real` with label 1 and on drawn
    /// pictures with label 0, one update of it; then the generator's loss, the same drawn pictures
    /// with label 1, and one update of it.
    ///
    /// # Shapes
    /// - `real`: `[batch, 3, size, size]`, in `[-1, 1]`, on the plain or the autodiff device
    /// - `noise`: `[batch, nz, 1, 1]`, standard normal
    #[must_use]
    pub fn step(&mut self, real: Tensor<4>, noise: Tensor<4>) -> StepLosses {
        let (real, noise) = (tracked(real), tracked(noise));

        // The two passes are normalized and differentiated apart; their gradients are summed.
        let mut gradients = GradientsAccumulator::new();
        let on_real = self.discriminator.forward(real);
        let loss_real = binary_cross_entropy(on_real.clone(), Label::Real);
        gradients.accumulate(
            &self.discriminator,
            GradientsParams::from_grads(loss_real.backward(), &self.discriminator),
        );
        let drawn = self.generator.forward(noise);
        let on_drawn = self.discriminator.forward(drawn.clone().detach());
        let loss_drawn = binary_cross_entropy(on_drawn.clone(), Label::Fake);
        gradients.accumulate(
            &self.discriminator,
            GradientsParams::from_grads(loss_drawn.backward(), &self.discriminator),
        );
        let updated = self
            .discriminator_adam
            .step(self.lr, self.discriminator.clone(), gradients.grads());
        self.discriminator = updated;

        // Nobody uses the gradients to the discriminator's weights here. `freeze` would also
        // switch its batch norm to the running statistics, which the tutorial does not.
        let judge = self.discriminator.clone().no_grad();
        let again = judge.forward(drawn);
        let loss_g = binary_cross_entropy(again.clone(), Label::Real);
        let gradients = GradientsParams::from_grads(loss_g.backward(), &self.generator);
        self.generator = self
            .generator_adam
            .step(self.lr, self.generator.clone(), gradients);

        StepLosses {
            loss_d: value(loss_real) + value(loss_drawn),
            loss_g: value(loss_g),
            d_x: mean_probability(on_real),
            d_g_z1: mean_probability(on_drawn),
            d_g_z2: mean_probability(again),
        }
    }
}

impl std::fmt::Debug for TrainState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TrainState")
            .field("lr", &self.lr)
            .finish_non_exhaustive()
    }
}

fn tracked(tensor: Tensor<4>) -> Tensor<4> {
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
mod tests {
    use burn::tensor::TensorData;

    use super::*;
    use crate::{
        layers::tests::{device, on_each_device},
        random::{Stream, normal, rng},
    };

    fn config() -> DcganConfig {
        DcganConfig::tutorial()
            .with_image_size(8)
            .with_nz(8)
            .with_ngf(8)
            .with_ndf(8)
            .with_lr(0.02)
    }

    fn batch(place: u64) -> (Tensor<4>, Tensor<4>) {
        let mut rng = rng(5, Stream::Noise, place);
        let real = TensorData::new(normal(&mut rng, 4 * 3 * 64, 0.0, 0.3), [4, 3, 8, 8]);
        let noise = TensorData::new(normal(&mut rng, 4 * 8, 0.0, 1.0), [4, 8, 1, 1]);
        (
            Tensor::from_data(real, &device()),
            Tensor::from_data(noise, &device()),
        )
    }

    #[test]
    fn discriminator_learns_to_tell_one_batch_apart() {
        on_each_device(|| {
            let mut state = TrainState::new(&config(), &device()).unwrap();
            let (first, last) = train_discriminator(&mut state);
            assert!(last.loss_d < first.loss_d * 0.7, "{first:?} then {last:?}");
            assert!(
                last.d_x > first.d_x && last.d_g_z1 < first.d_g_z1,
                "{first:?} then {last:?}"
            );
        });
    }

    #[test]
    fn generator_learns_to_fool_a_still_discriminator() {
        on_each_device(|| {
            let mut state = TrainState::new(&config(), &device()).unwrap();
            train_discriminator(&mut state);
            let (real, noise) = batch(0);
            let still = state.discriminator.clone();
            let steps: Vec<StepLosses> = (0..20)
                .map(|_| {
                    state.discriminator = still.clone();
                    state.step(real.clone(), noise.clone())
                })
                .collect();
            let (first, last) = (steps[0], steps[19]);
            assert!(last.loss_g < first.loss_g * 0.5, "{first:?} then {last:?}");
        });
    }

    /// Twenty steps on one batch against a generator that stays as it is; the first and the last of them.
    fn train_discriminator(state: &mut TrainState) -> (StepLosses, StepLosses) {
        let (real, noise) = batch(0);
        let still = state.generator.clone();
        let steps: Vec<StepLosses> = (0..20)
            .map(|_| {
                let losses = state.step(real.clone(), noise.clone());
                state.generator = still.clone();
                losses
            })
            .collect();
        (steps[0], steps[19])
    }

    #[test]
    fn same_seed_and_batches_give_the_same_losses() {
        on_each_device(|| {
            let run = || {
                let mut state = TrainState::new(&config(), &device()).unwrap();
                (0..3)
                    .map(|place| {
                        let (real, noise) = batch(place);
                        state.step(real, noise)
                    })
                    .collect::<Vec<_>>()
            };
            assert_eq!(run(), run());
        });
    }
}
