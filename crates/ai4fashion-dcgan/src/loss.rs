//! Binary cross-entropy on logits.

use burn::tensor::{Tensor, activation::log_sigmoid};

/// The label of a picture, as the discriminator is asked to see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Label {
    Real,
    Fake,
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
    use crate::layers::tests::{device, on_each_device};

    #[test]
    fn loss_is_that_of_hand_computed_logits() {
        on_each_device(|| {
            let value = |label| {
                let logits = Tensor::<1>::from_floats([0.0, 2.0, -3.0, 40.0], &device());
                binary_cross_entropy(logits, label).into_scalar::<f32>()
            };
            // -ln sigmoid(x): 0.693147, 0.126928, 3.048587, 0.0; of -x: 0.693147, 2.126928, 0.048587, 40.0
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
}
