//! Pairs, penalties and the `LeCam` regularization.

use super::*;
use crate::{
    objective::{
        label::Label,
        lecam::{LogitAverages, lecam},
    },
    testing::{device, on_each_device},
};

/// The images that the generator of a state makes in its next step.
fn generated(state: &TrainState, noise: Tensor<4>) -> Tensor<4> {
    state.generator.generate(tracked(noise), None).detach()
}

/// The gradient of the discriminator in the second of two steps, the losses of it, and the state.
fn second_gradient(config: &DcganConfig) -> (Vec<f32>, Losses, TrainState) {
    let mut state = TrainState::new(&config.clone().with_beta1(0.0), &device()).unwrap();
    let (real, noise) = batch(0);
    let _ = state.step(real, noise);
    let (real, noise) = batch(1);
    let losses = state.step(real, noise);
    (moments(&state), losses, state)
}

/// The mean logits of the real and of the generated images of the first step.
fn first_means(config: &DcganConfig) -> [f32; 2] {
    let state = TrainState::new(config, &device()).unwrap();
    let (real, noise) = batch(0);
    let fake = generated(&state, noise);
    [tracked(real), fake].map(|images| value(state.discriminator.discriminate(images, None).mean()))
}

#[test]
fn pairs_give_the_gradient_loss_and_probabilities_of_their_formula() {
    on_each_device(|| {
        let config = config().with_loss(Loss::Relativistic);
        let (found, losses) = gradient(config.clone());
        let fresh = TrainState::new(&config, &device()).unwrap();
        let fake = generated(&fresh, batch(0).1);
        let loss = |discriminator: &Discriminator, real| {
            let [real, fake] = [real, fake.clone()].map(|images| discriminator.discriminate(images, None));
            relativistic(real, fake)
        };
        let nothing = vec![0.0; found.len()];
        assert_adds(&found, &nothing, &gradient_of(&config, loss));
        let expected = value(loss(&fresh.discriminator, tracked(batch(0).0)));
        assert!((losses.loss_d - expected).abs() < 1e-6, "{losses:?}");
        assert!((losses.d_x + losses.d_g_z1 - 1.0).abs() < 1e-6, "{losses:?}");
        // ln 2 where nothing is told apart, with a probability of a half.
        assert!((losses.loss_d - std::f32::consts::LN_2).abs() < 0.2, "{losses:?}");
    });
}

#[test]
fn networks_learn_from_pairs() {
    on_each_device(|| {
        let mut state = TrainState::new(&config().with_loss(Loss::Relativistic), &device()).unwrap();
        let (first, last) = train_discriminator(&mut state);
        assert!(last.loss_d < first.loss_d * 0.7, "{first:?} then {last:?}");
        assert!(last.d_x > first.d_x + 0.2, "{first:?} then {last:?}");
        let (real, noise) = batch(0);
        let still = state.discriminator.clone();
        let steps: Vec<Losses> = (0..20)
            .map(|_| {
                state.discriminator = still.clone();
                state.step(real.clone(), noise.clone())
            })
            .collect();
        let (first, last) = (steps[0], steps[19]);
        assert!(last.loss_g < first.loss_g * 0.7, "{first:?} then {last:?}");
        assert!(last.d_g_z2 > first.d_g_z2, "{first:?} then {last:?}");
    });
}

#[test]
fn pairs_of_unequal_numbers_are_refused_with_both() {
    on_each_device(|| {
        let (real, noise) = batch(0);
        let mut state = TrainState::new(&config().with_loss(Loss::Relativistic), &device()).unwrap();
        let step = std::panic::AssertUnwindSafe(|| state.step(real, noise.narrow(0, 0, 3)));
        let panic = std::panic::catch_unwind(step).unwrap_err();
        assert_eq!(
            *panic.downcast::<String>().unwrap(),
            "the relativistic loss pairs each real image with a generated one: a batch of 4 real images and 3 \
             noise vectors"
        );
    });
}

#[test]
fn penalty_on_generated_images_is_the_same_as_on_real_ones_by_other_noise() {
    on_each_device(|| {
        for loss in Loss::ALL {
            let config = config().with_loss(loss);
            let (plain, losses) = gradient(config.clone());
            let (penalized, penalized_losses) = gradient(config.clone().with_r2_gamma(3.0));
            let fresh = TrainState::new(&config, &device()).unwrap();
            let fake = generated(&fresh, batch(0).1);
            let penalty = |discriminator: &Discriminator, _| {
                let noise = &mut rng(config.seed, Stream::PenaltyFake, 0);
                let discriminate = |images| discriminator.discriminate(images, None);
                gradient_penalty(discriminate, fake.clone(), 3.0, noise)
            };
            assert_adds(&penalized, &plain, &gradient_of(&config, penalty));
            assert_eq!(penalized_losses.loss_d, losses.loss_d);
        }
    });
}

