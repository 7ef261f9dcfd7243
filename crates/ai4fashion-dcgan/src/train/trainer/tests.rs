mod degenerate;
mod options;
mod own_state;

use image::RgbImage;

use super::*;
use crate::{
    config::tiny,
    data::{condition::Condition, labels::Labels},
    objective::{augment::Augment, loss::Loss},
    testing::{device, on_each_device},
    train::{EpochEnd, StepMetrics, StepTiming, StopReason, inputs::Inputs},
};

fn config() -> DcganConfig {
    tiny().with_batch_size(4)
}

fn images() -> Vec<RgbImage> {
    (0..10_u8)
        .map(|i| RgbImage::from_fn(8, 8, |x, y| image::Rgb([i * 20, x as u8 * 30, y as u8 * 30])))
        .collect()
}

#[derive(Default)]
struct Recorder {
    steps: Vec<StepMetrics>,
    samples: Vec<Vec<RgbImage>>,
}

impl Observer for Recorder {
    fn on_step(&mut self, step: &StepMetrics, time: StepTiming) -> Result<(), Error> {
        assert!(time.waited <= time.total);
        self.steps.push(step.clone());
        Ok(())
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_>, samples: &[RgbImage]) -> Result<(), Error> {
        assert_eq!(end.steps_done, self.steps.len());
        assert!(end.distance.is_some());
        self.samples.push(samples.to_vec());
        Ok(())
    }
}

fn run(config: DcganConfig) -> Recorder {
    let mut recorder = Recorder::default();
    Trainer::new(config, device())
        .unwrap()
        .fit(&images(), &mut [&mut recorder])
        .unwrap();
    recorder
}

