//! The `LeCam` regularization of the discriminator.

use burn::tensor::{Tensor, activation::relu};
use serde::{Deserialize, Serialize};

use crate::objective::label::Label;

/// How much of an average one step keeps (H.-Y. Tseng et al. 2021, and their program for
/// `StyleGAN2`).
const DECAY: f32 = 0.99;

/// The moving averages of the discriminator's logits, by which the `LeCam` regularization works.
///
/// Of both labels they are the means over a batch, averaged over the steps with a decay of 0.99;
/// the first batch's means are the first averages.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct LogitAverages {
    /// The average of the real images' logits.
    pub real: f32,
    /// The average of the generated images' logits.
    pub fake: f32,
}

impl LogitAverages {
    /// The averages after a batch with these mean logits; `before` is `None` for the first one.
    pub(crate) fn after(before: Option<Self>, [real, fake]: [f32; 2]) -> Self {
        let moved = |before: f32, now: f32| DECAY * before + (1.0 - DECAY) * now;
        match before {
            Some(before) => Self {
                real: moved(before.real, real),
                fake: moved(before.fake, fake),
            },
            None => Self { real, fake },
        }
    }

    /// Whether both are finite.
    pub(crate) fn is_finite(self) -> bool {
        self.real.is_finite() && self.fake.is_finite()
    }
}

/// The `LeCam` regularization of the logits of one label: how far they are from the average of the
/// other label, squared, on average (H.-Y. Tseng et al., Regularizing Generative Adversarial
/// Networks under Limited Data, 2021, section 3).
///
/// As in the authors' program (`lecam_reg` of google/lecam-gan) only real images above the average
/// of generated ones count, and only generated images below that of real ones.
///
/// # Shapes
/// - `logits`: `[batch]`, any value
/// - returns: `[1]`, at least 0
pub(crate) fn lecam(label: Label, logits: Tensor<1>, averages: LogitAverages) -> Tensor<1> {
    let apart = match label {
        Label::Real => logits.sub_scalar(averages.fake),
        Label::Fake => logits.neg().add_scalar(averages.real),
    };
    relu(apart).square().mean()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, on_each_device};

    #[test]
    fn first_averages_are_the_first_means_and_later_ones_move_by_a_hundredth() {
        let first = LogitAverages::after(None, [3.0, -1.0]);
        assert_eq!((first.real, first.fake), (3.0, -1.0));
        let second = LogitAverages::after(Some(first), [5.0, 9.0]);
        assert!((second.real - 3.02).abs() < 1e-6 && (second.fake + 0.9).abs() < 1e-6);
        assert!(second.is_finite());
        assert!(!LogitAverages::after(Some(first), [0.0, f32::NAN]).is_finite());
    }

    #[test]
    fn value_and_gradient_are_those_of_hand_computed_logits() {
        let averages = LogitAverages {
            real: 1.0,
            fake: -0.5,
        };
        let logits = [2.0, -1.0, 0.5];
        on_each_device(|| {
            for (label, value, gradient) in [
                // 2.5, below the average of generated images, 1.0
                (Label::Real, (6.25 + 1.0) / 3.0, [5.0 / 3.0, 0.0, 2.0 / 3.0]),
                // Above the average of real images, 2.0, 0.5
                (Label::Fake, (4.0 + 0.25) / 3.0, [0.0, -4.0 / 3.0, -1.0 / 3.0]),
            ] {
                let logits = Tensor::<1>::from_floats(logits, &device().autodiff()).require_grad();
                let found = lecam(label, logits.clone(), averages);
                let grads = found.backward();
                let found = found.into_scalar::<f32>();
                assert!((found - value).abs() < 1e-6, "{label:?}: {found} against {value}");
                let found = logits.grad(&grads).unwrap().into_data();
                for (found, expected) in found.iter::<f32>().zip(gradient) {
                    assert!(
                        (found - expected).abs() < 1e-6,
                        "{label:?}: {found} of {expected}"
                    );
                }
            }
        });
    }
}
