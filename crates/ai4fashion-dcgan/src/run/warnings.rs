//! Warnings about a training run.

use std::fmt;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::train::metrics::StepMetrics;

/// Steps in a row after which the discriminator dominates: the tutorial prints one log line in as
/// many.
const STREAK: usize = 50;
/// The discriminator is certain of real images above this probability, of generated ones below 1
/// minus it.
const CERTAIN: f32 = 0.99;
/// A larger loss has exploded: PyTorch's `BCELoss` is at most 100 for an image (it clips the
/// logarithm), and the tutorial's settings stayed below 31 on real photos.
const EXPLODED: f32 = 100.0;
/// Generated images of less than this diversity for two epochs are a mode collapse, if they were
/// diverse before. In a training run on 2,087 real photos diversity was 0.07 after 17 steps, 0.19
/// after 51, and 0.3 to 0.8 from 68 steps on; in one on 330 synthetic garments 0.13 after 42 steps,
/// 0.12 for an epoch after 294, 0.3 to 0.6 later.
const COLLAPSED: f32 = 0.1;
/// Images of more than this diversity are diverse.
const DIVERSE: f32 = 0.3;
/// Steps after which images should be diverse, whether or not they were before.
const BEGUN: usize = 200;

/// A warning about a training run; a line of `warnings.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "warning", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Warning {
    /// The discriminator has told all images apart for many steps.
    DiscriminatorDominates {
        /// The step, from 0.
        step: usize,
    },
    /// A loss is far larger than in a training run that learns.
    LossExploded {
        /// The step, from 0.
        step: usize,
        /// The larger of both losses.
        loss: f32,
    },
    /// Mode collapse: all generated images are alike.
    ModeCollapse {
        /// The step, from 0.
        step: usize,
        /// The diversity of the generated images, as a fraction of that of the real images.
        diversity: f32,
    },
}

impl Warning {
    /// The step of the warning, from 0.
    #[must_use]
    pub fn step(&self) -> usize {
        match self {
            Self::DiscriminatorDominates { step }
            | Self::LossExploded { step, .. }
            | Self::ModeCollapse { step, .. } => *step,
        }
    }
}

/// One line of text, with advice.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DiscriminatorDominates { step } => write!(
                f,
                "step {step}: the discriminator dominates: it has told all images apart for {STREAK} steps, so that the \
                 generator learns little; augmentation, label smoothing or a lower learning rate of the discriminator may \
                 help"
            ),
            Self::LossExploded { step, loss } => write!(
                f,
                "step {step}: a loss is {loss:.0}, more than {EXPLODED}: the training has diverged; start over, or resume \
                 from an earlier checkpoint, with a lower learning rate"
            ),
            Self::ModeCollapse { step, diversity } => write!(
                f,
                "step {step}: mode collapse: all generated images are alike (their diversity is {:.0}% of that of the real \
                 images); a lower learning rate, augmentation or the gradient penalty may help, or an earlier checkpoint",
                diversity * 100.0
            ),
        }
    }
}

/// Watches a training run for problems; [`replay`](Self::replay) restores its state from the logs.
#[derive(Clone, Debug, Default)]
pub(super) struct Watch {
    streak: usize,
    has_exploded: bool,
    was_diverse: bool,
    /// Epochs in a row with a low diversity.
    low: usize,
    has_collapsed: bool,
}

impl Watch {
    /// Restores the watch after these steps and epochs; an epoch is its last step and its
    /// diversity.
    pub(super) fn replay(steps: &[StepMetrics], epochs: &[(usize, f32)]) -> Self {
        let mut watch = Self::default();
        for step in steps {
            let _ = watch.step(step);
        }
        for (step, diversity) in epochs {
            let _ = watch.epoch(*step, *diversity);
        }
        watch
    }

    /// Checks a step. An exploded loss is reported once.
    pub(super) fn step(&mut self, step: &StepMetrics) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let loss = step.loss_d.abs().max(step.loss_g.abs());
        if loss > EXPLODED && !self.has_exploded {
            self.has_exploded = true;
            warnings.push(Warning::LossExploded {
                step: step.step,
                loss,
            });
        }
        let is_certain = step.d_x > CERTAIN && step.d_g_z1 < 1.0 - CERTAIN;
        self.streak = if is_certain { self.streak + 1 } else { 0 };
        if self.streak == STREAK {
            warnings.push(Warning::DiscriminatorDominates { step: step.step });
        }
        warnings
    }

    /// Checks an epoch. A collapse is reported once, until images are diverse again.
    ///
    /// A generator that has hardly begun makes images that are alike: they must have been diverse
    /// before, or have had time.
    pub(super) fn epoch(&mut self, step: usize, diversity: f32) -> Option<Warning> {
        self.was_diverse |= diversity > DIVERSE;
        self.low = if diversity < COLLAPSED { self.low + 1 } else { 0 };
        let is_collapse = self.low >= 2 && (self.was_diverse || step >= BEGUN);
        let is_news = is_collapse && !self.has_collapsed;
        self.has_collapsed = is_collapse;
        is_news.then_some(Warning::ModeCollapse { step, diversity })
    }
}

