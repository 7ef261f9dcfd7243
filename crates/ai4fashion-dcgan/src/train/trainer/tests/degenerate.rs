//! Images that hold nothing to learn, or nothing but one value.

use super::*;
use crate::config::upsampling::Upsampling;

/// Trains on `images` with `config`; losses and weights must stay finite.
fn trains(what: &str, config: DcganConfig, images: &[RgbImage]) {
    let mut recorder = Losses::default();
    let trainer = Trainer::new(config, device()).unwrap();
    let trained = trainer.fit(images, &mut [&mut recorder]);
    let trained = trained.unwrap_or_else(|error| panic!("{what}: {error}"));
    assert!(trained.state.is_finite(), "{what}");
    assert_eq!(trained.state.steps_done(), recorder.0.len(), "{what}");
    for step in recorder.0 {
        let values = [step.loss_d, step.loss_g, step.d_x, step.d_g_z1, step.d_g_z2];
        assert!(values.iter().all(|value| value.is_finite()), "{what}: {step}");
    }
}

/// The steps of a run; its distances must be finite.
#[derive(Default)]
struct Losses(Vec<StepMetrics>);

impl Observer for Losses {
    fn on_step(&mut self, step: &StepMetrics, _: StepTiming) -> Result<(), Error> {
        self.0.push(step.clone());
        Ok(())
    }

    fn on_epoch(&mut self, end: &EpochEnd<'_>, _: &[RgbImage]) -> Result<(), Error> {
        assert!(end.distance.is_none_or(f32::is_finite), "{:?}", end.distance);
        Ok(())
    }
}

/// Image sets that are constant, or a single image.
fn sets() -> Vec<(&'static str, Vec<RgbImage>)> {
    let level = |level: u8| RgbImage::from_pixel(16, 16, image::Rgb([level; 3]));
    vec![
        ("all white", vec![level(255); 9]),
        ("all black", vec![level(0); 9]),
        ("grey", vec![level(128); 9]),
        ("one white image", vec![level(255)]),
        ("one pixel", vec![RgbImage::new(1, 1)]),
        ("one photo", images()[3..4].to_vec()),
        (
            "black and white",
            vec![level(0), level(255), level(0), level(255)],
        ),
    ]
}

#[test]
fn training_on_constant_images_or_on_one_stays_finite() {
    on_each_device(|| {
        for (what, images) in sets() {
            for size in [8, 16] {
                for batch_size in [1, 4] {
                    let config = config().with_image_size(size).with_batch_size(batch_size);
                    trains(what, config.with_epochs(6), &images);
                }
            }
        }
    });
}

#[test]
fn options_stay_finite_on_white_images() {
    on_each_device(|| {
        let base = || config().with_image_size(16).with_epochs(4).with_ema(Some(0.9));
        let all = vec![Augment::Color, Augment::Translation, Augment::Cutout];
        let white = vec![RgbImage::from_pixel(16, 16, image::Rgb([255; 3])); 5];
        for (what, config) in [
            ("augmented", base().with_augment(all)),
            (
                "hinge, spectral norm",
                base().with_loss(Loss::Hinge).with_spectral_norm(true),
            ),
            ("penalty", base().with_r1_gamma(10.0)),
            (
                "smoothed, grey",
                base().with_label_smoothing(0.1).with_channels(1),
            ),
            ("fast", base().with_lr(0.05)),
            (
                "pairs, both penalties",
                base()
                    .with_loss(Loss::Relativistic)
                    .with_r1_gamma(5.0)
                    .with_r2_gamma(5.0)
                    .with_penalty_every(2),
            ),
            (
                "deviation, averages",
                base()
                    .with_minibatch_std(true)
                    .with_lecam(0.3)
                    .with_upsampling(Upsampling::Nearest),
            ),
        ] {
            trains(what, config.clone(), &white);
            trains(what, config.with_batch_size(1), &white[..1]);
        }
    });
}