#[test]
fn every_batch_of_every_epoch_is_one_step() {
    on_each_device(|| {
        let recorder = run(config());
        let places: Vec<_> = recorder
            .steps
            .iter()
            .map(|s| (s.epoch, s.batch, s.step))
            .collect();
        assert_eq!(
            places,
            [(0, 0, 0), (0, 1, 1), (0, 2, 2), (1, 0, 3), (1, 1, 4), (1, 2, 5)]
        );
        assert!(recorder.samples.iter().all(|samples| samples.len() == 64));
        assert_ne!(recorder.samples[0], recorder.samples[1]);
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
fn limit_takes_the_first_images_only() {
    on_each_device(|| {
        let trainer = Trainer::new(config().with_limit(Some(5)), device()).unwrap();
        let info = trainer.prepare(&images()).unwrap().info().clone();
        assert_eq!((info.images, info.steps_per_epoch, info.real.len()), (5, 2, 5));
    });
}

#[test]
fn no_images_is_an_error() {
    on_each_device(|| {
        let trainer = Trainer::new(config(), device()).unwrap();
        let none: &[RgbImage] = &[];
        assert!(matches!(
            trainer.prepare(none).unwrap_err().kind(),
            ErrorKind::NoImages
        ));
    });
}

#[test]
fn loss_that_is_not_finite_ends_the_run_and_names_the_step() {
    on_each_device(|| {
        let trainer = Trainer::new(config().with_lr(1e30).with_epochs(30), device()).unwrap();
        let mut recorder = Recorder::default();
        let error = trainer.fit(&images(), &mut [&mut recorder]).unwrap_err();
        let ErrorKind::NotFinite { step, .. } = *error.kind() else {
            panic!("{error}")
        };
        assert_eq!(step, recorder.steps.len());
    });
}

/// Asks for a stop after a number of steps and keeps the checkpoint.
struct StopAfter(usize, Interrupter, Option<Checkpoint>);

impl Observer for StopAfter {
    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        if step.step + 1 == self.0 {
            self.1.stop();
        }
        Ok(())
    }

    fn on_stop(&mut self, end: &EpochEnd<'_>, samples: &[RgbImage]) -> Result<(), Error> {
        assert_eq!((end.steps_done, end.epochs_done), (self.0, self.0 / 3));
        // Of an epoch's end alone, or checkpoints could not be compared.
        assert_eq!(end.distance.is_some(), self.0.is_multiple_of(3));
        assert_eq!(samples.len(), 64);
        self.2 = Some(end.checkpoint()?);
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
        .with_r1_gamma(1.0)
}

#[test]
fn resumed_training_equals_an_uninterrupted_one() {
    on_each_device(|| {
        let hinge = config()
            .with_loss(Loss::Hinge)
            .with_spectral_norm(true)
            .with_r1_gamma(1.0)
            .with_channels(1);
        for config in [config(), all_options(), hinge] {
            resumes_to_the_same(config.with_epochs(3));
        }
    });
}

/// A run of three epochs that is stopped and resumed has the steps and samples of one that is not.
fn resumes_to_the_same(config: DcganConfig) {
    let whole = run(config.clone());
    // At the end of an epoch, and in the middle of one.
    for stop_after in [3, 4] {
        let stop = Interrupter::new();
        let mut recorder = Recorder::default();
        let mut stopping = StopAfter(stop_after, stop.clone(), None);
        let trainer = Trainer::new(config.clone(), device()).unwrap();
        let trained = trainer
            .clone()
            .with_interrupter(stop)
            .fit(&images(), &mut [&mut recorder, &mut stopping])
            .unwrap();
        assert_eq!(
            (trained.stop_reason, recorder.steps.len()),
            (StopReason::Interrupted, stop_after)
        );
        let checkpoint = stopping.2.unwrap();
        let trained = trainer
            .resume(&checkpoint, &images(), &mut [&mut recorder])
            .unwrap();
        assert_eq!(trained.stop_reason, StopReason::Finished);
        assert_eq!(recorder.steps, whole.steps, "stopped after {stop_after}");
        assert_eq!(recorder.samples, whole.samples, "stopped after {stop_after}");
    }
}

#[test]
fn finished_training_can_be_extended() {
    on_each_device(|| {
        let mut stopping = StopAfter(3, Interrupter::new(), None);
        let trainer = Trainer::new(config().with_epochs(3), device()).unwrap();
        let whole = run(config().with_epochs(3));
        let short = Trainer::new(config().with_epochs(1), device()).unwrap();
        let trained = short.fit(&images(), &mut [&mut stopping]).unwrap();
        assert_eq!(trained.stop_reason, StopReason::Finished);
        let info = short.prepare(&images()).unwrap().info().clone();
        let checkpoint = trained.state.checkpoint(&info, None).unwrap();
        let mut recorder = Recorder {
            steps: whole.steps[..3].to_vec(),
            samples: whole.samples[..1].to_vec(),
        };
        trainer
            .resume(&checkpoint, &images(), &mut [&mut recorder])
            .unwrap();
        assert_eq!((recorder.steps, recorder.samples), (whole.steps, whole.samples));
        // Nothing is left to do.
        let again = short.resume(&checkpoint, &images(), &mut []).unwrap();
        assert_eq!(again.stop_reason, StopReason::Finished);
    });
}

#[test]
fn other_settings_and_images_are_refused_with_the_difference() {
    on_each_device(|| {
        let trainer = Trainer::new(config().with_epochs(1), device()).unwrap();
        let trained = trainer.fit(&images(), &mut []).unwrap();
        let info = trainer.prepare(&images()).unwrap().info().clone();
        let checkpoint = trained.state.checkpoint(&info, None).unwrap();
        let refused = |config: DcganConfig, images: &[RgbImage]| {
            let trainer = Trainer::new(config, device()).unwrap();
            trainer
                .resume(&checkpoint, images, &mut [])
                .unwrap_err()
                .to_string()
        };
        let error = refused(config().with_lr(0.1), &images());
        assert!(error.contains("lr was 0.0002 and is 0.1 now"), "{error}");
        let error = refused(config(), &images()[1..]);
        assert!(error.contains("number of images was 10 and is 9 now"), "{error}");
        let mut changed = images();
        changed[3].put_pixel(0, 0, image::Rgb([9; 3]));
        let error = refused(config(), &changed);
        assert!(error.contains("fingerprint of the images was"), "{error}");
    });
}

/// Images of two colours, labelled.
struct Colors(usize);

impl ImageSource for Colors {
    fn len(&self) -> usize {
        10
    }

    fn image(&self, index: usize) -> Result<RgbImage, Error> {
        let color = if index.is_multiple_of(2) {
            [220, 20, 20]
        } else {
            [20, 20, 220]
        };
        Ok(RgbImage::from_pixel(8, 8, image::Rgb(color)))
    }

    fn labels(&self, index: usize) -> Labels {
        use ai4fashion_color::BasicColor::{Blue, Red};
        if index < self.0 {
            return Labels::default();
        }
        Labels::default().with_color(if index.is_multiple_of(2) { Red } else { Blue })
    }
}

#[test]
fn conditional_generator_makes_the_given_color() {
    on_each_device(|| {
        let config = config()
            .with_condition(Condition::Color)
            .with_nz(2)
            .with_ngf(8)
            .with_ndf(8)
            .with_lr(0.002)
            .with_epochs(40);
        let trainer = Trainer::new(config, device()).unwrap();
        let state = trainer.fit(&Colors(0), &mut []).unwrap().state;
        let info = trainer.prepare(&Colors(0)).unwrap().info().clone();
        let inputs = Inputs {
            config: &trainer.config,
            device: &trainer.device,
        };
        let samples = inputs.samples(&state.sampler(), &info.labels);
        let right = samples
            .iter()
            .zip(info.labels.iter().cycle())
            .filter(|(sample, labels)| {
                let sum = |channel: usize| {
                    sample
                        .pixels()
                        .map(|pixel| u32::from(pixel.0[channel]))
                        .sum::<u32>()
                };
                let is_red = labels.color == Some(ai4fashion_color::BasicColor::Red);
                is_red == (sum(0) > sum(2))
            });
        let right = right.count();
        assert!(right > 60, "{right} of {}", samples.len());
    });
}

#[test]
fn images_without_a_needed_label_are_counted() {
    on_each_device(|| {
        let trainer = Trainer::new(config().with_condition(Condition::Color), device()).unwrap();
        let error = trainer.prepare(&Colors(3)).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::Unlabeled {
                    label: "color",
                    count: 3,
                    ..
                }
            ),
            "{error}"
        );
    });
}

#[test]
fn resumed_conditional_training_equals_an_uninterrupted_one() {
    on_each_device(|| {
        let config = config().with_condition(Condition::Color);
        let trainer = Trainer::new(config, device()).unwrap();
        let mut whole = Recorder::default();
        trainer.fit(&Colors(0), &mut [&mut whole]).unwrap();
        let stop = Interrupter::new();
        let (mut recorder, mut stopping) = (Recorder::default(), StopAfter(4, stop.clone(), None));
        let stopped = trainer.clone().with_interrupter(stop);
        stopped
            .fit(&Colors(0), &mut [&mut recorder, &mut stopping])
            .unwrap();
        let checkpoint = stopping.2.unwrap();
        trainer
            .resume(&checkpoint, &Colors(0), &mut [&mut recorder])
            .unwrap();
        assert_eq!((recorder.steps, recorder.samples), (whole.steps, whole.samples));
    });
}

#[test]
fn weights_that_are_not_finite_end_the_run() {
    on_each_device(|| {
        // One step in an epoch: its losses are those of the generator before it.
        let config = config()
            .with_lr(1e39)
            .with_lr_discriminator(Some(1e-4))
            .with_batch_size(16);
        let mut recorder = Recorder::default();
        let trainer = Trainer::new(config, device()).unwrap();
        let error = trainer.fit(&images(), &mut [&mut recorder]).unwrap_err();
        assert!(
            matches!(
                error.kind(),
                ErrorKind::NotFinite {
                    what: "sum of the weights",
                    step: 0,
                    ..
                }
            ),
            "{error}"
        );
        assert_eq!((recorder.steps.len(), recorder.samples.len()), (1, 0));
    });
}

#[test]
fn fewer_epochs_than_are_done_are_refused() {
    on_each_device(|| {
        let trainer = Trainer::new(config().with_epochs(2), device()).unwrap();
        let trained = trainer.fit(&images(), &mut []).unwrap();
        let info = trainer.prepare(&images()).unwrap().info().clone();
        let checkpoint = trained.state.checkpoint(&info, None).unwrap();
        let shorter = Trainer::new(config().with_epochs(1), device()).unwrap();
        let error = shorter.resume(&checkpoint, &images(), &mut []).unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Setting { option: "epochs", .. }),
            "{error}"
        );
        assert_eq!(
            error.to_string(),
            "epochs is 1, expected at least 2: 6 steps are done, and an epoch has 3"
        );
    });
}