/// The diversity of generated images, as a fraction of that of real images: root mean square
/// distances of pixels from the mean image.
///
/// Images of one set are of one size; 0 if there are fewer than two real images.
pub(super) fn diversity(fake: &[RgbImage], real: &[RgbImage]) -> f32 {
    let real = deviation(real);
    if real > 0.0 {
        (deviation(fake) / real) as f32
    } else {
        0.0
    }
}

fn deviation(images: &[RgbImage]) -> f64 {
    let Some(first) = images.first() else {
        return 0.0;
    };
    let count = images.len() as f64;
    let squares = (0..first.as_raw().len()).map(|place| {
        let values = || images.iter().map(|image| f64::from(image.as_raw()[place]));
        let mean = values().sum::<f64>() / count;
        values().map(|value| (value - mean).powi(2)).sum::<f64>() / count
    });
    (squares.sum::<f64>() / first.as_raw().len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(step: usize, d_x: f32, d_g_z1: f32) -> StepMetrics {
        let text = format!(
            r#"{{"epoch":0,"batch":0,"batches":9,"step":{step},"loss_d":0.0,"loss_g":9.0,"d_x":{d_x},"d_g_z1":{d_g_z1},"d_g_z2":0.0}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn discriminator_that_is_certain_for_fifty_steps_has_won_once_a_streak() {
        let certain = |at| step(at, 0.999, 0.001);
        let mut steps: Vec<StepMetrics> = (0..120).map(certain).collect();
        steps[10] = step(10, 0.98, 0.001);
        let mut watch = Watch::default();
        let warnings: Vec<Warning> = steps.iter().flat_map(|step| watch.step(step)).collect();
        assert_eq!(warnings, [Warning::DiscriminatorDominates { step: 60 }]);
        // Resumed after 40 steps it reports the same.
        let mut watch = Watch::replay(&steps[..40], &[]);
        let warnings: Vec<Warning> = steps[40..].iter().flat_map(|step| watch.step(step)).collect();
        assert_eq!(warnings, [Warning::DiscriminatorDominates { step: 60 }]);
    }

    #[test]
    fn loss_that_explodes_is_reported_once_a_run() {
        let losing = |at: usize, loss_d: f32, loss_g: f32| StepMetrics {
            loss_d,
            loss_g,
            ..step(at, 0.5, 0.5)
        };
        let steps = [
            losing(0, 2.0, 99.0),
            losing(1, 6.0, 8.0e8),
            losing(2, 400.0, 1.0),
            losing(3, 1.0, 2.0),
            losing(4, 1.0, -300.0),
        ];
        let mut watch = Watch::default();
        let warnings: Vec<Warning> = steps.iter().flat_map(|step| watch.step(step)).collect();
        assert_eq!(warnings, [Warning::LossExploded { step: 1, loss: 8.0e8 }]);
        assert!(warnings[0].to_string().contains("a loss is 800000000"));
        assert!(Watch::replay(&steps[..2], &[]).step(&steps[2]).is_empty());
        assert_eq!(Watch::replay(&steps[..1], &[]).step(&steps[2]).len(), 1);
    }

    #[test]
    fn images_that_are_no_longer_diverse_have_collapsed() {
        let warned = |epochs: &[(usize, f32)]| -> Vec<bool> {
            let mut watch = Watch::default();
            let warnings = epochs
                .iter()
                .map(|(step, diversity)| watch.epoch(*step, *diversity));
            warnings.map(|warning| warning.is_some()).collect()
        };
        let epochs = [0.05, 0.6, 0.05, 0.2, 0.05, 0.05, 0.05, 0.9, 0.05, 0.05];
        let epochs: Vec<(usize, f32)> = epochs.into_iter().enumerate().collect();
        let expected = [false, false, false, false, false, true, false, false, false, true];
        assert_eq!(warned(&epochs), expected);
        // It was never diverse.
        assert_eq!(
            warned(&[(100, 0.0), (199, 0.0), (200, 0.0), (300, 0.0)]),
            [false, false, true, false]
        );
        let after = |done: usize| Watch::replay(&[], &epochs[..done]).epoch(done, 0.05).is_some();
        assert!(after(5), "the second in a row");
        assert!(!after(6), "it was reported");
        assert!(!after(1), "it had hardly begun");
    }

    #[test]
    fn diversity_is_a_fraction_of_that_of_real_images() {
        let levels = |levels: &[u8]| -> Vec<RgbImage> {
            let image = |level: &u8| RgbImage::from_pixel(3, 2, image::Rgb([*level; 3]));
            levels.iter().map(image).collect()
        };
        let real = levels(&[0, 200]);
        assert_eq!(diversity(&real, &real), 1.0);
        assert_eq!(diversity(&levels(&[90, 110]), &real), 0.1);
        assert_eq!(diversity(&levels(&[7, 7, 7]), &real), 0.0);
        assert_eq!(diversity(&real, &levels(&[5])), 0.0);
    }

    #[test]
    fn warnings_are_read_back_and_name_their_step() {
        let warning = Warning::ModeCollapse {
            step: 34,
            diversity: 0.05,
        };
        let text = serde_json::to_string(&warning).unwrap();
        assert_eq!(text, r#"{"warning":"mode-collapse","step":34,"diversity":0.05}"#);
        assert_eq!(serde_json::from_str::<Warning>(&text).unwrap(), warning);
        assert!(
            warning.to_string().starts_with(
                "step 34: mode collapse: all generated images are alike (their diversity is 5% "
            )
        );
    }
}
