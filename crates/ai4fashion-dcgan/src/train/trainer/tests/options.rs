//! Runs with pairs, penalties, `LeCam`, nearest-neighbour upsampling and the deviation of groups.

use super::*;
use crate::{config::upsampling::Upsampling, train::CheckpointState};

/// All of them, in batches of 4, 4 and 2.
fn pairs() -> DcganConfig {
    config()
        .with_loss(Loss::Relativistic)
        .with_r1_gamma(1.0)
        .with_r2_gamma(2.0)
        .with_penalty_every(2)
        .with_lecam(0.3)
        .with_minibatch_std(true)
        .with_upsampling(Upsampling::Nearest)
        .with_augment(Augment::ALL.to_vec())
        .with_ema(Some(0.9))
}

/// The state of a run of `config` after its steps, as a checkpoint.
fn trained(config: &DcganConfig, from: Option<&Checkpoint>) -> Checkpoint {
    let trainer = Trainer::new(config.clone(), device()).unwrap();
    let trained = match from {
        Some(checkpoint) => trainer.resume(checkpoint, &images(), &mut []),
        None => trainer.fit(&images(), &mut []),
    };
    let info = trainer.prepare(&images()).unwrap().info().clone();
    trained.unwrap().state.checkpoint(&info, None).unwrap()
}

#[test]
fn resumed_runs_have_the_steps_and_samples_of_uninterrupted_ones() {
    on_each_device(|| {
        resumes_to_the_same(pairs().with_epochs(3));
        resumes_to_the_same(
            config()
                .with_lecam(0.5)
                .with_loss(Loss::Hinge)
                .with_spectral_norm(true)
                .with_r2_gamma(1.0)
                .with_penalty_every(4)
                .with_epochs(3),
        );
    });
}

#[test]
fn resumed_run_has_the_same_bytes_and_would_not_without_the_averages() {
    on_each_device(|| {
        let config = pairs().with_epochs(2);
        let whole = trained(&config, None);
        let half = trained(&config.clone().with_epochs(1), None);
        // As a file holds it.
        let text = serde_json::to_string(half.state()).unwrap();
        let state: CheckpointState = serde_json::from_str(&text).unwrap();
        assert_eq!(&state, half.state());
        let half = Checkpoint::from_parts(state.clone(), half.files().clone()).unwrap();
        let resumed = trained(&config, Some(&half));
        assert_eq!(resumed.files(), whole.files());
        assert_eq!(resumed.state(), whole.state());
        assert!(whole.state().logit_averages.is_some());
        let mut without = state;
        without.logit_averages = None;
        let without = Checkpoint::from_parts(without, half.files().clone()).unwrap();
        assert_ne!(trained(&config, Some(&without)).files(), whole.files());
    });
}

#[test]
fn each_option_makes_another_run() {
    on_each_device(|| {
        let plain = trained(&config(), None);
        assert_eq!(plain.state().logit_averages, None);
        assert_eq!(
            trained(&config().with_penalty_every(5), None).files(),
            plain.files()
        );
        for other in [
            config().with_loss(Loss::Relativistic),
            config().with_r2_gamma(1.0),
            config().with_lecam(1.0),
            config().with_minibatch_std(true),
            config().with_upsampling(Upsampling::Nearest),
        ] {
            assert_ne!(trained(&other, None).files(), plain.files(), "{other:?}");
        }
        let penalized = config().with_r1_gamma(1.0);
        let lazily = penalized.clone().with_penalty_every(2);
        assert_ne!(trained(&lazily, None).files(), trained(&penalized, None).files());
    });
}

#[test]
fn checkpoint_of_the_version_before_these_options_is_resumed() {
    on_each_device(|| {
        let config = all_options();
        let half = trained(&config.clone().with_epochs(1), None);
        let mut state = serde_json::to_value(half.state()).unwrap();
        state["format"] = 3.into();
        let settings = state["config"].as_object_mut().unwrap();
        for option in [
            "r2_gamma",
            "penalty_every",
            "lecam",
            "minibatch_std",
            "upsampling",
        ] {
            settings.remove(option).unwrap();
        }
        let state: CheckpointState = serde_json::from_value(state).unwrap();
        assert_eq!((state.format, state.logit_averages), (3, None));
        let old = Checkpoint::from_parts(state, half.files().clone()).unwrap();
        let whole = trained(&config, None);
        assert_eq!(trained(&config, Some(&old)).files(), whole.files());
    });
}
