//! What goes wrong in a training, in words.

use std::fmt;

use image::RgbImage;
use serde::{Deserialize, Serialize};

use crate::train::metrics::StepLog;

/// Steps in a row after which the discriminator has won: the tutorial's log line once.
const STREAK: usize = 50;
/// The discriminator is sure of real pictures above this, of drawn ones below 1 less this.
const SURE: f32 = 0.99;
/// A loss that is larger has exploded: PyTorch's `BCELoss` is never more than 100 for a picture (it cuts the logarithm off),
/// and the tutorial's settings stayed below 31 on real photos.
const EXPLODED: f32 = 100.0;
/// Drawn pictures that vary less than this part of what real ones do, for two epochs, are all alike, if they have varied
/// before. In a training on 2,087 real photos they varied by 0.07 of it after 17 steps, 0.19 after 51, and by 0.3 to 0.8
/// from 68 steps on; in one on 330 drawn garments by 0.13 after 42 steps, 0.12 for an epoch after 294, 0.3 to 0.6 later.
const ALIKE: f32 = 0.1;
/// Pictures that vary more than this have begun to.
const VARIED: f32 = 0.3;
/// Steps after which they should vary, whatever came before.
const BEGUN: usize = 200;

/// Something that a user should know; a line of `warnings.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "warning", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Warning {
    /// The discriminator has told all pictures apart for many steps.
    DiscriminatorWins {
        /// The step, from 0.
        step: usize,
    },
    /// A loss has become far larger than a training that learns has.
    LossExploded {
        /// The step, from 0.
        step: usize,
        /// The larger of both losses.
        loss: f32,
    },
    /// All drawn pictures are alike.
    Collapse {
        /// The step, from 0.
        step: usize,
        /// How much they vary, as a part of what real pictures do.
        variety: f32,
    },
}

impl Warning {
    /// The step that it is about, from 0.
    #[must_use]
    pub fn step(&self) -> usize {
        match self {
            Self::DiscriminatorWins { step }
            | Self::LossExploded { step, .. }
            | Self::Collapse { step, .. } => *step,
        }
    }
}

/// On one line, for people.
impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DiscriminatorWins { step } => write!(
                f,
                "step {step}: the discriminator has told all pictures apart for {STREAK} steps, so the generator learns \
                 little; augmentation, label smoothing or a lower rate of the discriminator may help"
            ),
            Self::LossExploded { step, loss } => write!(
                f,
                "step {step}: a loss is {loss:.0}, where one beyond {EXPLODED} is not to be expected: the training has come apart; \
                 begin anew, or at an earlier checkpoint, with a lower rate"
            ),
            Self::Collapse { step, variety } => write!(
                f,
                "step {step}: all drawn pictures are alike (they vary by {:.0}% of what real ones do); a lower rate, \
                 augmentation or the slope penalty may help, or an earlier checkpoint",
                variety * 100.0
            ),
        }
    }
}

/// Looks out for what goes wrong. Its state is what [`replay`](Self::replay) finds in the logs again.
#[derive(Clone, Debug, Default)]
pub(crate) struct Watch {
    streak: usize,
    has_exploded: bool,
    has_varied: bool,
    /// Epochs in a row whose pictures were alike.
    alike: usize,
    has_collapsed: bool,
}

impl Watch {
    /// The watch after these steps of an earlier sitting, and epochs: their last step and how much pictures varied.
    pub(crate) fn replay(steps: &[StepLog], epochs: &[(usize, f32)]) -> Self {
        let mut watch = Self::default();
        for step in steps {
            let _ = watch.step(step);
        }
        for (step, variety) in epochs {
            let _ = watch.epoch(*step, *variety);
        }
        watch
    }

    /// After a step. That a loss has exploded is said once.
    pub(crate) fn step(&mut self, step: &StepLog) -> Vec<Warning> {
        let mut warnings = Vec::new();
        let loss = step.loss_d.abs().max(step.loss_g.abs());
        if loss > EXPLODED && !self.has_exploded {
            self.has_exploded = true;
            warnings.push(Warning::LossExploded {
                step: step.step,
                loss,
            });
        }
        let is_sure = step.d_x > SURE && step.d_g_z1 < 1.0 - SURE;
        self.streak = if is_sure { self.streak + 1 } else { 0 };
        if self.streak == STREAK {
            warnings.push(Warning::DiscriminatorWins { step: step.step });
        }
        warnings
    }

    /// After an epoch, once until pictures vary again. Those of a generator that has hardly begun are alike too: they must
    /// have varied before, or have had the time to.
    pub(crate) fn epoch(&mut self, step: usize, variety: f32) -> Option<Warning> {
        self.has_varied |= variety > VARIED;
        self.alike = if variety < ALIKE { self.alike + 1 } else { 0 };
        let is_collapse = self.alike >= 2 && (self.has_varied || step >= BEGUN);
        let is_news = is_collapse && !self.has_collapsed;
        self.has_collapsed = is_collapse;
        is_news.then_some(Warning::Collapse { step, variety })
    }
}

