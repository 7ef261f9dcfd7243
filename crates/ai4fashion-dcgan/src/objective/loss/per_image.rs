//! Losses of each image by itself.

use burn::tensor::{
    Tensor,
    activation::{log_sigmoid, relu},
};

use crate::objective::label::Label;

/// A loss of each image by itself: real and generated images can be in passes of their own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PerImage {
    BinaryCrossEntropy,
    Hinge,
}

impl PerImage {
    /// Loss of the discriminator on real images.
    ///
    /// `smoothing`, in `[0, 1)`, is how far the label of a real image lies below 1 (one-sided label
    /// smoothing: T. Salimans et al., Improved Techniques for Training GANs, 2016, section 3.4).
    /// The hinge loss has no labels and ignores it.
    ///
    /// # Shapes
    /// - `logits`: `[batch]`, any value
    /// - returns: `[1]`, at least 0
    pub(crate) fn of_real(self, logits: Tensor<1>, smoothing: f64) -> Tensor<1> {
        match self {
            Self::BinaryCrossEntropy if smoothing == 0.0 => binary_cross_entropy(logits, Label::Real),
            // With a label of 1 - s: -(1 - s) ln D - s ln(1 - D) = -ln D + s x, as ln(1 - D) = ln D
            // - x.
            Self::BinaryCrossEntropy => {
                binary_cross_entropy(logits.clone(), Label::Real) + logits.mean().mul_scalar(smoothing)
            }
            Self::Hinge => relu(logits.neg().add_scalar(1.0)).mean(),
        }
    }

    /// Loss of the discriminator on generated images, whose labels are not smoothed.
    ///
    /// # Shapes
    /// - `logits`: `[batch]`, any value
    /// - returns: `[1]`, at least 0
    pub(crate) fn of_fake(self, logits: Tensor<1>) -> Tensor<1> {
        match self {
            Self::BinaryCrossEntropy => binary_cross_entropy(logits, Label::Fake),
            Self::Hinge => relu(logits.add_scalar(1.0)).mean(),
        }
    }

    /// Loss of the generator, on the discriminator's logits of its images.
    ///
    /// # Shapes
    /// - `logits`: `[batch]`, any value
    /// - returns: `[1]`; the hinge loss may be below 0
    pub(crate) fn of_generator(self, logits: Tensor<1>) -> Tensor<1> {
        match self {
            Self::BinaryCrossEntropy => binary_cross_entropy(logits, Label::Real),
            Self::Hinge => logits.mean().neg(),
        }
    }
}

