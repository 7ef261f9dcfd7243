mod options;

use burn::{
    module::{Module as _, ModuleVisitor, Param},
    tensor::TensorData,
};
use safetensors::SafeTensors;

use super::*;
use crate::{
    config::DcganConfig,
    model::{NamedWeights, discriminator::Discriminator},
    objective::penalty::gradient_penalty,
    random::normal,
    testing::{device, on_each_device},
    train::optimizer_file,
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
        let steps: Vec<Losses> = (0..20)
            .map(|_| {
                state.discriminator = still.clone();
                state.step(real.clone(), noise.clone())
            })
            .collect();
        let (first, last) = (steps[0], steps[19]);
        assert!(last.loss_g < first.loss_g * 0.5, "{first:?} then {last:?}");
    });
}

/// Twenty steps on one batch against a generator that stays as it is; the first and the last of
/// them.
fn train_discriminator(state: &mut TrainState) -> (Losses, Losses) {
    let (real, noise) = batch(0);
    let still = state.generator.clone();
    let steps: Vec<Losses> = (0..20)
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

/// The values of a network: those that are trained, or running statistics too.
fn values_of(network: &impl NamedWeights, is_trained_only: bool) -> Vec<f32> {
    struct Values(bool, Vec<f32>);
    impl ModuleVisitor for Values {
        fn visit_float<const R: usize>(&mut self, param: &Param<Tensor<R>>) {
            if !self.0 || param.is_require_grad() {
                self.1.extend(param.val().into_data().iter::<f32>());
            }
        }
    }
    let mut values = Values(is_trained_only, Vec::new());
    network.visit(&mut values);
    values.1
}

/// How far the farthest weight of each network, generator first, moves in the first step. Adam's
/// first step is of the size of the rate for every weight whose gradient is not tiny.
fn farthest(config: &DcganConfig, epoch: usize) -> [f32; 2] {
    let mut state = TrainState::new(config, &device()).unwrap();
    let weights = |state: &TrainState| {
        [
            values_of(&state.generator, true),
            values_of(&state.discriminator, true),
        ]
    };
    let before = weights(&state);
    state.start_epoch(epoch);
    let (real, noise) = batch(0);
    let _ = state.step(real, noise);
    let after = weights(&state);
    [0, 1].map(|network| {
        let moved = before[network].iter().zip(&after[network]);
        moved
            .map(|(before, after)| (after - before).abs())
            .fold(0.0, f32::max)
    })
}

fn assert_near(found: [f32; 2], expected: [f32; 2]) {
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found / expected - 1.0).abs() < 1e-3,
            "{found} against {expected}"
        );
    }
}

#[test]
fn each_network_moves_by_its_own_rate_and_both_decay_with_the_epochs() {
    on_each_device(|| {
        let config = config().with_lr(0.01);
        assert_near(farthest(&config, 0), [0.01, 0.01]);
        let apart = config.with_lr_discriminator(Some(0.001));
        assert_near(farthest(&apart, 0), [0.01, 0.001]);
        let decaying = apart.with_lr_decay(0.5);
        assert_near(farthest(&decaying, 0), [0.01, 0.001]);
        assert_near(farthest(&decaying, 3), [0.00125, 0.000_125]);
    });
}

#[test]
fn average_moves_by_its_age_first_and_by_its_decay_later() {
    on_each_device(|| {
        // (1 + t) / (10 + t) is 0.1, 2/11, 0.25, ... until it is above the decay.
        for (decay, expected) in [(0.9, [0.1, 2.0 / 11.0, 0.25]), (0.15, [0.1, 0.15, 0.15])] {
            let mut state = TrainState::new(&config().with_ema(Some(decay)), &device()).unwrap();
            for (place, decay) in expected.into_iter().enumerate() {
                let before = values_of(state.average.as_ref().unwrap(), false);
                let (real, noise) = batch(place as u64);
                let _ = state.step(real, noise);
                let after = values_of(state.average.as_ref().unwrap(), false);
                let current = values_of(&state.generator.valid(), false);
                assert!(before.len() == current.len() && !before.is_empty());
                for ((before, current), after) in before.iter().zip(&current).zip(&after) {
                    let expected = decay * before + (1.0 - decay) * current;
                    assert!((after - expected).abs() < 1e-6, "{after} against {expected}");
                }
            }
        }
    });
}

/// The gradient of the discriminator in the first step: with a decay of 0 it is Adam's first
/// moment.
fn gradient(config: DcganConfig) -> (Vec<f32>, Losses) {
    let mut state = TrainState::new(&config.with_beta1(0.0), &device()).unwrap();
    let (real, noise) = batch(0);
    let losses = state.step(real, noise);
    (moments(&state), losses)
}

