//! The relativistic pairing loss.

use burn::tensor::{Tensor, activation::log_sigmoid};

/// Mean of `softplus(-(above - below))` over pairs of logits: small where the first of each pair is
/// above the second (A. Jolicoeur-Martineau, The relativistic discriminator: a key element missing
/// from standard GAN, 2018, section 4; `Trainer.py` of brownvc/R3GAN).
///
/// The discriminator's loss has the logits of real images first, the generator's those of generated
/// images. `softplus(-x)` is `-ln sigmoid(x)`, computed without overflow; ln 2 where both are
/// equal.
///
/// # Shapes
/// - `above`, `below`: `[batch]`, any value
/// - returns: `[1]`, at least 0
pub(crate) fn relativistic(above: Tensor<1>, below: Tensor<1>) -> Tensor<1> {
    log_sigmoid(above - below).mean().neg()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{device, on_each_device};

    #[test]
    fn loss_and_gradients_are_those_of_hand_computed_pairs() {
        on_each_device(|| {
            let device = device().autodiff();
            let above = Tensor::<1>::from_floats([1.0, 2.0, -3.0, 90.0], &device).require_grad();
            let below = Tensor::<1>::from_floats([1.0, 0.0, 1.0, -90.0], &device).require_grad();
            let loss = relativistic(above.clone(), below.clone());
            // Differences 0, 2, -4 and 180; softplus of minus them: 0.693147, 0.126928, 4.018150, 0
            let found = loss.clone().into_scalar::<f32>();
            assert!((found - 4.838_225 / 4.0).abs() < 1e-6, "{found}");
            let grads = loss.backward();
            // Minus sigmoid of minus the difference, by the number of pairs.
            let expected = [0.5, 0.119_202_92, 0.982_013_8, 0.0].map(|x: f32| x / 4.0);
            for (logits, sign) in [(above, -1.0), (below, 1.0)] {
                let found = logits.grad(&grads).unwrap().into_data();
                for (found, expected) in found.iter::<f32>().zip(expected) {
                    assert!((found - sign * expected).abs() < 1e-7, "{found} of {expected}");
                }
            }
        });
    }

    #[test]
    fn pairs_far_apart_have_a_finite_loss_of_their_distance() {
        on_each_device(|| {
            let [high, low] = [1e4, -1e4].map(|x| Tensor::<1>::from_floats([x, x], &device()));
            assert_eq!(relativistic(high.clone(), low.clone()).into_scalar::<f32>(), 0.0);
            assert_eq!(relativistic(low, high).into_scalar::<f32>(), 2e4);
        });
    }
}