#[test]
fn lazy_penalty_is_in_every_third_step_with_three_times_its_weight() {
    on_each_device(|| {
        for loss in Loss::ALL {
            let config = config().with_loss(loss);
            let lazy = config
                .clone()
                .with_r1_gamma(1.0)
                .with_r2_gamma(0.5)
                .with_penalty_every(3);
            let always = config.clone().with_r1_gamma(3.0).with_r2_gamma(1.5);
            assert_eq!(gradient(lazy.clone()), gradient(always));
            let mut state = TrainState::new(&lazy, &device()).unwrap();
            let penalized: Vec<bool> = (0..7)
                .map(|place| {
                    let (real, noise) = batch(place);
                    let is_penalized = [Label::Real, Label::Fake]
                        .map(|label| state.penalty(label, tracked(real.clone()), None).is_some());
                    assert_eq!(is_penalized[0], is_penalized[1]);
                    let _ = state.step(real, noise);
                    is_penalized[0]
                })
                .collect();
            assert_eq!(penalized, [true, false, false, true, false, false, true]);
        }
    });
}

#[test]
fn penalty_compares_whole_groups_where_the_discriminator_sees_their_deviation() {
    on_each_device(|| {
        let penalty = |config: DcganConfig, images: Tensor<4>| {
            let state = TrainState::new(&config.with_r1_gamma(1.0), &device()).unwrap();
            value(state.penalty(Label::Real, tracked(images), None).unwrap())
        };
        let with = || config().with_minibatch_std(true);
        // Groups of images that differ much from those beside them.
        let [first, second] = [0, 1].map(|place| batch(place).0);
        let eight = Tensor::cat(vec![first.clone(), second.mul_scalar(20.0)], 0);
        let six = eight.clone().narrow(0, 0, 6);
        // The first group alone: the rest is left out, or else its images would be compared with
        // moved ones of another group.
        assert_eq!(penalty(with(), six.clone()), penalty(with(), first));
        let [three, seven] = [3, 7].map(|count| eight.clone().narrow(0, 0, count));
        for images in [three, seven, eight] {
            assert!(penalty(with(), images).is_finite());
        }
        assert_ne!(penalty(config(), six), penalty(config(), batch(0).0));
    });
}

#[test]
fn lecam_begins_with_the_second_step_and_adds_the_gradient_of_its_formula() {
    on_each_device(|| {
        for loss in Loss::ALL {
            let config = config().with_loss(loss);
            let with = config.clone().with_lecam(0.7);
            assert_eq!(gradient(with.clone()), gradient(config.clone()));
            let [real, fake] = first_means(&config);
            let averages = LogitAverages::after(None, [real, fake]);
            let (plain, losses, _) = second_gradient(&config);
            let (found, found_losses, state) = second_gradient(&with);
            assert_eq!(found_losses.loss_d, losses.loss_d);
            // The state after the first step, whose discriminator the second one differentiates.
            let mut first = TrainState::new(&config.clone().with_beta1(0.0), &device()).unwrap();
            let (images, noise) = batch(0);
            let _ = first.step(images, noise);
            let (images, noise) = batch(1);
            let logits = [tracked(images), generated(&first, noise)]
                .map(|images| first.discriminator.discriminate(images, None));
            let [on_real, on_fake] = logits.clone();
            let term = lecam(Label::Real, on_real, averages) + lecam(Label::Fake, on_fake, averages);
            let term = term.mul_scalar(0.7).backward();
            let gradients = GradientsParams::from_grads(term, &first.discriminator);
            let adam = first.adam(0.0);
            let mut fresh = ai4fashion_kernels::optim::AdamState::new();
            first.discriminator = fresh.step(adam, first.discriminator.clone(), gradients);
            first.adam_d = fresh;
            assert_adds(&found, &plain, &moments(&first));
            // And the averages moved by a hundredth.
            let means = logits.map(|logits| value(logits.mean()));
            let expected = LogitAverages::after(Some(averages), means);
            let found = state.logit_averages.unwrap();
            assert!(
                (found.real - expected.real).abs() < 1e-6,
                "{found:?} {expected:?}"
            );
            assert!(
                (found.fake - expected.fake).abs() < 1e-6,
                "{found:?} {expected:?}"
            );
        }
    });
}