/// How much `drawn` pictures vary as a part of what `real` ones do: root mean square distances of pixels from the mean
/// picture. Pictures of one set are of one size; 0 if there are fewer than two real ones.
pub(crate) fn variety(drawn: &[RgbImage], real: &[RgbImage]) -> f32 {
    let real = deviation(real);
    if real > 0.0 {
        (deviation(drawn) / real) as f32
    } else {
        0.0
    }
}

fn deviation(pictures: &[RgbImage]) -> f64 {
    let Some(first) = pictures.first() else {
        return 0.0;
    };
    let count = pictures.len() as f64;
    let squares = (0..first.as_raw().len()).map(|place| {
        let values = || pictures.iter().map(|picture| f64::from(picture.as_raw()[place]));
        let mean = values().sum::<f64>() / count;
        values().map(|value| (value - mean).powi(2)).sum::<f64>() / count
    });
    (squares.sum::<f64>() / first.as_raw().len().max(1) as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(step: usize, d_x: f32, d_g_z1: f32) -> StepLog {
        let text = format!(
            r#"{{"epoch":0,"batch":0,"batches":9,"step":{step},"loss_d":0.0,"loss_g":9.0,"d_x":{d_x},"d_g_z1":{d_g_z1},"d_g_z2":0.0}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    #[test]
    fn discriminator_that_is_sure_for_fifty_steps_has_won_once_a_streak() {
        let sure = |at| step(at, 0.999, 0.001);
        let mut steps: Vec<StepLog> = (0..120).map(sure).collect();
        steps[10] = step(10, 0.98, 0.001);
        let mut watch = Watch::default();
        let warnings: Vec<Warning> = steps.iter().flat_map(|step| watch.step(step)).collect();
        assert_eq!(warnings, [Warning::DiscriminatorWins { step: 60 }]);
        // Resumed after 40 steps it says the same.
        let mut watch = Watch::replay(&steps[..40], &[]);
        let warnings: Vec<Warning> = steps[40..].iter().flat_map(|step| watch.step(step)).collect();
        assert_eq!(warnings, [Warning::DiscriminatorWins { step: 60 }]);
    }

    #[test]
    fn loss_that_explodes_is_said_once_a_run() {
        let losing = |at: usize, loss_d: f32, loss_g: f32| StepLog {
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
    fn pictures_that_vary_no_more_have_collapsed() {
        let warned = |epochs: &[(usize, f32)]| -> Vec<bool> {
            let mut watch = Watch::default();
            let warnings = epochs.iter().map(|(step, variety)| watch.epoch(*step, *variety));
            warnings.map(|warning| warning.is_some()).collect()
        };
        let epochs = [0.05, 0.6, 0.05, 0.2, 0.05, 0.05, 0.05, 0.9, 0.05, 0.05];
        let epochs: Vec<(usize, f32)> = epochs.into_iter().enumerate().collect();
        let expected = [false, false, false, false, false, true, false, false, false, true];
        assert_eq!(warned(&epochs), expected);
        // It never began.
        assert_eq!(
            warned(&[(100, 0.0), (199, 0.0), (200, 0.0), (300, 0.0)]),
            [false, false, true, false]
        );
        let after = |done: usize| Watch::replay(&[], &epochs[..done]).epoch(done, 0.05).is_some();
        assert!(after(5), "the second in a row");
        assert!(!after(6), "it was said");
        assert!(!after(1), "it had hardly begun");
    }

    #[test]
    fn variety_is_measured_by_that_of_real_pictures() {
        let levels = |levels: &[u8]| -> Vec<RgbImage> {
            let picture = |level: &u8| RgbImage::from_pixel(3, 2, image::Rgb([*level; 3]));
            levels.iter().map(picture).collect()
        };
        let real = levels(&[0, 200]);
        assert_eq!(variety(&real, &real), 1.0);
        assert_eq!(variety(&levels(&[90, 110]), &real), 0.1);
        assert_eq!(variety(&levels(&[7, 7, 7]), &real), 0.0);
        assert_eq!(variety(&real, &levels(&[5])), 0.0);
    }

    #[test]
    fn warnings_are_read_back_and_name_their_step() {
        let warning = Warning::Collapse {
            step: 34,
            variety: 0.05,
        };
        let text = serde_json::to_string(&warning).unwrap();
        assert_eq!(text, r#"{"warning":"collapse","step":34,"variety":0.05}"#);
        assert_eq!(serde_json::from_str::<Warning>(&text).unwrap(), warning);
        assert!(
            warning
                .to_string()
                .starts_with("step 34: all drawn pictures are alike (they vary by 5% ")
        );
    }
}