/// Mean of `-ln(D)` for label real and of `-ln(1 - D)` for label fake, where `D` is the sigmoid of
/// the logit: the tutorial's `BCELoss` behind a sigmoid, computed without overflow.
///
/// # Shapes
/// - `logits`: `[batch]`, any value
/// - returns: `[1]`, at least 0
pub(crate) fn binary_cross_entropy(logits: Tensor<1>, label: Label) -> Tensor<1> {
    let towards_label = match label {
        Label::Real => logits,
        Label::Fake => logits.neg(),
    };
    log_sigmoid(towards_label).mean().neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, on_each_device};

    #[test]
    fn loss_is_that_of_hand_computed_logits() {
        on_each_device(|| {
            let value = |label| {
                let logits = Tensor::<1>::from_floats([0.0, 2.0, -3.0, 40.0], &device());
                binary_cross_entropy(logits, label).into_scalar::<f32>()
            };
            // -ln sigmoid(x): 0.693147, 0.126928, 3.048587, 0.0; of -x: 0.693147, 2.126928,
            // 0.048587, 40.0
            assert!(
                (value(Label::Real) - 0.967_166).abs() < 1e-5,
                "{}",
                value(Label::Real)
            );
            assert!(
                (value(Label::Fake) - 10.717_166).abs() < 1e-5,
                "{}",
                value(Label::Fake)
            );
        });
    }

    #[test]
    fn gradient_is_sigmoid_minus_label() {
        on_each_device(|| {
            let device = device().autodiff();
            for (label, target) in [(Label::Real, 1.0), (Label::Fake, 0.0)] {
                let logits = Tensor::<1>::from_floats([0.0, 2.0, -3.0, 80.0, -80.0], &device).require_grad();
                let grads = binary_cross_entropy(logits.clone(), label).backward();
                let found = logits
                    .grad(&grads)
                    .unwrap()
                    .into_data()
                    .try_to_vec::<f32>()
                    .unwrap();
                for (found, x) in found.into_iter().zip([0.0_f32, 2.0, -3.0, 80.0, -80.0]) {
                    let expected = (1.0 / (1.0 + (-x).exp()) - target) / 5.0;
                    assert!(
                        (found - expected).abs() < 1e-6,
                        "{found} against {expected} at {x}"
                    );
                }
            }
        });
    }

    const LOGITS: [f32; 5] = [0.0, 2.0, -3.0, 80.0, -80.0];

    /// Value and gradient of a loss of `LOGITS`.
    fn differentiated(loss: impl Fn(Tensor<1>) -> Tensor<1>) -> (f32, Vec<f32>) {
        let logits = Tensor::<1>::from_floats(LOGITS, &device().autodiff()).require_grad();
        let value = loss(logits.clone());
        let gradient = logits.grad(&value.backward()).unwrap().into_data();
        (value.into_scalar::<f32>(), gradient.try_to_vec::<f32>().unwrap())
    }

    fn assert_close(found: &(f32, Vec<f32>), value: f32, gradient: [f32; 5]) {
        assert!((found.0 - value).abs() < 1e-5, "{} against {value}", found.0);
        for (found, expected) in found.1.iter().zip(gradient) {
            assert!((found - expected).abs() < 1e-6, "{found} against {expected}");
        }
    }

    #[test]
    fn tutorial_loss_without_smoothing_is_bit_for_bit_the_plain_one() {
        on_each_device(|| {
            let loss = PerImage::BinaryCrossEntropy;
            let plain = |label| differentiated(|logits| binary_cross_entropy(logits, label));
            assert_eq!(differentiated(|x| loss.of_real(x, 0.0)), plain(Label::Real));
            assert_eq!(differentiated(|x| loss.of_fake(x)), plain(Label::Fake));
            assert_eq!(differentiated(|x| loss.of_generator(x)), plain(Label::Real));
        });
    }

    #[test]
    fn smoothed_label_moves_the_gradient_of_real_images_only() {
        on_each_device(|| {
            let found = differentiated(|x| PerImage::BinaryCrossEntropy.of_real(x, 0.1));
            // -0.9 ln D - 0.1 ln(1 - D): 0.693147, 0.326928, 2.748587, 8.0, 72.0
            let value = (std::f32::consts::LN_2 + 0.326_928 + 2.748_587 + 8.0 + 72.0) / 5.0;
            // (D - 0.9) / 5
            assert_close(&found, value, [-0.08, -0.003_840_6, -0.170_514_8, 0.02, -0.18]);
        });
    }

    #[test]
    fn hinge_loss_is_that_of_hand_computed_logits() {
        on_each_device(|| {
            let loss = PerImage::Hinge;
            let real = differentiated(|x| loss.of_real(x, 0.0));
            assert_close(
                &real,
                (1.0 + 0.0 + 4.0 + 0.0 + 81.0) / 5.0,
                [-0.2, 0.0, -0.2, 0.0, -0.2],
            );
            let fake = differentiated(|x| loss.of_fake(x));
            assert_close(
                &fake,
                (1.0 + 3.0 + 0.0 + 81.0 + 0.0) / 5.0,
                [0.2, 0.2, 0.0, 0.2, 0.0],
            );
            let generator = differentiated(|x| loss.of_generator(x));
            assert_close(&generator, 0.2, [-0.2; 5]);
        });
    }
}