fn moments(state: &TrainState) -> Vec<f32> {
    let bytes = optimizer_file::to_bytes(&state.adam_d, &state.discriminator).unwrap();
    let file = SafeTensors::deserialize(&bytes).unwrap();
    let mut names: Vec<&str> = file
        .names()
        .into_iter()
        .filter(|name| name.ends_with("exp_avg"))
        .collect();
    names.sort_unstable();
    let values = |name: &&str| {
        let (words, _) = file.tensor(name).unwrap().data().as_chunks::<4>();
        words
            .iter()
            .map(|word| f32::from_le_bytes(*word))
            .collect::<Vec<_>>()
    };
    names.iter().flat_map(values).collect()
}

/// The gradient of a loss of the discriminator on the real images of the first step.
fn gradient_of(config: &DcganConfig, loss: impl Fn(&Discriminator, Tensor<4>) -> Tensor<1>) -> Vec<f32> {
    let mut state = TrainState::new(&config.clone().with_beta1(0.0), &device()).unwrap();
    let loss = loss(&state.discriminator, tracked(batch(0).0));
    let gradients = GradientsParams::from_grads(loss.backward(), &state.discriminator);
    let adam = state.adam(0.0);
    state.discriminator = state.adam_d.step(adam, state.discriminator.clone(), gradients);
    moments(&state)
}

fn assert_adds(with: &[f32], without: &[f32], added: &[f32]) {
    let largest = added
        .iter()
        .fold(0.0, |largest: f32, value| largest.max(value.abs()));
    assert!(largest > 1e-4 && with.len() == added.len() && without.len() == added.len());
    for ((with, without), added) in with.iter().zip(without).zip(added) {
        let off = (with - without - added).abs();
        assert!(off < 1e-3 * largest, "{with} - {without} against {added}");
    }
}

#[test]
fn smoothing_adds_a_fraction_of_the_real_logits_to_the_loss_of_the_discriminator() {
    on_each_device(|| {
        let (plain, losses) = gradient(config());
        let (smoothed, smoothed_losses) = gradient(config().with_label_smoothing(0.25));
        let logits = |discriminator: &Discriminator, real| {
            discriminator.discriminate(real, None).mean().mul_scalar(0.25)
        };
        assert_adds(&smoothed, &plain, &gradient_of(&config(), logits));
        let state = TrainState::new(&config(), &device()).unwrap();
        let added = logits(&state.discriminator, tracked(batch(0).0)).into_scalar::<f32>();
        let found = smoothed_losses.loss_d - losses.loss_d;
        assert!((found - added).abs() < 1e-5, "{found} against {added}");
        assert_eq!(
            (smoothed_losses.d_x, smoothed_losses.d_g_z1),
            (losses.d_x, losses.d_g_z1)
        );
    });
}

#[test]
fn penalty_on_real_images_is_in_the_gradient_but_not_in_the_reported_loss() {
    on_each_device(|| {
        let (plain, losses) = gradient(config());
        let (penalized, penalized_losses) = gradient(config().with_r1_gamma(3.0));
        let penalty = |discriminator: &Discriminator, real| {
            let noise = &mut rng(config().seed, Stream::Penalty, 0);
            gradient_penalty(
                |images| discriminator.discriminate(images, None),
                real,
                3.0,
                noise,
            )
        };
        assert_adds(&penalized, &plain, &gradient_of(&config(), penalty));
        assert_eq!(
            (penalized_losses.loss_d, penalized_losses.d_x),
            (losses.loss_d, losses.d_x)
        );
    });
}

#[test]
fn batches_of_two_sizes_are_legal_without_classes_only() {
    on_each_device(|| {
        let (real, noise) = batch(0);
        let noise = noise.narrow(0, 0, 3);
        let mut state = TrainState::new(&config().with_r1_gamma(1.0), &device()).unwrap();
        let losses = state.step(real.clone(), noise.clone());
        assert!(losses.loss_d.is_finite() && losses.loss_g.is_finite());

        let conditional = config().with_condition(crate::data::condition::Condition::Color);
        let mut state = TrainState::new(&conditional, &device()).unwrap();
        let classes = Tensor::<2>::zeros([4, 11], &device());
        let step = std::panic::AssertUnwindSafe(|| state.step_conditional(real, noise, Some(classes)));
        let panic = std::panic::catch_unwind(step).unwrap_err();
        let message = panic.downcast::<String>().unwrap();
        assert_eq!(
            *message,
            "a batch of 4 real images, 3 noise vectors and the classes of 4 images"
        );
    });
}
